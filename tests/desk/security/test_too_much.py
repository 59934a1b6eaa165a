"""Too much, or broken: refused early, without reading it, and without breaking anything."""

from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from tests.demo_people import STUDY
from tests.desk.browser import ADDRESS
from tests.desk.security.visiting import Desk, api_routes, methods_of
from tre.desk.gate import MOST_BYTES, SAFE_METHODS, most_bytes

API = "/api/v1/"
BOUNDARY = "a-boundary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
WHERE = "/requests/new"


def changes(desk: Desk) -> list[tuple[str, str]]:
    return [
        (method, route.path.replace("{", "").replace("}", ""))
        for route in api_routes(desk.app)
        for method in sorted(methods_of(route) - SAFE_METHODS)
    ]


def unread(desk: Desk, method: str, path: str, headers: dict[str, str]) -> int:
    """The status that is answered without a byte of the body having been read."""
    sent = {"host": ADDRESS.removeprefix("http://"), "origin": ADDRESS, **headers}
    sent |= {**desk.cookie("ada"), "x-csrf-token": desk.csrf("ada")}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8001),
        "scheme": "http",
    }
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> dict:
        message = "the body was read"
        raise AssertionError(message)

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    desk.runner.run(desk.app(scope, receive, send))
    return told[0]["status"]


def test_what_announces_too_much_is_refused_before_it_is_read(desk: Desk):
    for method, path in changes(desk):
        too_much = {"content-length": str(most_bytes(path) + 1)}
        assert unread(desk, method, path, too_much) == 413, (method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"transfer-encoding": "chunked"},  # it may never end
        {"transfer-encoding": "chunked", "content-length": ""},
        {"content-length": "a lot"},
        {"content-length": "-1"},
        {"content-length": "1e9"},
        {"content-length": "9" * 400},
    ],
)
def test_what_does_not_announce_its_size_is_refused_before_it_is_read(desk: Desk, headers: dict):
    for path in (WHERE, f"{API}requests", "/ingress/new"):
        assert unread(desk, "POST", path, headers) == 413


def test_code_that_is_brought_in_has_a_smaller_limit(desk: Desk):
    assert most_bytes("/ingress/new") < most_bytes("/api/v1/ingress") < MOST_BYTES


def form_of(parts: list[str]) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
    return "".join(f"{head}{part}\r\n" for part in parts).encode() + f"--{BOUNDARY}--\r\n".encode()


def sent(desk: Desk, body: bytes, kind: str = FORM, path: str = WHERE) -> httpx.Response:
    headers = {"origin": ADDRESS, "content-type": kind, "x-csrf-token": desk.csrf("ada")}
    answer = desk.ask("POST", path, "ada", content=body, headers=headers)
    assert "secret" not in answer.text
    return answer


def posted(desk: Desk, body: bytes, kind: str = FORM, path: str = WHERE) -> int:
    return sent(desk, body, kind, path).status_code


def field(desk: Desk) -> str:
    return f'name="csrf"\r\n\r\n{desk.csrf("ada")}'


@pytest.mark.parametrize(
    "parts",
    [
        ['name="f"; filename="a.py"\r\nContent-Type: text/plain\r\n\r\nx'] * 51,
        ['name="a"\r\n\r\nb'] * 2_001,
        [f'name="a"\r\n\r\n{"b" * (2**20 + 1)}'],
    ],
    ids=["files", "fields", "one long field"],
)
def test_a_form_of_too_many_or_too_long_parts_is_said_to_be_too_large(desk: Desk, parts: list[str]):
    for body in (form_of([field(desk), *parts]), form_of([*parts, field(desk)])):
        answer = sent(desk, body)
        assert answer.status_code == 413
        assert "A form may have 50 files, 2,000 fields, and a megabyte in one field." in answer.text
        assert "Send fewer at once" in answer.text


@pytest.mark.parametrize(
    "body", [b"&".join([b"a=b"] * 2_001), b"a=" + b"b" * (2**20 + 1)], ids=["fields", "long"]
)
def test_a_plain_form_has_the_same_limits(desk: Desk, body: bytes):
    assert sent(desk, body, "application/x-www-form-urlencoded").status_code == 413


def test_a_form_that_just_fits_is_read(desk: Desk):
    parts = ['name="f"; filename="a.py"\r\nContent-Type: text/plain\r\n\r\nx'] * 50
    assert posted(desk, form_of([field(desk), *parts, *['name="a"\r\n\r\nb'] * 1_999])) == 422


def test_a_form_of_long_names_is_refused(desk: Desk):
    parts = [f'name="{"a" * 100_000}"\r\n\r\nb'] * 30
    assert posted(desk, form_of([field(desk), *parts])) in {400, 413, 422}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM),
        (b"--a-boundary", FORM),  # cut off
        (b"--a-boundary\r\nContent-Disposition: form-data; name=", FORM),
        (b"--a-boundary\r\nContent-Disposition: nonsense\r\n\r\nx\r\n--a-boundary--\r\n", FORM),
        (b"--a-boundary\r\n: \r\n\r\nx\r\n--a-boundary--\r\n", FORM),
        (b"--other\r\n\r\nx\r\n--other--\r\n", FORM),
        (b"x", "multipart/form-data"),  # no boundary
        (b"x", "multipart/form-data; boundary="),
        (b"csrf=x", "multipart/mixed; boundary=a-boundary"),
        (b'{"csrf": "x"}', "application/json"),
        (b"csrf=x", "text/plain"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"csrf=%ED%A0%80&a=%00", "application/x-www-form-urlencoded"),
        (b"csrf=x", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"csrf=x", "\x01"),
    ],
)
def test_a_form_that_is_broken_is_refused_and_breaks_nothing(desk: Desk, body: bytes, kind: str):
    for path in (WHERE, "/sign-out", f"/requests/{desk.things.draft}/files", "/ledger/verify"):
        assert posted(desk, body, kind, path) in {400, 403, 422}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff",
        b"[" * 100_000,  # deeper than any parser goes
        b'{"a":' * 50_000,
        b'{"title": ' + b"1" * 5_000 + b"}",  # a number that Python would not print
        b'{"title": NaN, "project": 1}',
        b'{"title": "a", "title": "b", "project": "x", "project": "y", "z": 1}',
        b'{"title": "\\ud800", "project": "\\udfff"}',  # half a character
        b'{"title": "a\\u0000b", "project": "early-onset-psychosis"}',
    ],
)
def test_a_call_that_is_broken_is_refused_and_breaks_nothing(desk: Desk, body: bytes):
    status = posted(desk, body, "application/json", f"{API}requests")
    assert status in {400, 404, 422}


def test_of_a_field_that_comes_twice_the_token_must_be_the_last(desk: Desk):
    """A field that is sent twice gives nobody a second try: one value counts, everywhere."""
    good, bad = desk.csrf("ada"), "wrong"
    for first, second, status in ((good, bad, 403), (bad, good, 303)):
        body = f"csrf={first}&csrf={second}".encode()
        assert posted(desk, body, "application/x-www-form-urlencoded", "/sign-out") == status


def test_a_long_search_is_no_burden(desk: Desk):
    for path in (f"/ledger?person={'a' * 60_000}", f"{API}ledger?tag={'%00' * 9_000}"):
        assert desk.ask("GET", path, "omar").status_code in {200, 404, 422}


def test_what_would_be_large_is_refused_by_what_it_holds_not_only_by_its_size(desk: Desk):
    """A text of a megabyte passes the gate; the step says how much is allowed."""
    fields = {"group": "outputs", "text": "a" * 1_000_000, "audience": "public"}
    answer = desk.press("POST", f"/requests/{desk.things.draft}/comments", "gwen", fields)
    assert answer.status_code == 422
    assert "10,000 are allowed" in answer.text
    sent = {"project": STUDY, "title": "a" * 301}
    assert desk.press("POST", f"{API}requests", "gwen", sent).status_code == 422
