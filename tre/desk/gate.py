"""The desk's door: nothing behind it is served to somebody who is not signed in."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tre.config import Config
from tre.decision import NotThereError, UnusableRequestError
from tre.desk import refusals
from tre.desk.headers import origin_of
from tre.desk.sessions import Session, Sessions, same_secret
from tre.desk.sign_in import HubAwayError, SignIn
from tre.desk.verbs import load_person, sign_ins_count_from
from tre.steps.tre import Tre
from tre.vocabulary import PersonId

OPEN = frozenset({"/oauth_callback", "/health", "/register", "/register.json"})
"""The only routes that answer without sign-in, beside /static/: the public register of projects,
and two that show nothing."""

SAFE_METHODS = frozenset({"GET", "HEAD"})
MOST_BYTES = 64 * 2**20
"""The largest request that is read at all."""

_SMALLER = (("/ingress", 9 * 2**20), ("/api/v1/ingress", 12 * 2**20))
"""Paths under which less is read: code that is brought in (8 MiB, in base64 a third more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is asking.

    csrf: the secret of the session, "" for a bearer token, which no other site can send.
    """

    person: PersonId
    csrf: str


def cookie_name(config: Config) -> str:
    """The session cookie's name; with the browser's own protection where there is TLS."""
    return "__Host-desk" if config.desk_address.startswith("https:") else "desk-session"


class Gate:
    """Looks at every request before any route does: host, size, sign-in, origin."""

    def __init__(self, app: ASGIApp, *, config: Config, sign_in: SignIn, sessions: Sessions):
        self.app = app
        self.config = config
        self.sign_in = sign_in
        self.sessions = sessions
        self._host = urlsplit(config.desk_address).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer instead of the route where something is wrong; pass the request on otherwise."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = await self._objection(request)
        await (answer or self.app)(scope, receive, send)

    async def _objection(self, request: Request) -> Response | None:
        path = request.scope["path"]  # as the router reads it, not as a URL would be cut
        if path == "/health":
            return None
        if request.headers.get("host") != self._host:
            return self._wrong_host(request)
        if _length(request) > (most := most_bytes(path)):
            return refusals.too_large(request, most)
        if path in OPEN or path.startswith("/static/"):
            return None
        return await self._stranger(request)

    async def _stranger(self, request: Request) -> Response | None:
        try:
            visitor = await self._visitor(request)
        except HubAwayError:
            return refusals.hub_away(request)
        if visitor is None:
            return self._ask_to_sign_in(request)
        if request.method not in SAFE_METHODS and visitor.csrf and not self._from_here(request):
            return refusals.foreign_form(request)
        request.state.visitor = visitor
        if not await run_in_threadpool(_is_known, request.app.state.tre, visitor.person):
            return refusals.unknown_here(request)
        return None

    async def _visitor(self, request: Request) -> Visitor | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if token and request.scope["path"].startswith("/api/v1/"):
            known = kind.lower() in {"bearer", "token"}
            person = await self.sign_in.person_of(token.strip()) if known else None
            return Visitor(person=person, csrf="") if person else None
        session = self.sessions.find(request.cookies.get(cookie_name(self.config)))
        if session is None or await self.sign_in.person_of(session.hub_token) != session.person:
            return None
        if await run_in_threadpool(_is_over, request.app.state.tre, session):
            self.sessions.end(request.cookies.get(cookie_name(self.config)))
            return None
        return Visitor(person=session.person, csrf=session.csrf)

    def _from_here(self, request: Request) -> bool:
        """Whether a browser says that the desk's own page sent this; silence is a no."""
        here = origin_of(self.config.desk_address)
        site = request.headers.get("sec-fetch-site", "same-origin")
        said = request.headers.get("origin") or origin_of(request.headers.get("referer", ""))
        return said == here and site == "same-origin"

    def _ask_to_sign_in(self, request: Request) -> Response:
        if request.scope["path"].startswith("/api/v1/"):
            why = "Sign in at the desk with a browser, and send the cookie of its session."
            return JSONResponse(
                {"error": "signed out", "reasons": [why], "refused_by": []},
                status_code=HTTPStatus.UNAUTHORIZED,
                headers={"WWW-Authenticate": "Bearer"},
            )
        if request.method not in SAFE_METHODS:
            return refusals.session_ended(request)
        query = f"?{request.url.query}" if request.url.query else ""
        departure = self.sign_in.depart(request.url.path + query)
        answer = RedirectResponse(departure.url, status_code=HTTPStatus.FOUND)
        keep_state(answer, self.config, departure.state)
        return answer

    def _wrong_host(self, request: Request) -> Response:
        """Send a browser that used another name of this machine to the desk's own address."""
        if request.method in SAFE_METHODS:
            path = "/" + request.url.path.lstrip("/")
            return RedirectResponse(self.config.desk_address + path)
        return refusals.foreign_form(request)


def _is_over(tre: Tre, session: Session) -> bool:
    """Whether the account was given back, or its password changed since: what was open is over.

    A store that is away does not answer it; the page that is asked for says so then.
    """
    try:
        return session.since < sign_ins_count_from(tre, session.person)
    except UnusableRequestError:
        return False


def _is_known(tre: Tre, person: PersonId) -> bool:
    """Whether the environment has a person of the name that the hub says."""
    try:
        load_person(tre, person)
    except NotThereError:
        return False
    except UnusableRequestError:
        return True
    return True


def keep_state(answer: Response, config: Config, state: str) -> None:
    """Tie a sign-in that begins to this browser, for ten minutes."""
    answer.set_cookie(
        state_cookie_name(state),
        state,
        max_age=600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=config.desk_address.startswith("https:"),
    )


def state_cookie_name(state: str) -> str:
    """Each sign-in that is under way has a cookie of its own, so that tabs do not collide."""
    safe = "".join(letter for letter in state[:8] if letter.isalnum())
    return f"desk-signing-in-{safe}"


def form_is_genuine(visitor: Visitor, given: str) -> bool:
    """Whether a form carries the secret of its session; a bearer token needs none."""
    return not visitor.csrf or same_secret(given, visitor.csrf)


def most_bytes(path: str) -> int:
    """The largest request that is read under a path; the server stops at the announced size."""
    return next((most for start, most in _SMALLER if path.startswith(start)), MOST_BYTES)


def _length(request: Request) -> int:
    """The announced size; what announces none, or nonsense, counts as too large."""
    if request.method in SAFE_METHODS:
        return 0
    announced = request.headers.get("content-length", "")
    if announced.isdigit():
        return int(announced)
    return MOST_BYTES + 1 if "transfer-encoding" in request.headers or announced else 0
