"""What somebody reads when the desk says no: every reason, and what to do about it."""

import re
from collections import defaultdict
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tre.decision import Decision, Reason
from tre.desk.drawing import page
from tre.desk.headers import origin_of
from tre.desk.words import size


def refusal(
    request: Request,
    *,
    status: int,
    title: str,
    sentences: tuple[str, ...] = (),
    decision: Decision | None = None,
    way_on: tuple[str, str] = ("Back to the start", "/"),
) -> Response:
    """Say no as a page, or as JSON where the API was asked.

    way_on: a label and a path for what to do next. status: from 500 on the page is drawn without
    asking the store who the visitor is, since the store may be what broke.
    """
    if request.url.path.startswith("/api/v1/"):
        return _as_json(status, title, sentences, decision)
    by_safe = defaultdict(list)
    for reason in _reasons(decision):
        by_safe[reason.safe.value].append(reason.sentence)
    return page(
        request,
        "refusal.html",
        status=status,
        title=title,
        sentences=sentences,
        by_safe=dict(by_safe),
        way_on=way_on,
        code=int(status),
        alone=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _reasons(decision: Decision | None) -> tuple[Reason, ...]:
    return () if decision is None else decision.reasons


def _as_json(
    status: int, title: str, sentences: tuple[str, ...], decision: Decision | None
) -> JSONResponse:
    reasons = _reasons(decision)
    body = {
        "error": title,
        "reasons": [*sentences, *(str(reason) for reason in reasons)],
        "refused_by": [
            {"safe": reason.safe.value, "rule": reason.rule, "sentence": reason.sentence}
            for reason in reasons
        ],
    }
    return JSONResponse(body, status_code=status)


def hub_away(request: Request) -> Response:
    """The hub does not answer: nobody can be recognised, so nothing is allowed."""
    return refusal(
        request,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title="The hub does not answer",
        sentences=(
            "The desk asks the hub who you are, and the hub is not answering.",
            "Nothing that was submitted, voted or released is lost. Try again in a minute; if it "
            "stays away, `make up` starts it again.",
        ),
        way_on=("Try again", request.url.path if request.method == "GET" else "/"),
    )


def store_away(request: Request) -> Response:
    """The database does not answer: said without asking it anything."""
    answer = refusal(
        request,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title="The store does not answer",
        sentences=(
            "The store cannot be reached just now. Nothing that was accepted is lost; try again "
            "in a minute.",
        ),
        way_on=("Try again", request.url.path if request.method == "GET" else "/"),
    )
    answer.headers["Retry-After"] = "60"
    return answer


def foreign_form(request: Request) -> Response:
    """A form that did not come from the desk's own page, or carries an old session's secret."""
    return refusal(
        request,
        status=HTTPStatus.FORBIDDEN,
        title="This form did not come from the desk",
        sentences=(
            "Nothing was changed. What you sent did not come from a page of your current session, "
            "as if another site or an old window had sent it.",
            "Open the page again and repeat it there.",
        ),
    )


def unknown_here(request: Request) -> Response:
    """Somebody whom only the hub knows: nothing is shown to them, whatever they ask for."""
    return refusal(
        request,
        status=HTTPStatus.FORBIDDEN,
        title="The environment does not know you",
        sentences=(
            "The hub signed you in, but there is no person of that name in this environment. "
            "Ask the TRE manager to record you.",
        ),
    )


def _page_of_the_form(request: Request) -> str:
    """The desk's own page from which a form was sent; its start where the browser does not say."""
    here = origin_of(request.app.state.tre.config.desk_address)
    parts = urlsplit(request.headers.get("referer", ""))
    if f"{parts.scheme}://{parts.netloc}" != here or not parts.path.startswith("/"):
        return "/"
    if parts.path.startswith("//"):
        return "/"
    of_a_request = re.match(r"/requests/\d+(/files/\d+)?(?=/|$)", parts.path)
    return of_a_request[0] if of_a_request else parts.path


def session_ended(request: Request) -> Response:
    """A form from a browser that was left open for too long."""
    return refusal(
        request,
        status=HTTPStatus.UNAUTHORIZED,
        title="Your session has ended",
        sentences=(
            "Nothing was changed. Sessions end after an hour without use, and after ten hours.",
            "Sign in again: you come back to the page that you were on, and what you wrote in its "
            "texts is still there if your browser lets the desk keep it in this tab.",
        ),
        way_on=("Sign in again", _page_of_the_form(request)),
    )


def too_large(request: Request, most_bytes: int) -> Response:
    """An upload above the limit, refused before it is read."""
    return refusal(
        request,
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title="That is too large",
        sentences=(
            f"At most {size(most_bytes)} can be sent at once. Results are small: a file of this "
            "size is more than a person could review.",
        ),
    )


def too_many_parts(request: Request, limits: str) -> Response:
    """A form of more parts than it may have. limits: how many, in words."""
    return refusal(
        request,
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        title="That is too much for one form",
        sentences=(
            f"A form may have {limits}. Nothing was changed.",
            "Send fewer at once: what was added by one form is there when the next one is sent.",
        ),
        way_on=("Back to the page", _page_of_the_form(request)),
    )
