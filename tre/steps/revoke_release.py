"""Take a release back when a mistake was found in it."""

from tre.safe_outputs.states import Event
from tre.steps.acting import acting
from tre.steps.advance import advance
from tre.steps.in_question import request_in_question
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.releases import set_revoked
from tre.vocabulary import Action, PersonId, RequestId


def revoke_release(tre: Tre, actor: PersonId, request: RequestId, reason: str) -> None:
    """Stop all access to a release; the record keeps both, and the reason is shown with it."""
    reason = usable_text(reason, what="reason")
    with acting(tre, actor, Action.REVOKE_RELEASE, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        set_revoked(act.connection, request, act.at, reason)
        advance(act, found, Event.REVOKE)
