"""Cookies, methods, hosts and caches: what is easily forgotten."""

from collections.abc import MutableMapping
from http.cookies import SimpleCookie
from typing import Any

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.desk.browser import ADDRESS, Browser
from tests.desk.security.headers import problems_of
from tests.desk.security.visiting import Desk, api_routes, methods_of
from tre.config import Config
from tre.desk.app import create_app
from tre.desk.gate import cookie_name
from tre.desk.sign_in import FakeSignIn
from tre.steps.tre import Tre

METHODS = ("HEAD", "POST", "DELETE", "X-ODD")


def test_a_method_that_a_route_does_not_have_is_refused(desk: Desk):
    """Whatever it is called. The gate comes first: a change without its token is refused there."""
    by_path: dict[str, set[str]] = {}
    for route in api_routes(desk.app):
        by_path.setdefault(route.path.replace("{", "").replace("}", ""), set()).update(
            methods_of(route)
        )
    for path, methods in by_path.items():
        for method in METHODS:
            # Another route's pattern may fit the same path, as /projects/{project} fits "new".
            if method in methods:
                continue
            answer = desk.ask(method, path, "ada", headers={"origin": ADDRESS})
            assert answer.status_code in {403, 404, 405}, (method, path, answer.status_code)
            assert not problems_of(answer, method, path), (method, path)


def test_a_method_cannot_be_smuggled_in_a_header_or_a_field(desk: Desk):
    for header in ("x-http-method-override", "x-http-method", "x-method-override"):
        answer = desk.ask("GET", "/sign-out", "ada", headers={header: "POST"})
        assert answer.status_code == 405
    assert desk.ask("GET", "/", "ada").status_code == 200


def test_no_other_site_is_told_that_it_may_read(desk: Desk):
    asks = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for path in ("/", "/api/v1/me", "/api/openapi.json", "/static/desk.css", "/register.json"):
        for method in ("GET", "OPTIONS"):
            answer = desk.ask(method, path, "ada", headers=asks)
            assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookies_are_the_desks_alone(demo: Demo, scheme: str):
    """No script reads them, no other site sends them, and under TLS no other host sets them."""
    home = demo.tre.config.home
    secure = Config(home=home, desk_url=f"{scheme}://desk.example:8443")
    app = create_app(
        Tre(config=secure, store=demo.tre.store, now=demo.clock), sign_in=FakeSignIn(secure)
    )
    browser = Browser(app)
    host = {"host": "desk.example:8443"}
    left = browser.ask("GET", "/requests", headers=host)
    state = SimpleCookie(left.headers["set-cookie"])
    value = next(iter(state.values()))
    cookie = {**host, "cookie": f"{value.key}={value.value}"}
    came = browser.ask("GET", f"/oauth_callback?code=ada&state={value.value}", headers=cookie)
    session = SimpleCookie(came.headers.get_list("set-cookie")[0])
    assert list(session) == [cookie_name(secure)]
    for morsel in (*state.values(), *session.values()):
        assert morsel["httponly"]
        assert morsel["samesite"] == "lax"
        assert morsel["path"] == "/"
        assert not morsel["domain"]
        assert bool(morsel["secure"]) is (scheme == "https")
    assert cookie_name(secure).startswith("__Host-") is (scheme == "https")
    assert ("strict-transport-security" in came.headers) is (scheme == "https")


def test_a_session_is_not_taken_over_by_one_that_was_set_before_the_sign_in(app: FastAPI):
    """Session fixation: the secret after a sign-in is a new one, and the old is worth nothing."""
    ada = Browser(app)
    planted = "a-secret-that-an-attacker-knows"
    ada.cookies.set("desk-session", planted, domain="127.0.0.1", path="/")
    ada.sign_in("ada")
    assert dict(ada.cookies)["desk-session"] != planted
    eve = Browser(app)
    eve.cookies.set("desk-session", planted, domain="127.0.0.1", path="/")
    assert eve.get("/").status_code == 302


def test_an_error_tells_nothing_of_the_inside(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        message = f"secret in {desk.demo.tre.config.home}"
        raise RuntimeError(message)

    monkeypatch.setattr("tre.desk.verbs.my_requests", broken)
    for path in ("/requests", "/api/v1/requests"):
        answer = desk.ask("GET", path, "ada")
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert [p for p in problems_of(answer, "GET", path) if "broke" not in p] == []


def test_what_is_not_there_is_dressed_like_everything_else(desk: Desk):
    for path in ("/no-such-page", "/static/none.css", "/api/v1/none", "/api/none", "/requests/x"):
        for visitor in ("ada", "nobody"):
            answer = desk.ask("GET", path, visitor)
            assert not problems_of(answer, "GET", path), (path, visitor)


def test_the_program_that_serves_does_not_say_what_it_is(desk: Desk):
    for path in ("/", "/health", "/api/v1/me"):
        headers = desk.ask("GET", path, "ada").headers
        assert not {"server", "x-powered-by"} & set(headers)


def test_the_desk_has_no_websockets(desk: Desk):
    """One that is opened is answered by nobody: the gate lets nothing through but HTTP."""
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> dict:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b"", "root_path": ""}
    desk.runner.run(desk.app(scope, receive, send))
    assert told in ([], [{"type": "websocket.close", "code": 1000, "reason": ""}])
