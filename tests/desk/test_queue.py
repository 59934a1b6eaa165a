"""The queue's page, its API and its command: filters in the address, age in words and drawn."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.steps.people import load_person
from tre.steps.queue import queue
from tre.steps.record_person import record_person
from tre.steps.tre import SYSTEM
from tre.store.ledger_reading import Search, found
from tre.store.tables import requests

People = Callable[[str], Browser]


def shown(page: str) -> list[int]:
    """The numbers of the requests on the page, in order."""
    return [int(number) for number in re.findall(r'class="row-link" href="/requests/(\d+)"', page)]


def test_the_age_is_said_in_words_and_drawn(demo: Demo, browser: People):
    demo.submitted()
    demo.clock.move(days=2)
    page = browser("cora").get("/queue").text
    assert "2 of 5 working days" in page
    assert '<meter min="0" max="5" value="2"' in page
    assert "3 working days left" in page
    assert "due 9 March 2026" in page
    demo.clock.move(days=8)  # Thursday 12 March: day 8
    page = browser("cora").get("/queue").text
    assert "3 working days late" in page
    assert "8 of 5 working days" in page


def test_filters_stand_in_the_address(demo: Demo, browser: People):
    request = demo.submitted(demo.table_file(protected=False))
    cora = browser("cora")
    page = cora.get("/queue?verdict=fail&state=submitted").text
    assert shown(page) == [request]
    assert "1 of 1 request fits." in page
    assert '<input type="checkbox" name="verdict" value="fail" checked> fail' in page
    assert '<input type="checkbox" name="verdict" value="pass"> pass' in page
    assert 'href="/queue">Clear filters</a>' in page


def test_an_empty_view_says_which_filter_hides_what(demo: Demo, browser: People):
    demo.submitted(demo.table_file(protected=False))
    page = browser("cora").get("/queue?verdict=pass&project=early-onset-psychosis").text
    assert shown(page) == []
    assert "<strong>Verdict: pass</strong> hides 1 of 1." in page
    assert 'href="/queue?project=early-onset-psychosis">Without it 1 would be shown' in page
    assert "Project: early-onset-psychosis</strong> hides 0 of 1." in page


@pytest.mark.parametrize("address", ["state=draft", "colour=red", "sort=oldest&sort=title"])
def test_what_the_page_does_not_know_is_refused_and_not_ignored(
    demo: Demo, browser: People, address: str
):
    demo.submitted()
    answer = browser("cora").get(f"/queue?{address}")
    assert answer.status_code == 422
    assert shown(answer.text) == []
    assert "Nobody looked." in answer.text
    called = browser("cora").ask("GET", f"/api/v1/queue?{address}")
    assert called.status_code == 422
    assert called.json()["reasons"]


def test_a_filter_is_no_way_around_the_refusal(browser: People):
    assert browser("ada").get("/queue?state=draft").status_code == 403


def test_the_api_takes_the_same_filters(demo: Demo, browser: People):
    request = demo.submitted()
    cora = browser("cora")
    (row,) = cora.ask("GET", "/api/v1/queue?kind=table&whose=waiting").json()
    assert (row["id"], row["kinds"], row["due_on"]) == (request, ["table"], "2026-03-09")
    assert cora.ask("GET", "/api/v1/queue?kind=figure").json() == []


def test_what_waits_for_me_changes_as_we_answer(demo: Demo, browser: People):
    request = demo.submitted()

    def waits() -> dict[str, list[int]]:
        return {
            who: shown(browser(who).get("/queue?whose=waiting").text)
            for who in ("cora", "deniz", "emi", "mia")
        }

    everybody = [request]
    assert waits() == {"cora": everybody, "deniz": everybody, "emi": everybody, "mia": []}
    demo.review(request, "cora")
    assert waits() == {"cora": [], "deniz": everybody, "emi": everybody, "mia": []}
    assert shown(browser("cora").get("/queue?whose=answered").text) == [request]
    demo.review(request, "deniz")  # the two decide together now; a third is not asked
    assert waits() == {"cora": everybody, "deniz": everybody, "emi": [], "mia": []}
    assert shown(browser("emi").get("/queue").text) == [request]


def test_what_is_stuck_waits_for_the_manager_who_sees_everyones(demo: Demo, browser: People):
    request = demo.reviewed()
    with demo.tre.store.writing() as change:
        change.connection.execute(update(requests).values(state="failed"))
    page = browser("mia").get("/queue?whose=waiting").text
    assert shown(page) == [request]
    assert "stuck" in page
    assert [row.late for row in queue(demo.tre, "mia")] == [False]


def test_nothing_waits_for_a_supervisor_of_its_author(demo: Demo):
    ada = replace(load_person(demo.tre, "ada"), supervisor="emi")
    record_person(demo.tre, SYSTEM, ada)
    demo.submitted()
    assert [row.waits_for_me for row in queue(demo.tre, "emi")] == [False]
    assert [row.waits_for_me for row in queue(demo.tre, "cora")] == [True]


def test_the_ledger_keeps_which_filters_and_not_what_was_typed(demo: Demo, browser: People):
    demo.submitted()
    browser("cora").get("/queue?text=Mensah&verdict=fail")
    with demo.tre.store.reading() as connection:
        looks = found(connection, Search(tag="outputs:queue"))
    assert [one.details.get("filters") for one in looks] == [["text", "verdict"]]
    assert "Mensah" not in repr(looks)


def test_a_managers_first_page_leads_to_what_is_late(demo: Demo, browser: People):
    request = demo.submitted()
    assert "/queue?age=late" not in browser("mia").get("/").text
    demo.clock.move(days=8)
    mia = browser("mia")
    page = mia.get("/").text
    assert "1 request later than the service level" in page
    assert "The oldest has waited for 6 working days" in page
    assert shown(mia.get("/queue?age=late").text) == [request]
