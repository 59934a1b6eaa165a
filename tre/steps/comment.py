"""A remark on a group of a request's files."""

from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import Comment, CommentAudience, ReleaseRequest
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.in_question import request_in_question
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.request_writing import add_comment
from tre.vocabulary import Action, PersonId, RequestId


def comment(
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    group: str,
    text: str,
    audience: CommentAudience,
) -> int:
    """Comment on a group; private comments are the checkers' alone. The comment's number.

    Raises UnusableRequestError for a group that is not there, an empty text, or a private
    comment by somebody on the author's side.
    """
    text = usable_text(text, what="comment")
    audience = CommentAudience(audience)
    with acting(tre, actor, Action.COMMENT, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject)
        if audience is CommentAudience.PRIVATE and _is_authors_side(found, project, actor):
            message = "your comments are read by the checkers too: choose public"
            raise UnusableRequestError(message)
        return write_comment(act, found, group, text, audience)


def write_comment(
    act: Act, request: ReleaseRequest, group: str, text: str, audience: CommentAudience
) -> int:
    """Keep a comment of the request's present turn, and its line in the ledger."""
    if group not in {known.name for known in request.groups}:
        message = f"request {request.id} has no group {group[:60]!r}"
        raise UnusableRequestError(message)
    written = Comment(
        id=0,
        group=group,
        author=act.actor.id,
        audience=audience,
        text=text,
        turn=request.turn,
        written_at=act.at,
    )
    number = add_comment(act.connection, request.id, written)
    details = {"comment": number, "audience": str(audience), "turn": request.turn}
    act.record(details, tag=str(Action.COMMENT))
    return number


def _is_authors_side(request: ReleaseRequest, project: Project, person: PersonId) -> bool:
    return person == request.author or person in everybody_named(project)
