"""Approve a request whose every output two checkers have approved; the system releases it."""

from dataclasses import dataclass

from tre.decision import OvertakenError, UnusableRequestError
from tre.safe_outputs.release_request import ReleaseRequest, State
from tre.safe_outputs.states import Event
from tre.safe_outputs.votes import outputs
from tre.safe_projects.project import Project
from tre.steps.acting import acting, known_request
from tre.steps.advance import advance, refuse_old_page
from tre.steps.check_again import check_again, left_since
from tre.steps.in_question import request_in_question
from tre.steps.output_files import types_again
from tre.steps.release import release
from tre.steps.tre import Tre
from tre.steps.up_to_date import refuse_outdated
from tre.store.files import FrozenFileError, thaw
from tre.store.requests import read_request
from tre.vocabulary import Action, PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class _LeftSince:
    """What keeps a request from being approved just now: others that left since its check."""

    asked: tuple[ReleaseRequest, Project]
    others: tuple[RequestId, ...]

    @property
    def message(self) -> str:
        request, _ = self.asked
        named = ", ".join(map(str, self.others[:5]))
        which = f"request {named} has" if len(self.others) == 1 else f"requests {named} have"
        return (
            f"{which} left since the outputs of request {request.id} were checked. They are "
            "checked beside it now, and there is something new: look at the findings again, and "
            "then approve or change your vote"
        )


def approve_request(
    tre: Tre, actor: PersonId, request: RequestId, *, seen_turn: int | None = None
) -> State:
    """Approve, and release at once: the state that the request is in then.

    Released, or failed where the system's own check or the writing of the bundle did not go well:
    the approval stands, the request says why, and the release is tried again with
    `retry_release`. Raises RefusedError also for an output whose bytes are not of a type that a
    person can read, whatever the votes; UnusableRequestError where people object since the
    extract was made, and where a frozen output is lost or damaged; OvertakenError where somebody
    else decided first, and where something has left since the outputs were checked and says
    something new about them beside it.
    """
    damaged = _damaged(tre, request)
    while since := _approve(tre, actor, request, seen_turn, damaged):
        if check_again(tre, actor, *since.asked, action=Action.APPROVE_REQUEST):
            raise OvertakenError(since.message)
    try:
        return release(tre, request)
    except OvertakenError:  # another process has released it in between: that is as well
        with tre.store.reading() as connection:
            return known_request(connection, request).state


def _damaged(tre: Tre, request: RequestId) -> str:
    """Say which frozen outputs are lost or changed on disk; "" where all are as submitted.

    Read outside the transaction, since it takes a while and the store has one writer; who may not
    approve is refused before it is told.
    """
    with tre.store.reading() as connection:
        found = read_request(connection, request)
    problems = []
    for file in outputs(found) if found else ():
        try:
            thaw(tre.folders.frozen(request), file.sha256)
        except FrozenFileError as problem:
            problems.append(f"“{file.name}”: {problem}")
    if not problems:
        return ""
    return (
        f"{'; '.join(problems)}. Nothing was approved: bring the copy back from a backup, or "
        "return the request so that the file is put in again"
    )


def _approve(
    tre: Tre, actor: PersonId, request: RequestId, seen_turn: int | None, damaged: str
) -> _LeftSince | None:
    """Approve in one transaction, unless there is something to compare with first."""
    with acting(tre, actor, Action.APPROVE_REQUEST, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject, types_again(act, found))
        refuse_outdated(tre, project)
        refuse_old_page(found, seen_turn)
        if damaged and found.state is State.REVIEWED:
            raise UnusableRequestError(damaged)
        if others := left_since(act, found):
            return _LeftSince(asked=(found, project), others=others)
        advance(act, found, Event.APPROVE)
    return None
