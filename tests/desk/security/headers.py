"""What the headers of every answer must say, whoever asked and whatever was answered."""

import re
from collections.abc import Iterator

import httpx

HUB = "http://127.0.0.1:8000/"
IN_A_FRAME = re.compile(r"/requests/[^/]+/files/[^/]+/(image|notebook)|/linkages/[^/]+/\w+(\.svg)?")
"""Documents that others wrote, framed by the desk's own pages and by nobody else's."""


def problems_of(answer: httpx.Response, method: str, path: str) -> list[str]:
    """What is wrong with the headers of an answer; nothing for one that is as it should be."""
    return [
        *_framing(answer, path),
        *_keeping(answer, path),
        *_leading(answer),
        *_odd(answer, method),
    ]


def _framing(answer: httpx.Response, path: str) -> Iterator[str]:
    """Clickjacking: no other site may show the desk in a frame."""
    policy = answer.headers.get("content-security-policy", "")
    mine = "frame-ancestors 'self'" in policy and IN_A_FRAME.fullmatch(path)
    if "frame-ancestors 'none'" not in policy and not mine:
        yield f"may be framed: {policy}"
    if answer.headers.get("x-frame-options") not in {"DENY", "SAMEORIGIN"}:
        yield "no X-Frame-Options"
    if "script-src" in policy and "script-src 'self';" not in policy:
        yield f"runs scripts of others: {policy}"
    if "default-src 'none'" not in policy:
        yield f"loads from elsewhere: {policy}"


def _keeping(answer: httpx.Response, path: str) -> Iterator[str]:
    """Nothing private stays in a cache, and nothing is taken for another type."""
    if answer.headers.get("cache-control") != "no-store" and not path.startswith("/static"):
        yield "may be kept in a cache"
    if answer.headers.get("x-content-type-options") != "nosniff":
        yield "may be taken for another type"
    if answer.headers.get("referrer-policy") != "same-origin":
        yield "tells other sites its address"


def _leading(answer: httpx.Response) -> Iterator[str]:
    """A redirect leads to a path of the desk, or to the hub."""
    to = answer.headers.get("location", "/")
    if not re.match(r"/(?![/\\])", to) and not to.startswith(HUB):
        yield f"leads to {to}"


def _odd(answer: httpx.Response, method: str) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"broke at {method}"
    if "access-control-allow-origin" in answer.headers:
        yield "lets other sites read it"
