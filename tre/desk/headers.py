"""The headers that every answer carries: what a browser may do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tre.config import Config


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def page_policy(config: Config) -> str:
    """The content security policy of the desk's own pages: nothing inline, nothing from elsewhere.

    Forms may go to the desk, and to the hub for the redirects of signing in and out.
    """
    return _joined(
        {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "frame-src": "'self'",
            "form-action": f"'self' {origin_of(config.url)}",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }
    )


def stranger_policy(config: Config, *, inline_style: bool = False) -> str:
    """The policy of a document somebody else wrote: no script, no address, an origin of its own.

    It is framed by the desk's pages alone. The stylesheet is named by its origin, since a
    sandboxed document has none of its own. inline_style: for SVG, whose drawing is made of it.
    """
    styles = origin_of(config.desk_address) + (" 'unsafe-inline'" if inline_style else "")
    return _joined(
        {
            "sandbox": "",
            "default-src": "'none'",
            "style-src": styles,
            "img-src": "data:",
            "frame-ancestors": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
    )


def _joined(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items())


@dataclass(frozen=True, slots=True)
class SafeHeaders:
    """Adds the headers to every answer, also to errors; a route's own policy stays.

    Referrer-Policy is same-origin and not no-referrer: under the latter a browser sends
    `Origin: null` with the desk's own forms, and the origin could no longer be verified.
    """

    app: ASGIApp
    config: Config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message), scope["path"], self.config)
            await send(message)

        await self.app(scope, receive, dressed)


def dress(headers: MutableHeaders, path: str, config: Config) -> None:
    """Add what is missing to the headers of one answer."""
    headers.setdefault("Content-Security-Policy", page_policy(config))
    headers.setdefault("X-Frame-Options", "DENY")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # A sandboxed document has no origin of its own, so its stylesheet counts as cross-origin.
    of_static = path.startswith("/static/")
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if of_static else "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), usb=()"
    if not of_static:
        headers["Cache-Control"] = "no-store"
    if config.desk_address.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
