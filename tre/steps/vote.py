"""A checker's answer on one file."""

from dataclasses import dataclass, replace

from tre.decision import ALLOWED, Decision, UnusableRequestError
from tre.safe_outputs.completeness import has_explained
from tre.safe_outputs.release_request import (
    CommentAudience,
    FileKind,
    ReleaseRequest,
    RequestFile,
    State,
    Vote,
    VoteChoice,
)
from tre.safe_outputs.votes import reviewers_of_turn
from tre.steps.acting import acting, known_request
from tre.steps.advance import refuse_old_page
from tre.steps.comment import write_comment
from tre.steps.file_adding import live_file
from tre.steps.in_question import request_in_question
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.request_writing import set_vote
from tre.vocabulary import Action, PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Why a checker votes as they do, and who may read it."""

    text: str
    audience: CommentAudience = CommentAudience.PRIVATE


def vote(  # noqa: PLR0913 - a vote is made of exactly these
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    file_id: int,
    choice: VoteChoice,
    *,
    seen_turn: int | None = None,
    because: Remark | None = None,
) -> None:
    """Vote on an output, in the place of one's earlier vote of this turn.

    seen_turn: the turn of the page that the checker has before them, if that is known.
    because: a comment on the file's group, written in the same breath.
    A wish for changes that comes after one's review, or after both, must be explained: raises
    RefusedError where it is not. Raises OvertakenError where the page shows an earlier turn,
    UnusableRequestError where the file is not in the request any more or is no output.
    """
    choice = VoteChoice(choice)
    because = because and Remark(
        text=usable_text(because.text, what="comment"), audience=CommentAudience(because.audience)
    )
    with acting(tre, actor, Action.VOTE, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        refuse_old_page(found, seen_turn)
        file = live_file(found, file_id)
        if file.kind is not FileKind.OUTPUT:
            message = f"“{file.name}” is {file.kind}: only outputs are voted on"
            raise UnusableRequestError(message)
        if because is not None:
            write_comment(act, found, file.group, because.text, because.audience)
            found = known_request(act.connection, request)
        act.require(subject, _explained_at_once(found, file, actor, choice))
        set_vote(act.connection, file.id, actor, choice, found.turn, act.at)
        act.record({"file": file.id, "sha256": file.sha256, "choice": choice, "turn": found.turn})


def _explained_at_once(
    request: ReleaseRequest, file: RequestFile, reviewer: PersonId, choice: VoteChoice
) -> Decision:
    """Ask a wish for changes for its comment where no review comes any more that would ask."""
    is_in = request.state is State.REVIEWED or reviewer in reviewers_of_turn(request, request.turn)
    if choice is not VoteChoice.CHANGES_REQUESTED or not is_in:
        return ALLOWED
    wish = Vote(file_id=file.id, reviewer=reviewer, choice=choice, turn=request.turn)
    return has_explained(replace(request, votes=(*request.votes, wish)), reviewer)
