"""What output checkers and the TRE manager do with a request."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import UnusableRequestError
from tre.desk import verbs
from tre.desk.choices import one_of
from tre.desk.pages.request import tried
from tre.desk.typed import Actor, Environment, Form
from tre.safe_outputs.release_request import CommentAudience, VoteChoice
from tre.safe_outputs.return_reasons import ReturnReason
from tre.vocabulary import RequestId

router = APIRouter(prefix="/requests/{number}", include_in_schema=False)


@router.post("/files/{file}/vote")
def vote(
    request: Request, tre: Environment, actor: Actor, number: RequestId, file: int, form: Form
) -> Response:
    """Answer on one file, and say why in the same breath where something was written."""

    def answer() -> None:
        choice = one_of(VoteChoice, form.get("choice"))
        audience = one_of(CommentAudience, form.get("audience", "private"))
        text = form.get("text")
        because = verbs.Remark(text=text, audience=audience) if text else None
        turn = form.whole("turn")
        verbs.vote(tre, actor, number, file, choice, seen_turn=turn, because=because)

    answered = tried(request, number, form, answer)
    if form.get("stay") == "file" and answered.status_code == HTTPStatus.SEE_OTHER:
        where = f"/requests/{number}/files/{file}#vote"
        return RedirectResponse(where, status_code=HTTPStatus.SEE_OTHER)
    return answered


@router.post("/comments/{comment}/publish")
def publish(
    request: Request, tre: Environment, actor: Actor, number: RequestId, comment: int, form: Form
) -> Response:
    """Let the author read a comment that only checkers could."""
    return tried(request, number, form, lambda: verbs.publish_comment(tre, actor, number, comment))


@router.post("/review")
def submit_review(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Say that I have answered on everything."""
    turn = form.whole("turn")
    return tried(
        request, number, form, lambda: verbs.submit_review(tre, actor, number, seen_turn=turn)
    )


@router.post("/return")
def give_back(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Give the request back to its author; the main reason is asked for, so that it is counted."""

    def back() -> None:
        if not form.get("because"):
            message = "Choose the main reason: it is counted, and your words say the rest."
            raise UnusableRequestError(message)
        because = one_of(ReturnReason, form.get("because"))
        turn = form.whole("turn")
        verbs.return_request(
            tre, actor, number, form.get("reason"), because=because, seen_turn=turn
        )

    return tried(request, number, form, back)


@router.post("/reject")
def reject(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """End the request without a release, with a reason."""
    reason, turn = form.get("reason"), form.whole("turn")
    return tried(
        request,
        number,
        form,
        lambda: verbs.reject_request(
            tre, actor, number, _needed(reason, "rejected"), seen_turn=turn
        ),
    )


@router.post("/approve")
def approve(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Approve: the environment releases at once."""
    turn = form.whole("turn")
    return tried(
        request, number, form, lambda: verbs.approve_request(tre, actor, number, seen_turn=turn)
    )


@router.post("/retry")
def retry(request: Request, tre: Environment, number: RequestId, form: Form) -> Response:
    """Write the bundle of an approved request again."""
    verbs.view_request(tre, request.state.visitor.person, number)
    return tried(request, number, form, lambda: verbs.retry_release(tre, number))


@router.post("/revoke")
def revoke(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Stop access to what was released, with a reason."""
    reason = form.get("reason")
    return tried(
        request,
        number,
        form,
        lambda: verbs.revoke_release(tre, actor, number, _needed(reason, "revoked")),
    )


def _needed(reason: str, what: str) -> str:
    if not reason:
        message = f"A request is never {what} without a reason that its author can read."
        raise UnusableRequestError(message)
    return reason
