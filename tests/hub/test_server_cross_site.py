"""Requests that another page sends in somebody's name: cookies, tokens, origins, hosts."""

import json
import re

import pytest
import websocket

from tests.hub.browser import Browser
from tests.hub.fake_gate import CODE, OTHER, PASSWORD

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub")]
BASE = f"/user/ada/{OTHER}"
NEW = {"type": "file", "format": "text", "content": "x"}


@pytest.fixture(scope="module")
def cookies():
    """Every cookie that an answer set, as it was spelt."""
    return []


@pytest.fixture(scope="module")
def ada(served, cookies):
    browser = Browser(served.hub)
    browser.http.event_hooks["response"].append(
        lambda answer: cookies.extend(answer.headers.get_list("set-cookie"))
    )
    browser.sign_in("ada", PASSWORD, CODE)
    assert browser.open("ada", OTHER).status_code == 200
    yield browser
    browser.stop("ada", OTHER)
    browser.close()


def test_cookies_that_let_somebody_in_are_for_this_site_and_not_for_scripts(ada, cookies):
    named = [one for one in cookies if re.match(r"jupyterhub-(user|hub|session)", one)]
    entries = [one for one in named if '=""' not in one]  # those take a cookie away
    assert {one.split("=")[0].split("-")[1] for one in entries} >= {"user", "hub"}
    for one in entries:
        assert "HttpOnly" in one, one
        assert re.search(r"SameSite=(Lax|Strict)", one, re.IGNORECASE), one


def test_a_sessions_cookie_goes_to_that_session_alone(ada, cookies):
    entries = [one for one in cookies if one.startswith(f"jupyterhub-user-ada-{OTHER}")]
    assert entries
    assert all(f"Path={BASE}/" in one for one in entries)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/contents/forged.py", NEW),
        ("POST", "/api/contents", {"type": "file"}),
        ("PATCH", "/api/contents/notes.md", {"path": "x.md"}),
        ("DELETE", "/api/contents/notes.md", None),
        ("POST", "/api/contents/notes.md/checkpoints", {}),
        ("POST", "/api/contents/x.ipynb/trust", {}),
        ("POST", "/api/kernels", {"name": "python3"}),
        ("POST", "/api/sessions", {"path": "x.ipynb", "type": "notebook", "name": "x"}),
        ("PUT", "/lab/api/settings/@jupyterlab/apputils-extension:themes", {"raw": "{}"}),
        ("PUT", "/lab/api/workspaces/default", {"data": {}, "metadata": {"id": "default"}}),
        ("POST", "/files/notes.md", {}),
    ],
)
@pytest.mark.parametrize("forged", ["no token", "foreign token", "foreign origin"])
def test_a_forged_change_is_refused(ada, served, forged, method, path, body):
    (served.home / "workspaces" / OTHER / "notes.md").write_text("kept")
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    if forged == "foreign token":
        headers |= {"X-XSRFToken": "2|00000000|" + "0" * 32 + "|1700000000"}
    if forged == "foreign origin":
        headers |= {"Origin": "https://evil.example", "X-XSRFToken": ada.xsrf(BASE + path)}
    answer = ada.http.request(method, BASE + path, json=body, headers=headers)
    assert answer.status_code in (403, 404)
    assert (served.home / "workspaces" / OTHER / "notes.md").read_text() == "kept"
    assert not (served.home / "workspaces" / OTHER / "forged.py").exists()


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://127.0.0.1:1", "null", "http://127.0.0.1.evil.example"],
)
@pytest.mark.parametrize("way", ["kernel", "events"])
def test_another_page_opens_no_socket(ada, origin, way):
    started = ada.ask("POST", f"{BASE}/api/kernels", json={"name": "python3"}).json()["id"]
    paths = {"kernel": f"/api/kernels/{started}/channels", "events": "/api/events/subscribe"}
    sent = "; ".join(
        f"{c.name}={c.value}" for c in ada.http.cookies.jar if BASE.startswith(c.path.rstrip("/"))
    )
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(
            ada.hub.replace("http", "ws", 1) + BASE + paths[way], cookie=sent, origin=origin
        )
    assert refused.value.status_code == 403
    ada.ask("DELETE", f"{BASE}/api/kernels/{started}")


def test_without_a_cookie_nothing_is_answered_but_where_to_sign_in(served, ada):
    with pytest.raises(websocket.WebSocketException, match="Redirect"):  # to the hub's sign-in
        websocket.create_connection(
            ada.hub.replace("http", "ws", 1) + BASE + "/api/events/subscribe",
            origin=ada.hub,
            redirect_limit=0,
        )
    stranger = Browser(served.hub)
    stranger.http.follow_redirects = False
    for path in ("/api/contents", "/api/kernels", "/api/status", "/tre/notice", "/lab"):
        answer = stranger.http.get(BASE + path)
        assert answer.status_code in (302, 403)
        assert "notes.md" not in answer.text
    stranger.close()


def test_a_token_in_an_address_or_from_elsewhere_opens_nothing(served, ada):
    stranger = Browser(served.hub)
    stranger.http.follow_redirects = False
    for question in ("?token=x", "?token=", "?access_token=x"):
        assert stranger.http.get(f"{BASE}/api/contents{question}").status_code in (302, 403)
    for word in ("token x", "Bearer x", "Basic eDp4"):
        headers = {"Authorization": word}
        assert stranger.http.get(f"{BASE}/api/contents", headers=headers).status_code == 403
    stranger.close()


def test_another_host_name_is_given_no_cookie_and_no_session(served, ada):
    """What a page can do that points its own name at this machine (DNS rebinding)."""
    stranger = Browser(served.hub)
    stranger.http.follow_redirects = False
    answer = stranger.http.get(f"{BASE}/api/contents", headers={"Host": "evil.example"})
    assert answer.status_code in (302, 403)
    stranger.close()
    headers = {"Host": "evil.example", "Origin": served.hub, "X-XSRFToken": ada.xsrf(f"{BASE}/")}
    forged = ada.http.put(f"{BASE}/api/contents/forged.py", json=NEW, headers=headers)
    assert forged.status_code in (403, 404)


def scripts(page: str) -> list[str]:
    return re.findall(r'<script[^>]* src="([^"]+)"', page)


def test_every_answer_carries_the_policy_the_programs_own_files_too(ada):
    lab = ada.http.get(f"{BASE}/lab")
    found = json.loads(lab.text.split('type="application/json">')[1].split("</script>")[0])
    static = found["fullStaticUrl"].rstrip("/")
    bundle = next(one for one in scripts(lab.text) if "main" in one or "static" in one)
    for path in (
        f"{BASE}/lab",
        f"{BASE}/api/contents",
        f"{BASE}/api/status",
        f"{BASE}/files/notes.md",
        f"{BASE}/no/such/page",
        f"{BASE}/static/favicons/favicon.ico",
        bundle if bundle.startswith("/") else f"{static}/{bundle}",
    ):
        answer = ada.http.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "sandbox" in policy, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
