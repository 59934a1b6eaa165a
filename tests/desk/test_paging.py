"""Long lists, fifty rows a page: on the pages of the desk and in its API alike."""

import re
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import update

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import Browser
from tre.decision import UnusableRequestError
from tre.desk.paging import A_PAGE, paged
from tre.safe_people.person import Person
from tre.safe_projects.project import Project
from tre.steps.change_roles import change_roles
from tre.steps.people import load_person, people
from tre.steps.projects import load_project, projects
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.tre import SYSTEM
from tre.store.tables import requests
from tre.vocabulary import Role

People = Callable[[str], Browser]

MORE = 60


@pytest.mark.parametrize(
    ("rows", "number", "first", "last", "pages"),
    [
        (0, 1, None, None, 1),
        (1, 1, 0, 0, 1),
        (50, 1, 0, 49, 1),
        (51, 1, 0, 49, 2),
        (51, 2, 50, 50, 2),
        (120, 3, 100, 119, 3),
    ],
)
def test_a_page_holds_fifty(rows: int, number: int, first: int, last: int, pages: int):
    cut = paged(range(rows), number)
    assert (cut.pages, cut.total) == (pages, rows)
    assert list(cut.rows) == ([] if first is None else list(range(first, last + 1)))


@pytest.mark.parametrize(("rows", "number"), [(0, 2), (50, 2), (51, 3), (51, 0)])
def test_a_page_that_is_not_there_is_refused_with_the_last(rows: int, number: int):
    with pytest.raises(UnusableRequestError, match=r"there is no page \d; the last one is [12]"):
        paged(range(rows), number)


@pytest.mark.parametrize(
    ("number", "offered"),
    [
        (1, (1, 2, None, 20)),
        (2, (1, 2, 3, None, 20)),
        (4, (1, None, 3, 4, 5, None, 20)),
        (20, (1, None, 19, 20)),
    ],
)
def test_pages_that_are_near_are_offered_with_the_first_and_last(number: int, offered: tuple):
    assert paged(range(20 * A_PAGE), number).around == offered


def test_links_keep_what_else_stands_in_the_address():
    cut = paged(range(3 * A_PAGE), 2, address="state=failed&state=reviewed")
    assert cut.link(3) == "state=failed&state=reviewed&page=3"
    assert cut.link(1) == "state=failed&state=reviewed"


@pytest.fixture
def crowd(demo: Demo) -> Demo:
    """Many people, projects and requests; each page is asked for below."""
    ada, study = load_person(demo.tre, "ada"), load_project(demo.tre, STUDY)
    for number in range(MORE):
        record_person(demo.tre, SYSTEM, _person(ada, number))
        record_project(demo.tre, SYSTEM, _project(study, number))
    return demo


def _person(like: Person, number: int) -> Person:
    return replace(like, id=f"person-{number:02}", name=f"Person {number:02}")


def _project(like: Project, number: int) -> Project:
    return replace(like, id=f"study-{number:02}", title=f"Study {number:02}")


def rows_of(page: str, path: str) -> list[str]:
    return re.findall(rf'class="row-link" href="{path}/([^"]+)"', page)


def test_everybody_is_found_on_some_page_and_the_total_is_told(crowd: Demo, browser: People):
    everybody = [one.id for one in people(crowd.tre, "mia")]
    mia = browser("mia")
    first, second = (mia.get(f"/people{query}").text for query in ("", "?page=2"))
    assert rows_of(first, "/people") + rows_of(second, "/people") == everybody
    assert len(rows_of(first, "/people")) == A_PAGE
    assert f'Everybody <span class="count">{len(everybody)}</span>' in first
    assert f"1 to 50 of {len(everybody)} people" in first
    assert f"51 to {len(everybody)} of {len(everybody)} people" in second
    assert '<a rel="next" href="/people?page=2">Next</a>' in first
    assert '<a rel="prev" href="/people?">Previous</a>' in second
    assert 'aria-current="page">2</a>' in second


def test_projects_that_are_not_mine_have_pages(crowd: Demo, browser: People):
    listed = [one.id for one in projects(crowd.tre, "mia")]
    mia = browser("mia")
    shown = [rows_of(mia.get(f"/projects?page={n}").text, "/projects") for n in (1, 2)]
    assert shown[0] + shown[1] == listed
    assert len(shown[0]) == A_PAGE


@pytest.mark.parametrize("path", ["/api/v1/people", "/api/v1/projects/visible"])
def test_a_program_is_told_how_many_there_are_and_where_more_are(
    crowd: Demo, browser: People, path: str
):
    mia = browser("mia")
    first = mia.ask("GET", path)
    assert len(first.json()) == A_PAGE
    assert first.headers["link"] == f'<{path}?page=2>; rel="next"'
    second = mia.ask("GET", next_of(first))
    assert second.headers["link"] == f'<{path}?page=1>; rel="prev"'
    total = int(second.headers["x-total-count"])
    assert A_PAGE + len(second.json()) == total > MORE
    ids = [one["id"] for one in [*first.json(), *second.json()]]
    assert len(set(ids)) == total


def next_of(answer: httpx.Response) -> str:
    return answer.links["next"]["url"]


@pytest.mark.parametrize("path", ["/people", "/projects", "/requests", "/queue"])
@pytest.mark.parametrize("page", ["99", "0", "-1", "x", "1&page=2", "9" * 30, "%D9%A1"])
def test_a_page_that_nobody_has_is_said_in_words(browser: People, path: str, page: str):
    person = {"/requests": "ada", "/queue": "cora"}.get(path, "mia")
    answer = browser(person).get(f"{path}?page={page}")
    assert answer.status_code == 422
    assert "page" in answer.text
    called = {"/projects": "/projects/visible"}.get(path, path)
    if page != "1&page=2":
        assert browser(person).ask("GET", f"/api/v1{called}?page={page}").status_code == 422


def released_requests(demo: Demo, count: int) -> list[int]:
    """One after the other, since a person has one open request in a workspace."""
    made = []
    for _ in range(count):
        made.append(demo.submitted())
        with demo.tre.store.writing() as change:
            change.connection.execute(update(requests).values(state="released"))
    return made


def give_to_others(demo: Demo, numbers: list[int]) -> None:
    """Each of another author, and waiting again."""
    authors = [one.id for one in people(demo.tre, "mia") if one.id not in {"cora", "mia"}]
    with demo.tre.store.writing() as change:
        for number, author in zip(numbers, authors, strict=False):
            change.connection.execute(
                update(requests)
                .where(requests.c.id == number)
                .values(author=author, state="submitted")
            )


def test_my_requests_and_the_queue_have_pages(demo: Demo, browser: People, monkeypatch):
    monkeypatch.setattr("tre.desk.paging.A_PAGE", 2)
    made = released_requests(demo, 5)
    ada = browser("ada")
    mine = [rows_of(ada.get(f"/requests?page={n}").text, "/requests") for n in (1, 2, 3)]
    assert [len(page) for page in mine] == [2, 2, 1]
    assert [int(one) for page in mine for one in page] == made[::-1]
    assert "5 requests, the newest first." in ada.get("/requests").text
    called = ada.ask("GET", "/api/v1/requests?page=3")
    assert ([one["id"] for one in called.json()], called.headers["x-total-count"]) == (
        made[:1],
        "5",
    )
    give_to_others(demo, made)
    cora = browser("cora")
    pages = [cora.get(f"/queue?state=reviewed&state=submitted&page={n}").text for n in (1, 2, 3)]
    shown = [int(one) for page in pages for one in rows_of(page, "/requests")]
    assert sorted(shown) == made
    assert 'Waiting for you <span class="count">5</span>' in pages[2]
    assert "state=reviewed&amp;state=submitted&amp;page=2" in pages[0]
    assert "5 of 5 requests fit." in pages[0]
    called = cora.ask("GET", "/api/v1/queue?state=reviewed&state=submitted&page=2")
    assert len(called.json()) == 2
    assert called.links["next"]["url"] == "/api/v1/queue?state=reviewed&state=submitted&page=3"


def test_the_ledger_says_how_much_there_is_and_leads_to_older_entries(demo: Demo, browser: People):
    for _ in range(A_PAGE + 5):
        browser("ada").get("/requests")
    query = "person=ada&tag=outputs:request:view"
    page = browser("mia").get(f"/ledger?{query}").text
    assert f"{A_PAGE + 5} entries fit these fields; here are {A_PAGE} of them" in page
    mia = browser("mia")
    first = mia.ask("GET", f"/api/v1/ledger?{query}")
    assert (len(first.json()), first.headers["x-total-count"]) == (A_PAGE, str(A_PAGE + 5))
    second = mia.ask("GET", next_of(first))
    assert len(second.json()) == 5
    assert "link" not in second.headers
    numbers = [one["number"] for one in [*first.json(), *second.json()]]
    assert numbers == sorted(set(numbers), reverse=True)


def test_the_total_tells_nothing_of_what_is_hidden(demo: Demo, browser: People):
    """Else a checker would learn from it that the other one has voted, before both have."""
    change_roles(demo.tre, "mia", "cora", {Role.OUTPUT_CHECKER, Role.TRE_MANAGER})
    request = demo.submitted()
    cora, omar, query = browser("cora"), browser("omar"), f"request={request}&person=deniz"
    demo.review(request, "deniz")

    def told(who: Browser, more: str) -> int:
        return int(who.ask("GET", f"/api/v1/ledger?{query}{more}").headers["x-total-count"])

    for tag in ("outputs:review:vote", "outputs:review:submit", "outputs:review"):
        assert told(omar, f"&tag={tag}") > 0
        only_hidden = tag != "outputs:review"
        assert (told(cora, f"&tag={tag}") == 0) is only_hidden
    answer = cora.ask("GET", f"/api/v1/ledger?{query}")
    assert int(answer.headers["x-total-count"]) == len(answer.json())
