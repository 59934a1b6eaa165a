"""The hub's own pages, drawn from their templates: the desk's hand, and nothing that axe finds."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from playwright.sync_api import Page as Tab

from tests.chromium import running_chromium
from tests.desk.looks.eyes import (
    AXE_SCRIPT,
    DARK,
    DESK,
    EVERYTHING,
    LIGHT,
    MEASURE,
    PHONE,
    asked_of_axe,
    window,
)
from tre.decision import ALLOWED, Decision, refuse
from tre.desk.app import STATIC
from tre.hub.look import TEMPLATES
from tre.vocabulary import Safe

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("looks of the desk"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

REFUSED = refuse(Safe.PEOPLE, "accredited", "your accreditation ended on 10 January 2026").also(
    refuse(Safe.PROJECTS, "passport", "the project needs a research passport of SLaM")
)
"""A refusal with two reasons."""


def _project(number: int, decision: Decision, **more: Any) -> SimpleNamespace:
    known = {
        "id": f"study-{number}",
        "title": f"Study {number} of school and illness",
        "summary": "How mental health in childhood and attainment go together.",
        "state": "accredited",
        "practice": False,
        "data": ("cris", "npd"),
        "ends": "5 January 2027",
        "decision": decision,
        "has_extract": True,
    }
    return SimpleNamespace(**known | more)


ADA = SimpleNamespace(name="ada", escaped_name="ada")
PROJECTS = (
    _project(1, ALLOWED),
    _project(2, ALLOWED, practice=True),
    _project(3, ALLOWED, has_extract=False),
    _project(4, REFUSED),
)
ENDED = SimpleNamespace(
    unexpected=False,
    title="Study 1 of school and illness",
    reasons=(("Safe People", "your training ended yesterday"),),
)
GONE = SimpleNamespace(unexpected=True, title="Study 1 of school and illness", reasons=())

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sign in": ("login.html", {"user": None}),
    "sign in, wrong": ("login.html", {"user": None, "login_error": "That was not right."}),
    "sign in elsewhere": ("login.html", {"user": None, "login_service": "King's"}),
    "projects": ("home.html", {}),
    "no projects": ("home.html", {"tre_projects": tuple}),
    "refused": ("error.html", {"exception": SimpleNamespace(decision=REFUSED)}),
    "not here": ("404.html", {"status_code": 404}),
    "error": ("error.html", {"status_code": 500, "status_message": "Internal error"}),
    "may not start": ("not_running.html", {"exception": SimpleNamespace(decision=REFUSED)}),
    "did not start": ("not_running.html", {"failed": True}),
    "not running": ("not_running.html", {}),
    "ended": ("ended.html", {"ended": ENDED}),
    "stopped unexpectedly": ("ended.html", {"ended": GONE}),
    "opening": ("spawn_pending.html", {"progress_url": "/progress"}),
    "stopping": ("stop_pending.html", {}),
    "choose": ("spawn.html", {"error_message": ""}),
    "signed out": ("logout.html", {"user": None}),
    "tokens": ("token.html", {}),
}


def drawn(name: str) -> str:
    """A page of the hub as JupyterHub would fill it, without its script."""
    template, more = PAGES[name]
    around = {
        "base_url": "/hub/",
        "tre_style": Markup((TEMPLATES / "hub.css").read_text()),
        "tre_script": "",
        "tre_desk": "http://127.0.0.1:8001",
        "tre_code_command": ".venv/bin/tre person code NAME",
        "tre_projects": lambda: PROJECTS,
        "tre_running": lambda: {"study-2"},
        "tre_ending": lambda _: None,
        "user": ADA,
        "server_name": "study-1",
        "spawn_url": "/hub/spawn/ada/study-1",
        "login_url": "/hub/login",
        "logout_url": "/hub/logout",
        "authenticator_login_url": "/hub/login",
    }
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template(template).render(**around | more)


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with running_chromium() as browser:
        yield window(browser, bypass_csp=True).new_page()


@pytest.mark.parametrize("name", list(PAGES))
def test_axe_finds_nothing_in_light_in_dark_and_on_a_telephone(tab: Tab, name: str):
    tab.set_content(drawn(name))
    tab.evaluate(AXE_SCRIPT)
    for theme, (width, height) in ((LIGHT, DESK), (DARK, DESK), (LIGHT, PHONE)):
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert asked_of_axe(tab, EVERYTHING) == []
        told = tab.evaluate(MEASURE)
        wrong = {key: told[key] for key in ("scrolls", "small", "long", "overlapping", "nameless")}
        assert not any(wrong.values()), (width, wrong)
        assert len(told["h1"]) == 1
    assert told["tiny"] == []


@pytest.mark.parametrize("name", list(PAGES))
def test_one_thing_to_press_stands_out_in_the_first_screen(tab: Tab, name: str):
    tab.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    tab.set_content(drawn(name))
    filled = tab.locator("main :is(.button, button):not(.quiet)")
    if name == "opening":
        assert filled.count() == 0  # it opens by itself, and says so
        return
    if name == "stopping":
        filled = tab.locator("main .button")
    box = filled.first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= DESK[1]


def colours(stylesheet: Path, names: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The light and the dark value of each colour, by the desk's name for it."""
    text = stylesheet.read_text()
    found = {}
    for desk_name, own_name in names.items():
        pair = re.search(rf"--{own_name}: light-dark\((#\w+), (#\w+)\)", text)
        each = re.findall(rf"--{own_name}: (#\w+)", text)
        light, dark = pair.groups() if pair else each
        found[desk_name] = (light, dark)
    return found


def test_hub_and_desk_are_drawn_with_the_same_colours():
    shared = (
        "ink",
        "soft",
        "paper",
        "line",
        "line-strong",
        "accent",
        "fail",
        "review",
        "pass",
        "top",
    )
    of_desk = {name: name for name in shared} | {"card": "card", "accent-tint": "accent-tint"}
    of_hub = {name: name for name in shared} | {"card": "sheet", "accent-tint": "accent-wash"}
    assert colours(TEMPLATES / "hub.css", of_hub) == colours(STATIC / "desk.css", of_desk)
