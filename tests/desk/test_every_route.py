"""Every route for everybody: what each sort of visitor gets, and that nobody gets more."""

import re
from collections.abc import Collection

import pytest

from tests.demo_people import STUDY
from tests.desk.security.api_table import CALLS, body_of
from tests.desk.security.everybody import APART, GHOST, NOBODY, VISITORS, Things
from tests.desk.security.headers import problems_of
from tests.desk.security.route_table import KNOWS, NO_PICTURE, OPEN, PAGES, Row
from tests.desk.security.visiting import Desk, routes_of
from tre.desk.gate import SAFE_METHODS
from tre.vocabulary import Role

API = "/api/v1"
ELSEWHERE = {
    ("GET", "/oauth_callback"): "the way back from the hub: test_gate.py",
    ("GET", "/static"): "the folder of style sheets and scripts: nobody's, and for everybody",
    **NO_PICTURE,
}
TABLE: dict[tuple[str, str], Row] = PAGES | {
    (method, API + path): row for (method, path), row in CALLS.items()
}


def test_every_route_is_in_the_table_and_nothing_else(desk: Desk):
    served = {(m, path.rstrip("/") or "/") for m, path in routes_of(desk.app)}
    assert served == {*TABLE, *ELSEWHERE}


def test_every_role_is_in_the_table():
    assert set(APART) == set(Role)


def address(things: Things, thing: str, path: str) -> str:
    """The path with the numbers and names of a thing in it."""
    numbers = {
        "draft": (things.draft, things.file),
        "submitted": (things.submitted, things.file),
        "released": (things.released, 1),
        "reviewed": (things.reviewed, 0),
        "more data": (things.more_data, 0),
        "ingress": (things.ingress, things.ingress_file),
        "study": (things.change, 0),
    }
    number, file = numbers.get(thing, (1, 1))
    values = {
        "number": number,
        "file": file,
        "comment": things.comment,
        "remark": things.comment,
        "group": "outputs",
        "project": things.projects.get(thing.removesuffix(" project"), STUDY),
        "about": "finn",
        "linkage": "npd",
        "kind": "csv",
        "dataset": "cris",
    }
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), path)


def expected(row: Row, visitor: str, method: str, path: str) -> Collection[int]:
    """The statuses that a visitor may get."""
    if row.who == OPEN:
        return {200}
    if visitor == NOBODY:
        return {401} if path.startswith(API) or method not in SAFE_METHODS else {302}
    if visitor == GHOST:
        return {403}
    if visitor not in KNOWS[row.thing]:
        return {404}
    return row.let_in if visitor in row.who else {row.refused}


@pytest.mark.parametrize(("method", "path"), sorted(TABLE))
def test_everybody_gets_what_the_table_says(desk: Desk, method: str, path: str):
    row = TABLE[method, path]
    sent = row.sent
    if path.startswith(API):
        sent = body_of(desk.app.openapi(), method, path, row.sent)
    where = address(desk.things, row.thing, path)
    wrong = {}
    for visitor in VISITORS:
        looks = method in SAFE_METHODS
        answer = (
            desk.ask(method, where, visitor) if looks else desk.press(method, where, visitor, sent)
        )
        problems = problems_of(answer, method, path)
        if answer.status_code not in expected(row, visitor, method, path) or problems:
            wrong[visitor] = (answer.status_code, expected(row, visitor, method, path), problems)
        if not looks and answer.is_success | answer.is_redirect:
            desk.go_back()
    assert not wrong, wrong
