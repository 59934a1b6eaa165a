"""Turn a request down, for good."""

from tre.safe_outputs.release_request import CommentAudience
from tre.safe_outputs.states import Event
from tre.steps.acting import acting
from tre.steps.advance import advance, refuse_old_page
from tre.steps.comment import write_comment
from tre.steps.in_question import request_in_question
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, RequestId


def reject_request(
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    reason: str,
    *,
    seen_turn: int | None = None,
) -> None:
    """Reject a reviewed request; the author reads the reason as a public comment."""
    reason = usable_text(reason, what="reason")
    with acting(tre, actor, Action.REJECT_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        refuse_old_page(found, seen_turn)
        write_comment(act, found, found.groups[0].name, reason, CommentAudience.PUBLIC)
        advance(act, found, Event.REJECT)
