"""Hand a request to the checkers, with what the automatic checks say about its outputs."""

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import ReleaseRequest, RequestFile
from tre.safe_outputs.states import Event
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.advance import advance
from tre.steps.checking import Checked, check_files
from tre.steps.file_adding import NewFile, live_files, turn_of_changes
from tre.steps.in_question import request_in_question
from tre.steps.telling_checkers import tell_of_submission
from tre.steps.tre import Tre
from tre.steps.up_to_date import refuse_outdated
from tre.store.files import thaw
from tre.store.request_turns import keep_turn
from tre.store.request_writing import set_check
from tre.vocabulary import Action, PersonId, RequestId


def submit_request(tre: Tre, actor: PersonId, request: RequestId) -> None:
    """Submit a request, or submit it again in its next turn.

    Raises RefusedError with everything that is missing; UnusableRequestError where people object
    since the project's extract was made; OvertakenError where the request was
    changed while its files were checked.
    """
    with acting(tre, actor, Action.SUBMIT_REQUEST, request=request) as act:
        before, project = _decided(act, request)
    refuse_outdated(tre, project)
    files = [thawed(tre, request, file) for file in live_files(before)]
    checked = check_files(tre, project, files, request=request)
    with acting(tre, actor, Action.SUBMIT_REQUEST, request=request) as act:
        now, _ = _decided(act, request)
        if now != before:
            message = f"request {request} was changed while it was checked; submit it again"
            raise OvertakenError(message)
        hand_over(act, now, checked)


def hand_over(act: Act, request: ReleaseRequest, checked: Checked) -> None:
    """Keep the outcome of the checks, and move the request on to its reviewers, who are told."""
    for file in live_files(request):
        if file.name in checked.checks:
            set_check(act.connection, file.id, checked.stored(file.name), act.at)
    keep_turn(act.connection, request, turn_of_changes(request))
    verdicts = sorted(check.verdict for check in checked.checks.values())
    turn = turn_of_changes(request)
    advance(
        act,
        request,
        Event.SUBMIT,
        details={"verdicts": verdicts, "policy": checked.policy},
        turn=turn,
        submitted_at=act.at,
        policy=checked.policy,
    )
    tell_of_submission(act, request, turn)


def _decided(act: Act, request: RequestId) -> tuple[ReleaseRequest, Project]:
    found, project, subject = request_in_question(act, request)
    act.require(subject)
    return found, project


def thawed(tre: Tre, request: RequestId, file: RequestFile) -> NewFile:
    """Give a frozen file as it was put in; raises FrozenFileError where it is not that any more."""
    return NewFile(
        name=file.name,
        content=thaw(tre.folders.frozen(request), file.sha256),
        kind=file.kind,
        group=file.group,
        declaration=file.declaration,
        origin=file.origin,
    )
