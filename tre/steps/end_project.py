"""End a project: nobody enters it again, and nothing of its data is left but what was released."""

from dataclasses import replace

from tre.decision import OvertakenError, UnusableRequestError
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.states import FINAL, OWNERS, Event, Owner, transition
from tre.safe_projects import lifecycle
from tre.safe_projects.membership import members_on
from tre.safe_projects.project import ProjectState
from tre.steps.acting import Act, acting
from tre.steps.archive_project import Ending, finish_ending
from tre.steps.make_extract import pseudonym_key
from tre.steps.project_in_hand import in_hand, keep, move_on, tell
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.requests import move, requests_of
from tre.vocabulary import Action, PersonId, ProjectId, RequestId

WAYS_OUT = {
    Owner.AUTHOR: (Event.WITHDRAW,),
    Owner.REVIEWERS: (Event.RETURN, Event.WITHDRAW),
}
"""How an open request ends with its project: given back where a checker has it, and withdrawn."""


def end_project(tre: Tre, actor: PersonId, project: ProjectId, reason: str) -> Ending:
    """End a project today, for a reason that the ledger keeps.

    Its open requests are withdrawn; one that is approved and has not left stands still for good.
    The key of its pseudonyms is destroyed. Its sessions are stopped by the hub's next look (within
    a minute); then its workspace is archived and its extracts are destroyed, each with its hashes
    on the ledger. What was released stays, and stays listed.
    Raises RefusedError with every reason; UnusableRequestError without a reason, or where the
    project has ended before.
    """
    if not reason.strip():
        message = "say why the project ends: the ledger keeps the reason"
        raise UnusableRequestError(message)
    because = usable_text(reason, what="reason", longest=1_000)
    with acting(tre, actor, Action.END_PROJECT) as act:
        held = in_hand(act, project)
        if held.project.state is ProjectState.ENDED:
            message = f"{project} has ended already"
            raise OvertakenError(message)
        act.require(held.subject)
        today = act.at.date()
        members = members_on(held.project, today)
        withdrawn, frozen = _close_requests(act, project)
        details = {"reason": because, "withdrawn": withdrawn, "frozen": frozen}
        move_on(act, held, lifecycle.Event.END, details)
        keep(act, held, replace(held.project, ends=min(held.project.ends, today)))
        tell(act, held.project, members, f"{NOTICE} The reason: {because}")
    (tre.folders.keys / pseudonym_key(project)).unlink(missing_ok=True)
    return finish_ending(tre, project)


NOTICE = "A project of yours has ended. What it released stays; open requests were withdrawn."


def _close_requests(act: Act, project: ProjectId) -> tuple[list[RequestId], list[RequestId]]:
    """Withdraw what is open; the numbers of those, and of those that stand still for good."""
    withdrawn, frozen = [], []
    settled = FINAL | {state for state, owner in OWNERS.items() if owner is Owner.NOBODY}
    for request in requests_of(act.connection, project=project):
        if request.state in settled:
            continue
        if OWNERS[request.state] in WAYS_OUT:
            _withdraw(act, request)
            withdrawn.append(request.id)
        else:
            frozen.append(request.id)
    return sorted(withdrawn), sorted(frozen)


def _withdraw(act: Act, request: ReleaseRequest) -> None:
    act.request = request.id
    for event in WAYS_OUT[OWNERS[request.state]]:
        way = transition(request.state, event)
        move(act.connection, request, way.to)
        act.record({"turn": request.turn, "state": str(way.to)}, tag=way.tag)
        request = replace(request, state=way.to)
    act.request = None
