"""Cross-site request forgery: no other site makes somebody's browser change anything."""

import pytest

from tests.desk.browser import ADDRESS
from tests.desk.security.visiting import Desk, api_routes, methods_of
from tre.desk.gate import SAFE_METHODS
from tre.store.ledger_reading import entries as read

API = "/api/v1/"
FOREIGN = [
    {},  # a browser always says where a change comes from; silence is a no
    {"origin": "http://127.0.0.1:8000"},  # a notebook's page, on the hub's origin
    {"origin": "http://127.0.0.1:8001.evil.example"},
    {"origin": "https://127.0.0.1:8001"},  # the same name by another scheme
    {"origin": "null"},  # a sandboxed document
    {"origin": ""},
    {"referer": "http://127.0.0.1:8000/user/ada/lab"},
    {"referer": f"http://evil.example/{ADDRESS}"},
    {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
    {"origin": ADDRESS, "sec-fetch-site": "same-site"},
    {"origin": ADDRESS, "sec-fetch-site": "none"},
]
"""What a browser says about where a request comes from that the desk's own page did not send."""


def changes(desk: Desk) -> list[tuple[str, str]]:
    """Every route that changes something, with 1 in the place of each parameter."""
    found = [
        (method, route.path.replace("{", "").replace("}", ""))
        for route in api_routes(desk.app)
        for method in sorted(methods_of(route) - SAFE_METHODS)
    ]
    assert len(found) > 100
    return found


def entries(desk: Desk) -> int:
    return desk.demo.tre.store.verify_ledger().entries


def sent(desk: Desk, path: str, token: str | None, **headers: str) -> dict:
    """What carries a token: the field of a form, or the header of a call."""
    if path.startswith(API):
        more = {} if token is None else {"x-csrf-token": token}
        return {"json": {}, "headers": {**headers, **more}}
    return {"data": {} if token is None else {"csrf": token}, "headers": headers}


@pytest.mark.parametrize("token", [None, "", "wrong", "another's"])
def test_no_change_is_made_without_the_token_of_the_session(desk: Desk, token: str | None):
    given = desk.csrf("cora") if token == "another's" else token
    before = entries(desk)
    for method, path in changes(desk):
        more = sent(desk, path, given, origin=ADDRESS)
        answer = desk.ask(method, path, "mia", **more)
        assert answer.status_code == 403, (method, path, answer.text)
        assert "did not come from the desk" in answer.text
    assert entries(desk) == before


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_change_is_made_from_another_origin_even_with_the_token(desk: Desk, headers: dict):
    before = entries(desk)
    for method, path in changes(desk):
        more = sent(desk, path, desk.csrf("mia"), **headers)
        answer = desk.ask(method, path, "mia", **more)
        assert answer.status_code == 403, (method, path)
    assert entries(desk) == before


def test_a_call_with_a_token_of_the_hub_needs_no_other_and_heeds_no_cookie(desk: Desk):
    bearer = {"authorization": "Bearer token-of-omar"}
    answer = desk.ask("POST", f"{API}ledger/checkpoint", headers=bearer)
    assert answer.status_code == 200
    # Ada's browser sends her cookie along; the call is Omar's all the same.
    whose = desk.ask("GET", f"{API}me", "ada", headers=bearer).json()
    assert (whose["id"], whose["csrf"]) == ("omar", "")


@pytest.mark.parametrize("authorization", ["Bearer ", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_a_token_that_is_none_is_not_made_good_by_the_cookie(desk: Desk, authorization: str):
    headers = {"authorization": authorization, "origin": ADDRESS}
    answer = desk.ask("POST", f"{API}ledger/checkpoint", "mia", headers=headers)
    assert answer.status_code in {401, 403}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_site_is_no_call(desk: Desk, kind: str):
    """What a browser sends across origins without asking first never counts as JSON."""
    headers = {"origin": ADDRESS, "x-csrf-token": desk.csrf("ada"), "content-type": kind}
    body = b'{"project": "early-onset-psychosis", "title": "x"}'
    answer = desk.ask("POST", f"{API}requests", "ada", content=body, headers=headers)
    assert answer.status_code == 422


def test_the_token_does_not_leave_the_pages_of_the_session(desk: Desk):
    """It is in no address, and changes with the session."""
    sessions = desk.app.state.sessions
    first, second = (sessions.start("ada", "token-of-ada") for _ in range(2))
    assert sessions.find(first).csrf != sessions.find(second).csrf
    page = desk.ask("GET", "/requests/new", "ada").text
    token = desk.csrf("ada")
    assert f'value="{token}"' in page
    assert f"csrf={token}" not in page


def test_nothing_is_changed_by_a_link(desk: Desk):
    """A GET leaves nothing on the ledger but that somebody looked."""
    looks = {"view", "export", "budget"}
    numbers = entries(desk)
    for route in api_routes(desk.app):
        if "GET" in methods_of(route) and "oauth" not in route.path:
            desk.ask("GET", route.path.replace("{", "").replace("}", ""), "mia")
    with desk.demo.tre.store.reading() as connection:
        left = [e for e in read(connection) if e.number > numbers and e.outcome == "done"]
    assert left
    assert {e.tag.rsplit(":", 1)[-1] for e in left} <= looks
