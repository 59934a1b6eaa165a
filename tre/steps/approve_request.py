"""Approve a request whose every output two checkers have approved; the system releases it."""

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import Event
from tre.steps.acting import acting, known_request
from tre.steps.advance import advance, refuse_old_page
from tre.steps.in_question import request_in_question
from tre.steps.output_files import types_again
from tre.steps.release import release
from tre.steps.tre import Tre
from tre.steps.up_to_date import refuse_outdated
from tre.vocabulary import Action, PersonId, RequestId


def approve_request(
    tre: Tre, actor: PersonId, request: RequestId, *, seen_turn: int | None = None
) -> State:
    """Approve, and release at once: the state that the request is in then.

    Released, or failed where the system's own check or the writing of the bundle did not go well:
    the approval stands, the request says why, and the release is tried again with
    `retry_release`. Raises RefusedError also for an output whose bytes are not of a type that a
    person can read, whatever the votes; UnusableRequestError where people object since the
    extract was made; OvertakenError where somebody else decided first.
    """
    with acting(tre, actor, Action.APPROVE_REQUEST, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject, types_again(act, found))
        refuse_outdated(tre, project)
        refuse_old_page(found, seen_turn)
        advance(act, found, Event.APPROVE)
    try:
        return release(tre, request)
    except OvertakenError:  # another process has released it in between: that is as well
        with tre.store.reading() as connection:
            return known_request(connection, request).state
