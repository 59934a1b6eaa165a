"""A checker has answered on everything."""

from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import Event
from tre.safe_outputs.votes import reviewers_of_turn
from tre.steps.acting import acting
from tre.steps.advance import advance, refuse_old_page
from tre.steps.in_question import request_in_question
from tre.steps.telling_checkers import tell_of_request
from tre.steps.tre import Tre
from tre.store.request_writing import add_review
from tre.vocabulary import Action, PersonId, RequestId


def submit_review(
    tre: Tre, actor: PersonId, request: RequestId, *, seen_turn: int | None = None
) -> None:
    """Submit one's review of this turn; with the second one the checkers see each other's.

    seen_turn: the turn of the page that the reviewer has before them, if that is known.
    Raises RefusedError with everything that is still without an answer.
    """
    with acting(tre, actor, Action.SUBMIT_REVIEW, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        refuse_old_page(found, seen_turn)
        add_review(act.connection, found, actor, act.at)
        advance(act, found, Event.SUBMIT_REVIEW)
        if found.state is State.PARTIALLY_REVIEWED:
            tell_of_request(
                act,
                found,
                reviewers_of_turn(found, found.turn),
                title=f"Both reviews of request {found.id} are in",
                text="You see each other's answers now: agree on the outcome, and decide.",
            )
