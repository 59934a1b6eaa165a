"""Take a request back, for good."""

from tre.safe_outputs.states import Event
from tre.steps.acting import acting
from tre.steps.advance import advance
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, RequestId


def withdraw_request(tre: Tre, actor: PersonId, request: RequestId) -> None:
    """End a request that is in its author's hands; it stays on the record."""
    with acting(tre, actor, Action.WITHDRAW_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        advance(act, found, Event.WITHDRAW)
