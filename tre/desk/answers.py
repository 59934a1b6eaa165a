"""From the errors of the steps to the answers of the desk, in one table."""

import logging
import secrets
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.desk.headers import dress
from tre.desk.refusals import foreign_form, refusal, store_away, too_many_parts
from tre.steps.store_away import STORE_AWAY

log = logging.getLogger("tre.desk")


class ForgedFormError(Exception):
    """A form without the secret of its session."""


class OverfullFormError(Exception):
    """A form of more, or longer, parts than any page of the desk has."""


def install(app: FastAPI) -> None:
    """Give every error its answer."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(NotThereError, _not_there)
    app.add_exception_handler(OvertakenError, _overtaken)
    app.add_exception_handler(STORE_AWAY, _store_away)
    app.add_exception_handler(UnusableRequestError, _unusable)
    app.add_exception_handler(ForgedFormError, _forged)
    app.add_exception_handler(OverfullFormError, _overfull)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def _refused(request: Request, error: Exception) -> Response:
    decision = error.decision if isinstance(error, RefusedError) else None
    return refusal(
        request,
        status=HTTPStatus.FORBIDDEN,
        title="This is refused",
        sentences=("Every reason is listed; all of them must be put right.",),
        decision=decision,
        way_on=_back(request),
    )


def _not_there(request: Request, error: Exception) -> Response:
    return refusal(
        request,
        status=HTTPStatus.NOT_FOUND,
        title="There is nothing here",
        sentences=(
            str(error) or "There is no such page, or it is not yours to see.",
            "The desk does not tell the two apart, so that nobody learns what others work on.",
        ),
    )


def _overtaken(request: Request, error: Exception) -> Response:
    return refusal(
        request,
        status=HTTPStatus.CONFLICT,
        title="Somebody was faster",
        sentences=(
            str(error),
            "Nothing of yours was changed. Look at it again, and repeat what still makes sense.",
        ),
        way_on=_back(request, "Look again"),
    )


def _unusable(request: Request, error: Exception) -> Response:
    return refusal(
        request,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        title="That cannot be done as it stands",
        sentences=(str(error), "Nothing was changed."),
        way_on=_back(request),
    )


def _store_away(request: Request, error: Exception) -> Response:
    """Say in words that the database is away; only the log has the cause."""
    log.error("the store was away at %s", request.url.path, exc_info=error)
    return store_away(request)


def _forged(request: Request, _: Exception) -> Response:
    return foreign_form(request)


def _overfull(request: Request, error: Exception) -> Response:
    return too_many_parts(request, str(error))


def _invalid(request: Request, error: Exception) -> Response:
    if not request.url.path.startswith("/api/v1/"):
        return _not_there(request, NotThereError(""))
    found = error.errors() if isinstance(error, RequestValidationError) else []
    reasons = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in found]
    return JSONResponse(
        {"error": "not understood", "reasons": reasons, "refused_by": []},
        status_code=HTTPStatus.UNPROCESSABLE_ENTITY,
    )


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    if status == HTTPStatus.NOT_FOUND:
        return _not_there(request, NotThereError(""))
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    answer = refusal(
        request, status=status, title=HTTPStatus(status).phrase.capitalize(), sentences=(detail,)
    )
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


def _broken(request: Request, error: Exception) -> Response:
    """Say nothing about the inside; also where the answer to another error could not be drawn."""
    answer = _store_away(request, error) if isinstance(error, STORE_AWAY) else _ours(request, error)
    # This answer is given outside every middleware, so nobody else dresses it.
    dress(answer.headers, request.url.path, request.app.state.tre.config)
    return answer


def _ours(request: Request, error: Exception) -> Response:
    """Give a number under which the log has what broke."""
    number = secrets.token_hex(4)
    log.error("error %s at %s", number, request.url.path, exc_info=error)
    return refusal(
        request,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="Something broke on our side",
        sentences=(
            "Nothing that was already accepted is lost: a step happens entirely or not at all.",
            f"Tell the TRE manager the number {number}: the desk's log has the details under it.",
        ),
    )


def _back(request: Request, label: str = "Back to the request") -> tuple[str, str]:
    """The request's page where the address names one."""
    parts = request.url.path.strip("/").split("/")
    if len(parts) >= 2 and parts[0] == "requests" and parts[1].isdigit():
        return (label, f"/requests/{parts[1]}")
    return ("Back to the start", "/")
