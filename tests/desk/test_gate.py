"""Nobody gets in unasked: every route, by the route table; and every way around the forms."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.clock import FakeClock
from tests.desk.browser import ADDRESS, Browser
from tre.desk.gate import OPEN
from tre.desk.pages.door import own_path
from tre.desk.sign_in import FakeSignIn

EVERYBODY = Callable[[str], Browser]


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every (method, path) of the desk, with 1 for each number in it."""
    found = []
    for route in _flat(app.routes):
        path = re.sub(r"\{[^}]*\}", "1", route.path)
        found += [(method, path) for method in sorted(route.methods or ()) if path not in OPEN]
    return found


def _flat(found) -> list[APIRoute]:
    flat = []
    for route in found:
        if isinstance(route, APIRoute):
            flat.append(route)
        elif hasattr(route, "effective_candidates"):
            flat += [inner.original_route for inner in route.effective_candidates()]
    return flat


def test_no_route_answers_somebody_who_is_not_signed_in(app: FastAPI):
    stranger = Browser(app)
    asked = routes(app)
    assert len(asked) > 50
    for method, path in asked:
        answer = stranger.ask(method, path, headers={"origin": ADDRESS})
        if path.startswith("/api/v1/"):
            assert answer.status_code == 401, (method, path)
        elif method == "GET":
            assert answer.status_code == 302, (method, path)
            assert answer.headers["location"].startswith("http://127.0.0.1:8000/hub/api/oauth2/")
        else:
            assert answer.status_code == 401, (method, path)


def test_no_form_is_believed_without_the_secret_of_the_session(app: FastAPI):
    ada = Browser(app, "ada")
    for method, path in routes(app):
        if method == "GET":
            continue
        answer = ada.ask(method, path, headers={"origin": ADDRESS})
        assert answer.status_code == 403, (method, path)
        assert "did not come from the desk" in answer.text


def test_the_secret_of_another_session_is_none(app: FastAPI):
    ada, cora = Browser(app, "ada"), Browser(app, "cora")
    answer = ada.ask("POST", "/sign-out", data={"csrf": cora.csrf}, headers={"origin": ADDRESS})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a browser always says where a form comes from
        {"origin": "http://127.0.0.1:8000"},  # a notebook's page, on the hub's origin
        {"origin": "null"},  # a sandboxed document
        {"origin": "https://desk.example"},
        {"referer": "http://127.0.0.1:8000/user/ada/lab"},
        {"origin": ADDRESS, "sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_origin_changes_nothing(app: FastAPI, headers: dict[str, str]):
    ada = Browser(app, "ada")
    answer = ada.ask("POST", "/sign-out", data={"csrf": ada.csrf}, headers=headers)
    assert answer.status_code == 403
    assert ada.get("/").status_code == 200


def test_every_answer_carries_the_headers_that_keep_a_page_in_its_place(app: FastAPI):
    ada = Browser(app, "ada")
    for path in ("/", "/no-such-page", "/static/desk.css", "/health", "/api/v1/me"):
        headers = ada.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_no_page_holds_a_script_or_a_style_of_its_own(app: FastAPI):
    ada = Browser(app, "ada")
    for path in ("/", "/requests", "/requests/new", "/projects", "/ledger", "/api/docs"):
        text = ada.get(path).text
        assert not re.search(r"<script(?![^>]*src=)", text), path
        assert not re.search(r"\s(style|on\w+)=", text), path


def test_a_sign_in_ends_at_the_page_that_was_asked_for(app: FastAPI):
    answer = Browser(app).sign_in("ada", "/requests?state=open")
    assert answer.headers["location"] == "/requests?state=open"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/requests/1?a=b", "/requests/1?a=b"),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("evil", "/"),
        ("", "/"),
    ],
)
def test_a_sign_in_never_leads_to_another_site(asked: str, given: str):
    assert own_path(asked) == given


def test_a_sign_in_that_another_browser_began_lets_nobody_in(app: FastAPI):
    location = Browser(app).get("/").headers["location"]
    state = location.split("state=")[1]
    answer = Browser(app).get(f"/oauth_callback?code=ada&state={state}")
    assert answer.status_code == 403
    assert "did not finish" in answer.text


def test_the_cookie_is_out_of_reach_of_scripts(app: FastAPI):
    cookie = Browser(app).sign_in("ada").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "token-of" not in cookie


def test_a_session_ends_after_an_hour_without_use(app: FastAPI, clock: FakeClock):
    ada = Browser(app, "ada")
    clock.at += timedelta(minutes=59)
    assert ada.get("/").status_code == 200
    clock.at += timedelta(minutes=61)
    assert ada.get("/").status_code == 302


def test_a_session_ends_after_a_working_day_however_busy(app: FastAPI, clock: FakeClock):
    ada = Browser(app, "ada")
    for _ in range(13):
        clock.at += timedelta(minutes=50)
        answer = ada.get("/")
    assert answer.status_code == 302


def test_a_form_of_an_ended_session_says_so(app: FastAPI, clock: FakeClock):
    ada = Browser(app, "ada")
    secret = ada.csrf
    clock.at += timedelta(days=1)
    answer = ada.ask("POST", "/sign-out", data={"csrf": secret}, headers={"origin": ADDRESS})
    assert answer.status_code == 401
    assert "Your session has ended" in answer.text


def test_signing_out_ends_the_session_here_and_goes_on_to_the_hub(app: FastAPI):
    ada = Browser(app, "ada")
    kept = dict(ada.cookies)
    assert ada.send("/sign-out").headers["location"] == "http://127.0.0.1:8000/hub/logout"
    ada.cookies.update(kept)
    assert ada.get("/").status_code == 302


def test_who_is_signed_out_at_the_hub_is_signed_out_here(app: FastAPI, hub: FakeSignIn):
    ada = Browser(app, "ada")
    hub.gone.add("ada")
    assert ada.get("/").status_code == 302


def test_a_hub_that_is_away_lets_nobody_in_and_says_so(app: FastAPI, hub: FakeSignIn):
    ada = Browser(app, "ada")
    hub.is_away = True
    answer = ada.get("/requests")
    assert answer.status_code == 503
    assert "The hub does not answer" in answer.text
    assert "is lost" in answer.text


def test_somebody_whom_only_the_hub_knows_sees_nothing(app: FastAPI):
    answer = Browser(app, "nobody").get("/")
    assert answer.status_code == 403
    assert "does not know you" in answer.text


def test_another_name_of_this_machine_leads_to_the_desks_own_address(app: FastAPI):
    answer = Browser(app).get("/queue", host="evil.example")
    assert answer.headers["location"] == f"{ADDRESS}/queue"
    answer = Browser(app).ask("POST", "/sign-out", headers={"host": "evil.example"})
    assert answer.status_code == 403


def test_too_much_at_once_is_refused_before_it_is_read(app: FastAPI):
    ada = Browser(app, "ada")
    headers = {"origin": ADDRESS, "content-length": str(65 * 2**20)}
    answer = ada.ask("POST", "/requests/1/files", content=b"x", headers=headers)
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_bearer_token_of_the_hub_opens_the_api_and_nothing_else(app: FastAPI):
    stranger = Browser(app)
    assert stranger.get("/api/v1/me", authorization="Bearer token-of-ada").json()["id"] == "ada"
    assert stranger.get("/api/v1/me", authorization="Bearer nonsense").status_code == 401
    assert stranger.get("/api/v1/me", authorization="Basic token-of-ada").status_code == 401
    assert stranger.get("/", authorization="Bearer token-of-ada").status_code == 302


def test_what_breaks_inside_says_nothing_about_the_inside(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        message = "secret path /keys"
        raise RuntimeError(message)

    ada = Browser(app, "ada")
    monkeypatch.setattr("tre.desk.verbs.my_projects", broken)
    answer = ada.get("/projects")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
