"""Give a request back to its author."""

from tre.decision import UnusableRequestError
from tre.safe_outputs.completeness import is_readable_for_the_author, says_something
from tre.safe_outputs.release_request import CommentAudience, ReleaseRequest
from tre.safe_outputs.return_reasons import ReturnReason
from tre.safe_outputs.states import Event
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project
from tre.steps.acting import acting
from tre.steps.advance import advance, refuse_old_page
from tre.steps.comment import write_comment
from tre.steps.in_question import request_in_question
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, RequestId


def return_request(
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    reason: str = "",
    *,
    because: ReturnReason = ReturnReason.OTHER,
    seen_turn: int | None = None,
) -> None:
    """Return a request, early or after both reviews; nothing that was said is lost by it.

    Also one that was approved and whose release has failed: nothing of it has left.

    reason: for the author, written as a public comment on the first group; may be empty where a
    checker's public comment of this turn says it. because: the main reason, as one of the words
    that are counted in the managers' figures; the ledger keeps it. Raises UnusableRequestError
    where the author would have nothing to read.
    """
    reason = usable_text(reason, what="reason", required=False)
    because = ReturnReason(because)
    with acting(tre, actor, Action.RETURN_REQUEST, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject)
        refuse_old_page(found, seen_turn)
        _refuse_silence(found, project, reason)
        if reason:
            write_comment(act, found, found.groups[0].name, reason, CommentAudience.PUBLIC)
        advance(act, found, Event.RETURN, details={"because": str(because)}, failure=None)


def _refuse_silence(request: ReleaseRequest, project: Project, reason: str) -> None:
    if says_something(reason):
        return
    decision = is_readable_for_the_author(request, members=everybody_named(project))
    if not decision.allowed:
        raise UnusableRequestError(" ".join(one.sentence for one in decision.reasons))
