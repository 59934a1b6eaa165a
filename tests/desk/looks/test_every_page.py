"""Every page of the desk in a real browser: axe-core, layout at three widths, the next step."""

import html
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from tests.desk.looks.eyes import DARK, DESK, LARGE, LIGHT, PHONE, Seen
from tests.desk.looks.pages import NO_PAGES, PAGES, ROLES, Page, names_of
from tests.desk.looks.world import Served
from tests.desk.test_gate import _flat
from tre.steps.people import load_person
from tre.vocabulary import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("looks of the desk"),
    pytest.mark.timeout(1_200),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

WIDTHS = (PHONE[0], DESK[0], LARGE[0])
OWN = tuple(page for page in PAGES if not page.stands_alone)
"""The pages that the desk draws; a notebook, a journey and an evidence pack have another style."""


def found(seen: dict[str, Seen], of: Callable[[Seen], Any], pages: tuple[Page, ...] = OWN) -> dict:
    """What is wrong, by the page's name; empty where nothing is."""
    told = {page.name: of(seen[page.name]) for page in pages}
    return {name: wrong for name, wrong in told.items() if wrong}


def test_every_route_that_shows_a_page_is_visited_by_somebody_who_may(desks: dict[str, Served]):
    paths = {
        route.path for route in _flat(desks["full"].app.routes) if "GET" in (route.methods or ())
    }
    shown = {path for path in paths if not path.startswith("/api/v1/")}
    assert set(NO_PAGES) <= shown
    named = names_of(desks["full"].facts)
    visited = {
        page.path.format(**named).partition("?")[0]
        for page in PAGES
        if page.sends is None and page.status == HTTPStatus.OK and not page.without
    } | {"/oauth_callback"}  # its one page says that the sign-in did not finish
    unseen = {
        path
        for path in shown - set(NO_PAGES)
        if not any(re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", path), one) for one in visited)
    }
    assert unseen == set()


WHO_TAKES = {"/image": "cora", "/linkages": "lena", "/satre": "mia", "/figures": "mia"}
"""Who may have what is no page; everything else is Ada's own."""


def test_what_is_said_to_be_no_page_is_none(desks: dict[str, Served]):
    desk = desks["full"]
    numbers = {"number": desk.facts["requests"]["released"], "linkage": "npd", "kind": "csv"}
    of_picture = {"number": desk.facts["requests"]["submitted"], **desk.facts["files"]}
    for path in NO_PAGES:
        names = of_picture | {"file": of_picture["figure_png"]} if "image" in path else numbers
        person = next((who for part, who in WHO_TAKES.items() if part in path), "ada")
        cookies = dict([desk.cookie(person)])
        answer = httpx.get(desk.address + path.format(**names), cookies=cookies)
        assert answer.status_code == HTTPStatus.OK, path
        assert "text/html" not in answer.headers["content-type"], path


def test_every_state_of_a_request_and_of_a_project_is_looked_at(desks: dict[str, Served]):
    for kind in ("requests", "projects"):
        states = desks["full"].facts[kind]
        assert set(states) == set(type(next(iter(states))))


def test_every_visitor_arrives(seen: dict[str, Seen]):
    assert {page.name: seen[page.name].status for page in PAGES} == {
        page.name: page.status for page in PAGES
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK, "phone"])
def test_axe_finds_nothing_on_any_page(seen: dict[str, Seen], theme: str):
    assert found(seen, lambda one: one.violations[theme], PAGES) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(seen: dict[str, Seen], width: int):
    assert (
        found(
            seen,
            lambda one: one.at[width]["scrolls"] and (one.at[width]["wide"], "hidden"),
        )
        == {}
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_is_smaller_than_12_pixels(seen: dict[str, Seen], width: int):
    assert found(seen, lambda one: one.at[width]["small"], PAGES) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_words_lie_on_other_words(seen: dict[str, Seen], width: int):
    assert found(seen, lambda one: one.at[width]["overlapping"]) == {}


def test_lines_are_short_enough_to_be_read_on_a_large_screen(seen: dict[str, Seen]):
    assert found(seen, lambda one: one.at[LARGE[0]]["long"]) == {}


def test_what_is_pressed_on_a_telephone_is_large_enough(seen: dict[str, Seen]):
    assert found(seen, lambda one: one.at[PHONE[0]]["tiny"]) == {}


def test_every_page_has_one_heading_its_landmarks_and_its_language(seen: dict[str, Seen]):
    def wrong(one: Seen) -> dict | None:
        told = one.at[DESK[0]]
        right = len(told["h1"]) == 1 and told["landmarks"] == [1, 1, 1] and told["language"] == "en"
        return None if right else {key: told[key] for key in ("h1", "landmarks", "language")}

    assert found(seen, wrong) == {}


def test_different_pages_have_different_titles(seen: dict[str, Seen]):
    by_title: dict[str, set[str]] = {}
    for page in PAGES:
        if page.status == HTTPStatus.OK and page.sends is None and not page.goes_to:
            route = re.sub(r"\{[^}]*\}", "1", page.path.partition("?")[0])
            by_title.setdefault(seen[page.name].at[DESK[0]]["title"], set()).add(route)
    assert {title: paths for title, paths in by_title.items() if len(paths) > 1} == {}


def test_every_field_has_a_name(seen: dict[str, Seen]):
    assert found(seen, lambda one: one.at[DESK[0]]["nameless"]) == {}


def test_the_focus_is_seen_on_everything_that_can_have_it(seen: dict[str, Seen]):
    assert found(seen, lambda one: one.focus["unseen"] or one.focus["positive"]) == {}


def test_every_page_says_in_its_first_screen_what_to_do_next(seen: dict[str, Seen]):
    """One thing on each page: a filled button, the first field of a form, or "Nothing …"."""

    def wrong(one: Seen) -> Any:
        said = one.at[DESK[0]]["next"]
        if len(said) != 1:
            return said or "nothing is said"
        return None if said[0]["isSeen"] and said[0]["isPlain"] else said[0]

    assert found(seen, wrong) == {}


WAITS = {
    "ada": "came back",
    "bola": "Your full accreditation ended",
    "gwen": "is not submitted yet",
    "cora": "requests to review",
    "deniz": "requests to review",
    "tess": "Nothing waits for you",
    "mia": "1 application for accreditation",
    "lena": "Look at the linkage and its transfers",
    "omar": "Look whether the ledger is whole",
    "sol": "Write down the group",
    "uma": "Decide on your data",
    "priya": "Read and vote",
}
"""What the first page names, for somebody of each role."""


def test_the_first_page_says_to_every_role_what_waits_for_it(desks: dict[str, Served]):
    assert set(WAITS) == set(ROLES.values())
    desk = desks["full"]
    for person, waits in WAITS.items():
        page = httpx.get(desk.address, cookies=dict([desk.cookie(person)])).text
        next_steps = page.partition('id="next"')[2].partition("</section>")[0]
        assert waits in html.unescape(next_steps), person


def test_somebody_of_every_role_has_looked(desks: dict[str, Served]):
    people = [load_person(desks["full"].demo.tre, person) for person in ROLES.values()]
    assert {role for person in people for role in person.roles} == set(Role)
