"""Coming in and going out: the way back from the hub, the sign of life, and signing out."""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from tre.desk.gate import cookie_name, state_cookie_name
from tre.desk.refusals import hub_away, refusal
from tre.desk.sessions import Sessions, same_secret
from tre.desk.sign_in import HubAwayError, SignIn, UnknownStateError
from tre.steps.store_away import store_answers

router = APIRouter(include_in_schema=False)


@router.get("/health")
def health(request: Request) -> Response:
    """Say that the desk is there and its store answers, and nothing else."""
    if store_answers(request.app.state.tre):
        return PlainTextResponse("ok")
    return PlainTextResponse("the store is away", status_code=HTTPStatus.SERVICE_UNAVAILABLE)


@router.get("/oauth_callback")
async def oauth_callback(request: Request, code: str = "", state: str = "") -> Response:
    """Come back from the hub with a code; only the browser that left may arrive."""
    name = state_cookie_name(state)
    if not same_secret(request.cookies.get(name, ""), state):
        return _sign_in_failed(request)
    sign_in: SignIn = request.app.state.sign_in
    try:
        token, next_path = await sign_in.arrive(code, state)
        person = await sign_in.person_of(token)
    except HubAwayError:
        return hub_away(request)
    except UnknownStateError:
        return _sign_in_failed(request)
    if person is None:
        return _sign_in_failed(request)
    return _let_in(request, person, token, next_path)


def _let_in(request: Request, person: str, token: str, next_path: str) -> Response:
    sessions: Sessions = request.app.state.sessions
    config = request.app.state.tre.config
    sessions.end(request.cookies.get(cookie_name(config)))
    answer = RedirectResponse(own_path(next_path), status_code=HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        cookie_name(config),
        sessions.start(person, token),
        path="/",
        httponly=True,
        samesite="lax",
        secure=config.desk_address.startswith("https:"),
    )
    for name in request.cookies:
        if name.startswith("desk-signing-in-"):
            answer.delete_cookie(name, path="/")
    return answer


def own_path(path: str) -> str:
    r"""A path of this desk and never an address elsewhere: no host, no `//`, no `\\`."""
    parts = urlsplit(path)
    is_odd = any(letter < " " or letter == "\\" for letter in path)
    if parts.scheme or parts.netloc or is_odd or not path.startswith("/"):
        return "/"
    return "/" + path.lstrip("/")


def _sign_in_failed(request: Request) -> Response:
    return refusal(
        request,
        status=HTTPStatus.FORBIDDEN,
        title="The sign-in did not finish",
        sentences=(
            "It was begun in another browser, took longer than ten minutes, or your account may "
            "not use the desk.",
        ),
        way_on=("Sign in again", "/"),
    )


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session here, and go to the hub to end it there."""
    config = request.app.state.tre.config
    request.app.state.sessions.end(request.cookies.get(cookie_name(config)))
    answer = RedirectResponse(
        request.app.state.sign_in.farewell(), status_code=HTTPStatus.SEE_OTHER
    )
    answer.delete_cookie(cookie_name(config), path="/")
    return answer
