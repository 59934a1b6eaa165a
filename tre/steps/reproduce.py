"""What waits to be run again, and what came of it: the only word the store has about it.

The running itself is the hub's: it seals. Here the frozen bytes are handed out and the outcome is
written down, in one transaction, if the request is still what it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tre.decision import OvertakenError, UnusableRequestError
from tre.safe_outputs.release_request import ReleaseRequest, RequestFile
from tre.safe_outputs.reproduction import RunAgain, code_to_run, to_run_again, with_outcome
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS
from tre.safe_settings.session_spec import SessionSpec
from tre.steps.acting import acting, known_project, known_request
from tre.steps.extracts import extract_of, policy_of
from tre.steps.in_question import request_in_question
from tre.steps.offered_packages import offered_packages
from tre.steps.start_session import limits_of
from tre.steps.tre import SYSTEM, Tre
from tre.store.files import thaw
from tre.store.request_writing import set_check
from tre.store.requests import checks_of, read_requests
from tre.store.tables import requests
from tre.vocabulary import Action, PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRun:
    """A request as it was when its code was taken to be run again, and the outputs that wait."""

    request: ReleaseRequest
    outputs: tuple[RequestFile, ...]


def waiting_to_run(tre: Tre) -> tuple[RequestId, ...]:
    """List the requests with an output whose code waits to be run again, the oldest first."""
    with tre.store.reading() as connection:
        states = [str(state) for state in IN_THE_REVIEWERS_HANDS]
        found = read_requests(connection, requests.c.state.in_(states))
        checks = checks_of(connection, [request.id for request in found])
    return tuple(sorted(one.id for one in found if to_run_again(one, checks)))


def take_to_run(tre: Tre, request: RequestId, *, also_tried: bool = False) -> ToRun | None:
    """Say what of a request is to be run again; None where nothing waits.

    also_tried: once more where it was tried in this turn. Raises NotThereError for no such request.
    """
    with tre.store.reading() as connection:
        found = known_request(connection, request)
        checks = checks_of(connection, [request])
    waiting = to_run_again(found, checks, also_tried=also_tried)
    return ToRun(request=found, outputs=waiting) if waiting else None


def frozen_file(tre: Tre, taken: ToRun, file: RequestFile) -> bytes:
    """Read a file as it was submitted; raises FrozenFileError where it is not that any more."""
    return thaw(tre.folders.frozen(taken.request.id), file.sha256)


def spec_to_run(tre: Tre, taken: ToRun, workspace: Path) -> SessionSpec:
    """Describe what the run sees: the project's extract, as its author would, and a workspace.

    workspace: a fresh folder. There is no outbox and there are no replies: whoever runs it puts
    others in their place. Raises UnusableRequestError where the project has no extract any more.
    """
    with tre.store.reading() as connection:
        project = known_project(connection, taken.request.project)
        packages = offered_packages(tre, connection)
    extract = extract_of(tre, project.id)
    if extract is None:
        message = f"the project {project.id} has no extract any more"
        raise UnusableRequestError(message)
    return SessionSpec(
        person=taken.request.author,
        project=project.id,
        title=project.title,
        practice=project.practice,
        policy=policy_of(tre, project),
        extract=extract,
        workspace=workspace,
        outbox=workspace,
        replies=workspace,
        packages=packages,
        limits=limits_of(tre.config),
    )


def record_run(
    tre: Tre, taken: ToRun, outcomes: Mapping[int, RunAgain], *, actor: PersonId = SYSTEM
) -> None:
    """Write down what came of running a request's code again; votes stay as they are.

    outcomes: by the output's number. Raises OvertakenError, and changes nothing, where the request
    is not with the reviewers any more, is in another turn, or a file that was run or compared is
    not in it any more.
    """
    with acting(tre, actor, Action.REPRODUCE_OUTPUT, request=taken.request.id) as act:
        found, _, subject = request_in_question(act, taken.request.id)
        act.require(subject)
        checks = checks_of(act.connection, [found.id])
        _refuse_another(taken, found, to_run_again(found, checks, also_tried=True))
        for number, outcome in outcomes.items():
            set_check(
                act.connection, number, with_outcome(checks[number], outcome, found.turn), act.at
            )
        act.record(_details(taken, outcomes))


def _refuse_another(taken: ToRun, now: ReleaseRequest, open_now: tuple[RequestFile, ...]) -> None:
    same = now.turn == taken.request.turn and code_to_run(now) == code_to_run(taken.request)
    if not same or not set(taken.outputs) <= set(open_now):
        message = f"request {now.id} was changed while its code was run again"
        raise OvertakenError(message)


def _details(taken: ToRun, outcomes: Mapping[int, RunAgain]) -> dict[str, object]:
    """What goes to the ledger: no word of what the code said, which may speak of people."""
    return {
        "turn": taken.request.turn,
        "code": [file.sha256 for file in code_to_run(taken.request)],
        "files": [
            {"file": file.id, "sha256": file.sha256, "outcome": str(outcomes[file.id].outcome)}
            for file in taken.outputs
            if file.id in outcomes
        ],
    }
