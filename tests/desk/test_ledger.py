"""The ledger's page: a search that can be bookmarked, pages, files, checkpoints."""

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.clock import MONDAY
from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import Browser
from tre.desk.paging import A_PAGE
from tre.steps.change_roles import change_roles
from tre.steps.ledger_search import as_csv
from tre.steps.read_ledger import read_ledger
from tre.store.ledger import Line
from tre.vocabulary import Role

People = Callable[[str], Browser]


def tags(text: str) -> list[str]:
    return re.findall(r"<td><code>([^<]+)</code></td>", text)


def add(demo: Demo, entries: int, tag: str = "settings:session:start") -> None:
    with demo.tre.store.writing() as change:
        for number in range(entries):
            change.record(Line(at=demo.clock(), actor="ada", tag=tag, details={"n": number}))


SEARCHES = [
    # asked, (some tag found, some tag not found)
    ("tag=outputs:", "outputs:request:submit", "audit:ledger:view"),
    ("tag=outputs:request:submit", "outputs:request:submit", "outputs:request:create"),
    (f"project={STUDY}&person=ada", "outputs:request:submit", "people:person:record"),
    ("request=1", "outputs:request:submit", "people:person:record"),
    ("outcome=refused", "outputs:queue:view", "outputs:request:submit"),
    ("since=2026-03-02&until=2026-03-02", "outputs:request:submit", "a:day:later"),
    ("since=2026-03-03", "a:day:later", "outputs:request:submit"),
]


@pytest.mark.parametrize(("query", "found", "not_found"), SEARCHES)
def test_a_search_stands_in_the_address_and_finds_what_fits(
    demo: Demo, browser: People, query: str, found: str, not_found: str
):
    demo.submitted()
    assert browser("ada").get("/queue").status_code == 403
    demo.clock.move(days=1)
    add(demo, 1, "a:day:later")
    shown = browser("mia").get(f"/ledger?{query}").text
    assert found in tags(shown)
    assert not_found not in tags(shown)


def test_what_was_asked_stays_in_the_fields_and_the_links(demo: Demo, browser: People):
    demo.submitted()
    shown = browser("mia").get("/ledger?person=ada&outcome=done&tag=outputs:").text
    assert 'name="person" value="ada"' in shown
    assert '<option value="done" selected>' in shown
    assert 'href="/ledger/export.csv?person=ada&amp;tag=outputs%3A&amp;outcome=done"' in shown


def test_pages_lead_through_all_that_fits_and_through_nothing_twice(demo: Demo, browser: People):
    add(demo, 2 * A_PAGE + 30)
    mia, address = browser("mia"), "/ledger?person=ada&tag=settings:session:start"
    numbers: list[str] = []
    while address:
        shown = mia.get(address).text
        numbers += re.findall(r'<tr>\n<td class="number">(\d+)</td>', shown)
        older = re.search(r'href="([^"]+)">Older entries', shown)
        address = unescape(older[1]) if older else ""
    assert len(numbers) == len(set(numbers)) == 2 * A_PAGE + 30


NONSENSE = [
    *("request=abc", "request=0", "request=99999999999999999999", "person=%00<b>", "tag=%25"),
    *("outcome=maybe", "since=yesterday", "until=2026-02-30", "since=2026-03-03&until=2026-03-02"),
    *("project=../x", "person=" + "a" * 41),
]


@pytest.mark.parametrize("query", NONSENSE)
def test_a_search_that_is_not_understood_says_so_and_finds_nothing(browser: People, query: str):
    answer = browser("mia").get(f"/ledger?{query}")
    assert answer.status_code == 422
    assert "Nobody looked." in answer.text
    assert tags(answer.text) == []
    assert "<b>" not in answer.text
    assert browser("mia").get(f"/ledger/export.csv?{query}").status_code == 422


def test_a_number_that_no_entry_has_leads_to_the_first_page(browser: People):
    for before in ("-1", "x", "9" * 40):
        assert tags(browser("mia").get(f"/ledger?before={before}").text)


def test_what_was_found_is_taken_away_as_csv_the_oldest_first(demo: Demo, browser: People):
    demo.submitted()
    answer = browser("mia").get("/ledger/export.csv?tag=outputs:request")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="ledger-2026')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["tag"] for row in rows][-1] == "outputs:request:submit"
    assert [int(row["number"]) for row in rows] == sorted(int(row["number"]) for row in rows)
    entry = read_ledger(demo.tre, "omar", limit=1)[0]
    assert (entry.actor, entry.tag) == ("mia", "audit:ledger:export")
    assert entry.details == {"entries": len(rows), "tag": "outputs:request"}


def test_what_was_found_is_taken_away_as_lines_of_json(demo: Demo, browser: People):
    demo.submitted()
    answer = browser("mia").get("/ledger/export.jsonl?person=ada")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {line["actor"] for line in lines} | {"ada"} <= {"ada", ":system", "mia"}
    assert any(line["tag"] == "outputs:request:submit" for line in lines)
    assert browser("mia").get("/ledger/export.xlsx").status_code == 404


def test_no_cell_of_an_export_is_run_by_a_spreadsheet(demo: Demo):
    with demo.tre.store.writing() as change:
        change.record(Line(at=MONDAY, actor="=cmd|' /C calc'!A0", tag="+a:b:c", person="@x"))
        change.record(Line(at=MONDAY, actor="ada", tag="-2+3", details={"x": '",=1+1'}))
    found = read_ledger(demo.tre, "omar", limit=2)
    cells = [cell for row in csv.reader(io.StringIO(as_csv(found))) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert {"'+a:b:c", "'@x", "'-2+3", json.dumps({"x": '",=1+1'})} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_others_take_their_own_entries_and_nobody_elses(demo: Demo, browser: People):
    demo.submitted()
    rows = list(csv.DictReader(io.StringIO(browser("ada").get("/ledger/export.csv").text)))
    assert rows
    assert all("ada" in {row["actor"], row["person"]} for row in rows)
    assert browser("ada").get("/ledger/export.csv?person=mia").status_code == 403
    assert browser("ada").get("/ledger?person=mia").status_code == 403


def test_what_a_checker_may_not_see_yet_is_not_found_by_looking_for_it(demo: Demo, browser: People):
    """Who is checker and manager sees all entries, but for those of a turn that is not decided."""
    change_roles(demo.tre, "mia", "cora", {Role.OUTPUT_CHECKER, Role.TRE_MANAGER})
    request = demo.submitted()
    demo.review(request, "deniz")
    cora = browser("cora")
    for query in ("tag=outputs:review:vote", "tag=outputs:review:submit", "outcome=refused"):
        shown = tags(cora.get(f"/ledger?person=deniz&{query}").text)
        assert not [tag for tag in shown if tag.startswith("outputs:review")], query
    assert "outputs:review:hidden" in tags(cora.get("/ledger?person=deniz").text)
    assert "outputs:review:vote" in tags(browser("omar").get("/ledger?tag=outputs:review").text)


def test_managers_and_auditors_take_a_checkpoint_and_others_do_not(demo: Demo, browser: People):
    answer = browser("omar").send("/ledger/checkpoint")
    assert 'filename="ledger-2026-03-02T090000Z-' in answer.headers["content-disposition"]
    assert answer.json()["count"] > 10
    assert browser("ada").send("/ledger/checkpoint").status_code == 403
    assert "Take a checkpoint" not in browser("ada").get("/ledger").text
