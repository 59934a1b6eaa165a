"""Guessing numbers and names: what is another's answers as what is not there, byte for byte."""

import re

import pytest
from sqlalchemy import func, select

from tests.demo_people import STUDY
from tests.desk.security.everybody import SUSPENDED
from tests.desk.security.visiting import Desk, routes_of
from tre.desk.gate import SAFE_METHODS
from tre.store.ledger_reading import entries
from tre.store.tables import ledger

NO_NUMBER = 98_765
NO_PROJECT = "no-such-project"
STRANGERS = ("rae", "nora")
"""People without any part in the study: of another project, and without a role."""


def pairs(desk: Desk) -> dict[str, tuple[object, object]]:
    """By the beginning of a path: what is there and is another's, and what is not there."""
    things = desk.things
    return {
        "/requests/{number}": (things.submitted, NO_NUMBER),
        "/releases/{number}": (things.released, NO_NUMBER),
        "/ingress/{number}": (things.ingress, NO_NUMBER),
        "/accreditations/{number}": (things.application, NO_NUMBER),
        "/sanctions/{number}": (1, NO_NUMBER),
        "/people/{about}": ("finn", "nobody-of-that-name"),
        "/projects/{project}": (STUDY, NO_PROJECT),
    }


def addressed(desk: Desk) -> list[tuple[str, str, object, object]]:
    """Every route with something in its address: its method, path, and the two to be compared."""
    found = []
    for method, path in routes_of(desk.app):
        for start, (there, missing) in pairs(desk).items():
            if path.removeprefix("/api/v1").startswith(start):
                found.append((method, path, there, missing))
    return found


def asked(desk: Desk, visitor: str, method: str, path: str, value: object) -> tuple:
    """Status, headers and body."""
    filled = re.sub(r"\{\w+\}", str(value), path, count=1)
    filled = re.sub(r"\{(file|comment|remark|number)\}", "1", filled)
    filled = re.sub(r"\{\w+\}", "outputs", filled)
    look = method in SAFE_METHODS
    answer = desk.ask(method, filled, visitor) if look else desk.press(method, filled, visitor, {})
    headers = {k: v for k, v in answer.headers.items() if k not in {"content-length", "date"}}
    return answer.status_code, headers, answer.text


def as_if(text: str, value: object, other: object) -> str:
    """A text as it would be, had the other value been asked for."""
    return re.sub(rf"\b{re.escape(str(value))}\b", str(other), text)


@pytest.mark.parametrize("visitor", STRANGERS)
def test_what_is_anothers_answers_as_what_is_not_there(desk: Desk, visitor: str):
    routes = addressed(desk)
    assert len(routes) > 90
    told = []
    for method, path, there, missing in routes:
        first = asked(desk, visitor, method, path, there)
        *second, text = asked(desk, visitor, method, path, missing)
        if first != (*second, as_if(text, missing, there)) or first[0] not in {403, 404, 422}:
            told.append((method, path, first[0], second[0]))
    assert told == []


@pytest.mark.parametrize("visitor", STRANGERS)
def test_ones_own_lines_on_the_ledger_do_not_tell_the_two_apart(desk: Desk, visitor: str):
    """Everybody may read their own entries: they must say no more than the answers did."""

    def lines(method: str, path: str, value: object) -> list[tuple]:
        with desk.demo.tre.store.reading() as connection:
            last = connection.execute(select(func.max(ledger.c.number))).scalar_one()
        asked(desk, visitor, method, path, value)
        with desk.demo.tre.store.reading() as connection:
            new = [e for e in entries(connection, limit=20) if e.number > last]
        told = [(e.tag, e.outcome, repr((e.person, e.project, e.request, e.details))) for e in new]
        return [(tag, outcome, as_if(text, value, "it")) for tag, outcome, text in told]

    told = [
        (method, path)
        for method, path, there, missing in addressed(desk)
        if "projects" not in path  # the id of a project that is guessed is no fact about one
        and lines(method, path, there) != lines(method, path, missing)
    ]
    assert told == []


def test_a_file_of_another_request_is_not_found_by_its_number(desk: Desk):
    """Numbers of files run through all requests; each is found in its own request alone."""
    there = desk.ask("GET", f"/requests/{desk.things.submitted}/files/{desk.things.file}", "ada")
    assert there.status_code == 200
    for number in (desk.things.released, desk.things.draft):
        for end in ("", "/image", "/notebook"):
            where = f"/requests/{number}/files/{desk.things.file}{end}"
            assert desk.ask("GET", where, "ada").status_code == 404
        call = f"/api/v1/requests/{number}/files/{desk.things.file}"
        assert desk.ask("GET", call, "ada").status_code == 404


def test_what_is_brought_in_is_no_file_of_another_number(desk: Desk):
    where = f"/ingress/{desk.things.ingress}/files/{desk.things.ingress_file + 1}"
    assert desk.ask("GET", where, "cora").status_code == 404
    assert desk.ask("GET", f"/api/v1{where}", "cora").status_code == 404


@pytest.mark.parametrize("visitor", STRANGERS)
def test_no_list_names_what_is_anothers(desk: Desk, visitor: str):
    """The pages and calls that need no number: none of them speaks of the study."""
    for path in ("/", "/requests", "/requests/new", "/projects", "/ingress", "/releases", "/me"):
        assert STUDY not in desk.ask("GET", path, visitor).text.replace(f"practice-{STUDY}", "")
    for path in ("requests", "projects", "projects/visible", "projects/tasks", "notices"):
        told = desk.ask("GET", f"/api/v1/{path}", visitor).text.replace(f"practice-{STUDY}", "")
        assert STUDY not in told
        assert SUSPENDED not in told


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "1e3", "٣", "2147483648", "9" * 40, "1%00"])
def test_a_number_that_nothing_can_have_is_not_there(desk: Desk, number: str):
    for path in ("/requests/{}", "/ingress/{}", "/accreditations/{}", "/releases/{}/download"):
        assert desk.ask("GET", path.format(number), "mia").status_code == 404
        status = desk.ask("GET", "/api/v1" + path.format(number), "mia").status_code
        assert status in {404, 422}
