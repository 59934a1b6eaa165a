"""Every page that shows something of people, projects, requests or books leaves its line."""

from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import Browser
from tre.store.ledger_reading import entries

People = Callable[[str], Browser]

SEEN_BY = {
    "ada": (
        *("/", "/me", "/me/accreditation", "/me/declaration", "/projects"),
        *(
            f"/projects/{STUDY}",
            "/requests/1",
            "/ledger",
            "/api/v1/me/page",
            "/api/v1/projects/visible",
        ),
    ),
    "mia": (
        *("/projects", "/people", "/people/ada", "/sanctions", "/sanctions/new", "/queue"),
        *("/ledger", "/satre", "/linkages/npd", "/api/v1/people", "/api/v1/ledger"),
    ),
}
PUBLIC = ("/register", "/api/v1/catalogue")
"""What holds nobody's data, and everybody may read."""


def last_line(demo: Demo):
    with demo.tre.store.reading() as connection:
        return entries(connection, limit=1)[0]


@pytest.mark.parametrize("person", sorted(SEEN_BY))
def test_a_page_that_is_looked_at_leaves_a_line(demo: Demo, browser: People, person: str):
    demo.submitted()
    visitor = browser(person)
    for path in SEEN_BY[person]:
        before = last_line(demo).number
        assert visitor.get(path).status_code == 200, path
        line = last_line(demo)
        assert (line.number > before, line.actor, line.outcome) == (True, person, "done"), path


def test_what_everybody_may_read_leaves_none(demo: Demo, browser: People):
    visitor = browser("ada")
    for path in PUBLIC:
        before = last_line(demo).number
        assert visitor.get(path).status_code == 200, path
        assert last_line(demo).number == before, path
