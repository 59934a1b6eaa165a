"""A checker has answered on everything."""

from tre.safe_outputs.states import Event
from tre.steps.acting import acting
from tre.steps.advance import advance
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.request_writing import add_review
from tre.vocabulary import Action, PersonId, RequestId


def submit_review(tre: Tre, actor: PersonId, request: RequestId) -> None:
    """Submit one's review of this turn; with the second one the checkers see each other's.

    Raises RefusedError with everything that is still without an answer.
    """
    with acting(tre, actor, Action.SUBMIT_REVIEW, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        add_review(act.connection, found, actor, act.at)
        advance(act, found, Event.SUBMIT_REVIEW)
