"""In a real browser: what output can send from a session's page, and what runs at the desk."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.attack.weak import Bare
from tests.chromium import running_chromium
from tre.attack import hostile
from tre.attack.package import sent_package
from tre.attack.target import Target
from tre.attack.visitor import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("attack"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

BEACONS = """async ({here, hub, desk}) => {
  const body = document.body, add = html => body.insertAdjacentHTML("beforeend", html);
  add(`<img src="${here}/img">`);
  add(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${here}/svg"/></svg>`);
  add(`<iframe src="${here}/iframe"></iframe>`);
  add(`<link rel="stylesheet" href="${here}/style">`);
  add(`<div style="background:url(${here}/css)">a</div>`);
  add(`<video src="${here}/video"></video><object data="${here}/object"></object>`);
  add(`<form id="f" action="${here}/form" target="g"><input name="q"></form>`);
  add(`<iframe name="g"></iframe>`);
  document.getElementById("f").submit();
  const script = document.createElement("script");
  script.src = `${here}/script`;
  body.append(script);
  new Image().src = `${here}/image`;
  navigator.sendBeacon(`${here}/beacon`, "x");
  try { window.open(`${here}/open`); } catch {}
  try { new WebSocket(here.replace("http", "ws") + "/socket"); } catch {}
  try { new EventSource(`${here}/events`); } catch {}
  for (const to of [`${here}/fetch`, `${hub}/hub/api/user`, `${desk}/api/v1/me`])
    try { await fetch(to, {mode: "no-cors", credentials: "include"}); } catch {}
  await new Promise(done => setTimeout(done, 1500));
}"""
"""Everything that an output's script may try, short of leaving the page."""


class Heard:
    """A site elsewhere that writes down who calls."""

    def __init__(self) -> None:
        heard: list[str] = []

        class Writing(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(self.path.partition("?")[0])
                self.send_response(204)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - http.server's

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self.paths = heard
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Writing)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def elsewhere() -> Iterator[Heard]:
    heard = Heard()
    yield heard
    heard.server.shutdown()
    heard.server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


def window_of(chromium: Browser, visitor: Visitor) -> BrowserContext:
    """A private window with the cookies that this person has."""
    window = chromium.new_context()
    for cookie in visitor.http.cookies.jar:
        window.add_cookies(
            [
                {
                    "name": cookie.name,
                    "value": str(cookie.value),
                    "domain": "127.0.0.1",
                    "path": cookie.path,
                }
            ]
        )
    return window


def send_beacons(page: Page, target: Target, elsewhere: Heard) -> set[str]:
    where = {
        "here": elsewhere.address,
        "hub": target.config.url,
        "desk": target.config.desk_address,
    }
    page.evaluate(BEACONS, where)
    return set(elsewhere.paths)


def test_output_reaches_no_other_site_the_hub_or_the_desk(
    chromium: Browser, target: Target, elsewhere: Heard
):
    ada = target.ada
    window = window_of(chromium, ada)
    page = window.new_page()
    page.goto(f"{target.config.url}{ada.base}lab", wait_until="domcontentloaded")
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(answer.url))
    assert send_beacons(page, target, elsewhere) == set()
    assert not [url for url in asked if "/hub/api/user" in url or "/api/v1/me" in url]
    assert len(window.pages) == 1, "a window was opened"
    window.close()


def test_the_same_output_on_a_page_without_a_policy_reaches_it(
    chromium: Browser, bare: Bare, elsewhere: Heard
):
    window = chromium.new_context()
    page = window.new_page()
    page.goto(f"{bare.address}/lab")
    heard = send_beacons(page, bare, elsewhere)
    assert {"/img", "/svg", "/iframe", "/css", "/form", "/script", "/beacon", "/fetch"} <= heard
    window.close()


@pytest.mark.parametrize("name", ["results.ipynb", "page.html", "notes.md", "script.svg"])
def test_nothing_of_a_hostile_file_runs_on_the_checkers_page(
    chromium: Browser, target: Target, name: str
):
    package = target.once(sent_package)
    window = window_of(chromium, target.cora)
    page, asked, said = watched(window)
    page.goto(f"{target.config.desk_address}{package.page(name)}", wait_until="load")
    page.wait_for_timeout(500)
    assert page.get_by_role("heading", name=name).count() == 1
    assert "attacked" not in said
    assert not [url for url in asked if "attack.example" in url]
    window.close()


def test_the_same_page_runs_where_it_is_not_made_inert(chromium: Browser):
    window = chromium.new_context()
    page, asked, said = watched(window)
    page.route("**/*", lambda route: route.abort())
    page.route(
        "http://raw.example/",
        lambda route: route.fulfill(body=hostile.page().decode(), content_type="text/html"),
    )
    page.goto("http://raw.example/", wait_until="commit")
    for _ in range(600):
        if "attacked" in said and any("attack.example" in url for url in asked):
            break
        page.wait_for_timeout(100)
    assert "attacked" in said
    assert [url for url in asked if "attack.example" in url]
    window.close()


def watched(window: BrowserContext) -> tuple[Page, list[str], list[str]]:
    """A page that tells when a hostile file's function is called, and all that it asks for."""
    page, asked, said = window.new_page(), [], []
    page.add_init_script("window.attack = () => console.log('attacked')")
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    return page, asked, said
