"""A review in a real browser: its keys, an ended session, and strangers' files that do nothing."""

import nbformat
import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.demo_people import PRACTICE
from tests.desk.looks.eyes import sign_in
from tests.desk.looks.world import Served
from tre.safe_outputs.release_request import FileKind
from tre.steps.ask_for_release import PackageFile, ask_for_release
from tre.steps.view_request import view_request

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("looks of the desk"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def request_number(desk: Served) -> int:
    """A practice request whose table has a cell that is too small."""
    package = desk.demo.package(desk.demo.table_file(protected=False))
    return ask_for_release(desk.demo.tre, "tess", PRACTICE, package)


def test_n_leads_to_the_first_file_and_on_and_p_back(
    tab: Tab, desk: Served, request_number: int
) -> None:
    view = view_request(desk.demo.tre, "cora", request_number)
    first, second = [file.id for group in view.groups for file in group.files]
    sign_in(tab, desk, "cora")
    tab.goto(f"{desk.address}/requests/{request_number}")
    for key, file in (("n", first), ("n", second), ("p", first)):
        tab.keyboard.press(key)
        tab.wait_for_url(f"**/files/{file}")


def test_j_goes_to_the_next_finding_which_is_seen_and_read_out(
    tab: Tab, desk: Served, request_number: int
) -> None:
    file = desk.demo.outputs(request_number)[0]
    sign_in(tab, desk, "cora")
    tab.goto(f"{desk.address}/requests/{request_number}/files/{file}")
    tab.keyboard.press("j")
    focused = tab.locator(":focus")
    assert focused.get_attribute("id") == "finding-1"
    told = focused.get_attribute("aria-label") or ""
    assert told.startswith("Finding 1 of ")
    assert ", fail: " in told
    look = focused.evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert look != "none"
    # A letter that is typed into a text is only a letter.
    tab.locator("#vote-text").focus()
    tab.keyboard.type("jn")
    expect(tab.locator("#vote-text")).to_have_value("jn")
    assert tab.url.endswith(f"/files/{file}")


def test_what_was_written_before_the_session_ended_is_there_after_signing_in(
    tab: Tab, desk: Served, request_number: int
) -> None:
    file = desk.demo.outputs(request_number)[0]
    page = f"{desk.address}/requests/{request_number}/files/{file}"
    sign_in(tab, desk, "cora")
    tab.goto(page)
    tab.locator("#vote-text").fill("The intervals are too narrow.")
    tab.get_by_label("Changes requested").check()
    tab.context.clear_cookies()  # the session is over
    tab.get_by_role("button", name="Save vote").click()
    expect(tab.get_by_text("Your session has ended")).to_be_visible()
    way_back = tab.get_by_role("link", name="Sign in again").get_attribute("href")
    assert way_back == f"/requests/{request_number}/files/{file}"
    sign_in(tab, desk, "cora")
    tab.goto(page)
    expect(tab.locator("#vote-text")).to_have_value("The intervals are too narrow.")
    tab.get_by_label("Changes requested").check()
    tab.get_by_role("button", name="Save vote").click()
    expect(tab.locator(".comment .said")).to_have_text("The intervals are too narrow.")
    expect(tab.locator("#vote-text")).to_have_value("")


_ACT = "console.log('it ran'); fetch('http://evil.invalid/')"
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="{_ACT}">
<script>{_ACT}</script><image href="http://evil.invalid/a.png" width="9" height="9"/>
<rect width="20" height="20"/></svg>"""
HTML = f"""<p>seen</p><script>{_ACT}</script><img src="http://evil.invalid/" onerror="{_ACT}">"""


def test_a_picture_and_a_notebook_do_nothing_even_on_a_page_of_their_own(
    tab: Tab, desk: Served
) -> None:
    output = nbformat.v4.new_output("display_data", {"text/html": HTML})
    cells = [nbformat.v4.new_code_cell("1", outputs=[output])]
    notebook = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    package = desk.demo.package(
        PackageFile("figure.svg", SVG.encode(), FileKind.OUTPUT),
        PackageFile("study.ipynb", notebook, FileKind.CODE),
    )
    number = ask_for_release(desk.demo.tre, "finn", PRACTICE, package)
    view = view_request(desk.demo.tre, "cora", number)
    files = {file.name: file.id for group in view.groups for file in group.files}
    asked: list[str] = []
    said: list[str] = []
    tab.on("response", lambda answer: asked.append(answer.url))
    refused: set[tuple[str, str | None]] = set()
    tab.on("requestfailed", lambda request: refused.add((request.url, request.failure)))
    tab.on("console", lambda message: said.append(message.text))
    sign_in(tab, desk, "cora")
    where = f"{desk.address}/requests/{number}/files"
    for path in (
        f"{files['figure.svg']}/image",
        f"{files['study.ipynb']}/notebook",
        f"{files['figure.svg']}",
        f"{files['study.ipynb']}",
    ):
        tab.goto(f"{where}/{path}")
        tab.wait_for_load_state("networkidle")
    assert "it ran" not in said
    assert [url for url in asked if "evil" in url] == []
    # the browser kept them in: they did not fail because nobody has that name
    assert {why for url, why in refused if "evil" in url} <= {"csp"}
    assert any(url.endswith("/image") for url in asked)
    # The browser itself says that it would not: it was asked to.
    assert any("script" in text.lower() for text in said)
