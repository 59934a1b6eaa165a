"""Looks at every page once, in light and dark and at three widths; writes down what is there."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Response
from playwright.sync_api import Page as Tab

from tests.desk.looks.pages import Page, names_of
from tests.desk.looks.world import Served, codes_of

HERE = Path(__file__).parent
Theme = Literal["light", "dark"]
LIGHT: Theme = "light"
DARK: Theme = "dark"
DESK, LARGE, PHONE = (1280, 800), (1920, 1080), (390, 844)

MEASURE = (HERE / "measure.js").read_text()
FOCUS = (HERE / "focus.js").read_text()
ALIKE = (HERE / "alike.js").read_text()

_SEND = """([action, fields]) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = action;
  for (const [name, value] of fields) {
    const input = document.createElement("input");
    input.type = "hidden"; input.name = name; input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}"""
_OPEN_ALL = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"

_ASKED = {"resultTypes": ["violations"], "preload": False, "iframes": False}
EVERYTHING = {**_ASKED, "rules": {"target-size": {"enabled": True}}}
BUT_COLOURS = {
    **_ASKED,
    "rules": {**EVERYTHING["rules"], "color-contrast": {"enabled": False}},
}
COLOURS = {**_ASKED, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
SIZES = {
    **_ASKED,
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
}
"""What axe-core is asked: everything once, with all that folds open. Themes differ in colours
alone, and widths in sizes, so in the dark and on a telephone only those are asked again; colours
of a few of the words that look alike on a page. What a frame shows is looked at on its own
address."""
OF_THOSE_ALIKE = 3


@dataclass
class Seen:
    """What was there: axe-core's violations by theme, the measures by width, the focus."""

    status: int = 0
    path: str = ""
    violations: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    at: dict[int, dict[str, Any]] = field(default_factory=dict)
    focus: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


def window(browser: Browser, *, bypass_csp: bool = False, theme: Theme = LIGHT) -> BrowserContext:
    """A private window in which nothing moves.

    bypass_csp: lets axe-core in, which the desk's own policy would keep out as it should.
    """
    context = browser.new_context(
        viewport={"width": DESK[0], "height": DESK[1]},
        color_scheme=theme,
        reduced_motion="reduce",
        bypass_csp=bypass_csp,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(90_000)
    return context


def sign_in(tab: Tab, desk: Served, person: str | None) -> None:
    """Let the browser be that person's, or nobody's for None."""
    tab.context.clear_cookies()
    if person:
        name, value = desk.cookie(person)
        tab.context.add_cookies([{"name": name, "value": value, "url": desk.address}])


def visit(tab: Tab, desk: Served, page: Page) -> Response:
    """Go to the page as its person, by a form where it is the answer to one."""
    sign_in(tab, desk, page.person)
    address = desk.address + page.path.format(**(names_of(desk.facts) if desk.facts else {}))
    desk.hub.is_away = page.without == "hub"
    try:
        answer = tab.goto(address) if page.sends is None else _send(tab, desk, page, address)
    finally:
        desk.hub.is_away = False
    assert answer is not None
    return answer


def _send(tab: Tab, desk: Served, page: Page, address: str) -> Response:
    assert page.person
    tab.goto(desk.address + "/register")
    fields = list(page.sends or ())
    if page.proves:
        fields += codes_of(desk.demo, page.person).items()
    if page.without != "secret":
        fields.append(("csrf", desk.secret(page.person)))
    if page.without == "cookie":
        tab.context.clear_cookies()
    with tab.expect_navigation() as going:
        tab.evaluate(_SEND, [address, fields])
    return going.value


def look(tab: Tab, desk: Served, page: Page) -> Seen:
    """See one page from every side, with one visit."""
    began = time.monotonic()
    tab.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    tab.emulate_media(color_scheme=LIGHT, reduced_motion="reduce")
    answer = visit(tab, desk, page)
    seen = Seen(status=answer.status, path=tab.url.removeprefix(desk.address))
    tab.evaluate(AXE_SCRIPT)
    seen.at[DESK[0]] = tab.evaluate(MEASURE)
    tab.evaluate(_OPEN_ALL)
    seen.violations[LIGHT] = asked_of_axe(tab, BUT_COLOURS) + pale(tab)
    tab.emulate_media(color_scheme=DARK, reduced_motion="reduce")
    seen.violations[DARK] = pale(tab)
    tab.emulate_media(color_scheme=LIGHT, reduced_motion="reduce")
    tab.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
    seen.at[LARGE[0]] = tab.evaluate(MEASURE)
    tab.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    seen.at[PHONE[0]] = tab.evaluate(MEASURE)
    seen.violations["phone"] = asked_of_axe(tab, SIZES)
    tab.keyboard.press("Tab")
    seen.focus = tab.evaluate(FOCUS)
    seen.seconds = time.monotonic() - began
    return seen


def pale(tab: Tab) -> list[dict[str, Any]]:
    """Violations by the colours of words."""
    return asked_of_axe(tab, COLOURS, f"{{include: ({ALIKE})({OF_THOSE_ALIKE})}}")


def asked_of_axe(tab: Tab, options: dict[str, Any], of: str = "document") -> list[dict[str, Any]]:
    """Violations, with up to five places of each. of: what is looked at, in JavaScript."""
    found = tab.evaluate(f"() => axe.run({of}, {json.dumps(options)})")
    return [
        {
            "rule": one["id"],
            "impact": one["impact"],
            "help": one["help"],
            "where": [
                f"{node['target']} {node['html'][:160]} {_data(node)}" for node in one["nodes"][:5]
            ],
            "count": len(one["nodes"]),
        }
        for one in found["violations"]
    ]


def _data(node: dict[str, Any]) -> str:
    return "; ".join(check["message"][:140] for check in node["any"][:1])
