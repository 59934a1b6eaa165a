"""Let the author's side read a comment that was private so far."""

from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import Comment, CommentAudience, ReleaseRequest
from tre.steps.acting import acting
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.request_writing import set_audience
from tre.vocabulary import Action, PersonId, RequestId


def publish_comment(tre: Tre, actor: PersonId, request: RequestId, comment_id: int) -> None:
    """Make one's own private comment of this turn public.

    Raises UnusableRequestError for any other comment.
    """
    with acting(tre, actor, Action.COMMENT, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        own = _own_of_this_turn(found, actor, comment_id)
        set_audience(act.connection, own.id, CommentAudience.PUBLIC)
        act.record({"comment": own.id, "did": "publish", "turn": found.turn})


def _own_of_this_turn(request: ReleaseRequest, person: PersonId, comment_id: int) -> Comment:
    for comment in request.comments:
        if (comment.id, comment.author, comment.turn) == (comment_id, person, request.turn):
            return comment
    message = f"comment {comment_id} is none of yours in turn {request.turn} of this request"
    raise UnusableRequestError(message)
