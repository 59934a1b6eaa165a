"""What checkers and managers decide on a request, as JSON: the pages' own steps.

A decision may say which turn it is about, as the pages do; where the request is in another one
by then, nothing is decided (409).
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from tre.desk import verbs
from tre.desk.api import Because, Done, FileNumber, Number, Sent, Text
from tre.desk.api import router as api_router
from tre.desk.typed import LARGEST_NUMBER, Actor, Environment
from tre.safe_outputs.release_request import CommentAudience, VoteChoice
from tre.safe_outputs.return_reasons import ReturnReason

router = APIRouter(
    prefix=f"{api_router.prefix}/requests/{{number}}",
    responses=api_router.responses,
    dependencies=api_router.dependencies,
    tags=["review"],
)


class Seen(Sent):
    """The turn that the caller has looked at; left out, the decision is about the present one."""

    turn: int | None = Field(default=None, ge=1, le=LARGEST_NUMBER, examples=[1])


class Vote(Seen):
    """An answer on one file, and why: a comment on its group, in the same breath."""

    choice: VoteChoice
    comment: Text | None = Field(default=None, examples=["Round the percentages as well."])
    audience: CommentAudience = CommentAudience.PRIVATE


class Return(Seen):
    """Why a request comes back; may be left out where a public comment of this turn says it."""

    reason: Text = ""
    because: ReturnReason = ReturnReason.OTHER


class Reject(Because, Seen):
    """Why a request ends without a release."""


@router.post("/comments/{remark}/publish")
def publish(
    tre: Environment, actor: Actor, number: Number, remark: Annotated[int, Path(ge=1, le=2**53)]
) -> Done:
    """Let the author read a comment that only checkers could."""
    verbs.publish_comment(tre, actor, number, remark)
    return Done()


@router.post("/files/{file}/vote")
def vote(tre: Environment, actor: Actor, number: Number, file: FileNumber, sent: Vote) -> Done:
    """Answer on one file."""
    because = verbs.Remark(text=sent.comment, audience=sent.audience) if sent.comment else None
    verbs.vote(tre, actor, number, file, sent.choice, seen_turn=sent.turn, because=because)
    return Done()


@router.post("/review")
def submit_review(tre: Environment, actor: Actor, number: Number, sent: Seen | None = None) -> Done:
    """Say that I have answered on everything in this turn."""
    verbs.submit_review(tre, actor, number, seen_turn=sent.turn if sent else None)
    return Done()


@router.post("/return")
def give_back(tre: Environment, actor: Actor, number: Number, sent: Return | None = None) -> Done:
    """Give a request back to its author, with a reason or a public comment that says why."""
    said = sent or Return()
    verbs.return_request(tre, actor, number, said.reason, because=said.because, seen_turn=said.turn)
    return Done()


@router.post("/reject")
def reject(tre: Environment, actor: Actor, number: Number, sent: Reject) -> Done:
    """End a request without a release."""
    verbs.reject_request(tre, actor, number, sent.reason, seen_turn=sent.turn)
    return Done()


@router.post("/approve")
def approve(tre: Environment, actor: Actor, number: Number, sent: Seen | None = None) -> Done:
    """Approve a request: the environment releases at once."""
    verbs.approve_request(tre, actor, number, seen_turn=sent.turn if sent else None)
    return Done()


@router.post("/revoke")
def revoke(tre: Environment, actor: Actor, number: Number, sent: Because) -> Done:
    """Stop access to what was released."""
    verbs.revoke_release(tre, actor, number, sent.reason)
    return Done()
