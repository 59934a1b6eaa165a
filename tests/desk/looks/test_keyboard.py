"""An output checker without a mouse: to the page's content, to the file, to the vote, to the end.

Here the desk's own content security policy holds, and nothing that it forbids is asked for.
"""

import pytest
from playwright.sync_api import ConsoleMessage, expect
from playwright.sync_api import Page as Tab

from tests.demo import Demo
from tests.demo_people import PRACTICE
from tests.desk.looks.eyes import sign_in
from tests.desk.looks.world import Served
from tre.safe_outputs.release_request import State
from tre.steps.ask_for_release import ask_for_release
from tre.steps.view_request import view_request

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("looks of the desk"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MOST_PRESSES = 60
"""More than this often nobody presses Tab to get anywhere."""


@pytest.fixture
def complaints(tab: Tab) -> list[str]:
    """What the browser's console says against the page."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    tab.on("console", listen)
    return said


def go(tab: Tab, desk: Served, person: str, path: str) -> None:
    sign_in(tab, desk, person)
    tab.goto(desk.address + path)


def focused(tab: Tab) -> str:
    """What has the focus, by the words that a screen reader would say first."""
    return tab.evaluate(
        """() => { const one = document.activeElement;
        const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
        return (one.getAttribute("aria-label") || label || one.innerText || one.value || "")
            .trim().replace(/\\s+/g, " "); }"""
    )


def press_until(tab: Tab, words: str, key: str = "Tab") -> None:
    """Press a key until what has the focus begins with these words."""
    passed = []
    for _ in range(MOST_PRESSES):
        tab.keyboard.press(key)
        passed.append(focused(tab))
        if passed[-1].startswith(words):
            return
    pytest.fail(f"{words!r} cannot be reached: {passed}")


def state_of(demo: Demo, request: int) -> State:
    return view_request(demo.tre, "cora", request).state


def test_the_first_press_of_tab_leads_past_the_top_to_the_content(tab: Tab, desk: Served):
    go(tab, desk, "cora", "/queue")
    tab.keyboard.press("Tab")
    assert focused(tab) == "Skip to the content"
    assert tab.evaluate("() => document.activeElement.getBoundingClientRect().top >= 0")
    tab.keyboard.press("Enter")
    assert tab.evaluate("() => document.activeElement.id") == "main"


def test_the_focus_goes_down_the_page_as_the_eye_does(tab: Tab, desk: Served):
    go(tab, desk, "mia", "/accounts/new")
    order = []
    for _ in range(MOST_PRESSES):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => document.activeElement === document.body"):
            break
        order.append(
            tab.evaluate(
                """() => [...document.querySelectorAll("*")].indexOf(document.activeElement)"""
            )
        )
    assert len(order) > 15
    assert order == sorted(order)


def test_a_checker_votes_comments_and_submits_a_review_without_a_mouse(
    tab: Tab, desk: Served, complaints: list[str]
):
    request = desk.demo.submitted()
    go(tab, desk, "cora", "/")
    press_until(tab, f"Review request {request}")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/requests/{request}")
    press_until(tab, "Review")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/files/*")
    press_until(tab, "Approved")
    tab.keyboard.press("Space")
    press_until(tab, "Comment")
    tab.keyboard.type("The intervals are wide enough.")
    press_until(tab, "Save vote")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("The intervals are wide enough.")).to_be_visible()
    tab.goto(f"{desk.address}/requests/{request}")
    press_until(tab, "Submit my review")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("You submitted it")).to_be_visible()
    assert state_of(desk.demo, request) is State.PARTIALLY_REVIEWED
    assert complaints == []


def test_findings_are_gone_through_with_two_letters(tab: Tab, desk: Served):
    demo = desk.demo
    package = demo.package(demo.table_file(protected=False))
    request = ask_for_release(demo.tre, "tess", PRACTICE, package)
    file = desk.demo.outputs(request)[0]
    go(tab, desk, "cora", f"/requests/{request}/files/{file}")
    tab.keyboard.press("j")
    assert tab.evaluate("() => document.activeElement.id") == "finding-1"
    assert tab.locator("td.lit").count() == 1


def test_what_went_wrong_has_the_focus_so_that_it_is_read_first(tab: Tab, desk: Served):
    go(tab, desk, "mia", "/accounts/new")
    tab.get_by_label("Sign-in name").fill("ada")
    tab.get_by_label("Full name").fill("Ada")
    tab.get_by_label("Organisation").fill("KCL")
    tab.get_by_role("button", name="Open the account").click()
    assert focused(tab).startswith("Not done.")
