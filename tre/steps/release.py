"""The system releases what was approved, after checking all of it once more."""

from tre.decision import RefusedError, UnusableRequestError
from tre.five_safes import Subject
from tre.safe_outputs.bundle import write_bundle
from tre.safe_outputs.release_request import ReleaseRequest, State
from tre.safe_outputs.states import Event
from tre.safe_outputs.votes import outputs
from tre.steps.acting import Act, acting
from tre.steps.advance import advance
from tre.steps.disclosure_record import disclosure_record
from tre.steps.in_question import request_in_question
from tre.steps.output_files import types_again
from tre.steps.sign_in import decision_in_words
from tre.steps.telling_checkers import managers_apart, tell_of_request
from tre.steps.tre import SYSTEM, Tre
from tre.store.files import sha256_of, thaw
from tre.store.keys import signing_key
from tre.store.releases import Release, add_release
from tre.vocabulary import Action, RequestId


def release(tre: Tre, request: RequestId) -> State:
    """Write the signed bundle and open it to the project's members; the request's state then.

    The store has one writer, and it is this one while the bundle is written: nothing that was
    checked can change meanwhile. What goes wrong is kept with the request: it is failed, which is
    seen, and never silently stuck. Raises OvertakenError for a request that is not approved.
    """
    with acting(tre, SYSTEM, Action.RELEASE_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        try:
            act.require(subject, types_again(act, found))
            made = _write(act, found, subject)
        except (RefusedError, BundleProblemError) as problem:
            return _failed(act, found, problem)
        add_release(act.connection, request, made)
        details = {"bundle_sha256": made.sha256, "bytes": made.size_bytes}
        advance(act, found, Event.RELEASE, details=details, failure=None)
        return State.RELEASED


class BundleProblemError(Exception):
    """The bundle could not be made; the message says why."""


def _write(act: Act, request: ReleaseRequest, subject: Subject) -> Release:
    folders = act.tre.folders
    into = folders.releases(request.id)
    try:
        files = {
            file.name: thaw(folders.frozen(request.id), file.sha256) for file in outputs(request)
        }
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        record = disclosure_record(act, subject)
        bundle = write_bundle(request, files, record, signing_key(folders.keys), into)
        content = bundle.read_bytes()
    except UnusableRequestError as error:
        raise BundleProblemError(str(error)) from error
    except OSError as error:
        message = f"the release folder cannot be used: {error.strerror}"
        raise BundleProblemError(message) from error
    return Release(
        name=bundle.name,
        sha256=sha256_of(content),
        size_bytes=len(content),
        released_at=act.at,
        revoked_at=None,
        revoked_because=None,
    )


def _failed(act: Act, request: ReleaseRequest, problem: RefusedError | BundleProblemError) -> State:
    words = str(problem)
    rules = []
    if isinstance(problem, RefusedError):
        words = decision_in_words(problem.decision)
        rules = [reason.rule for reason in problem.decision.reasons]
    advance(act, request, Event.FAIL, details={"rules": rules}, failure=words)
    if request.state is not State.FAILED:
        tell_of_request(
            act,
            request,
            managers_apart(act, request),
            title=f"The release of request {request.id} is stuck",
            text="It was approved, and its bundle could not be written. The environment tries "
            "again every few minutes; the request's page says why.",
        )
    return State.FAILED
