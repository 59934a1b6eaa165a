"""The page of the self-assessment: for managers and auditors, with what failed in its place."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.satre.statements import STATEMENTS
from tre.steps.assessing.checks import CHECKS

People = Callable[[str], Browser]


@pytest.mark.parametrize("person", ["ada", "cora", "tess", "lena"])
def test_others_do_not_see_it(browser: People, person: str):
    visitor = browser(person)
    for path in ("/satre", "/satre/export.csv"):
        assert visitor.get(path).status_code == 403
    assert visitor.send("/satre/run").status_code == 403
    assert 'href="/satre"' not in visitor.get("/").text


@pytest.mark.parametrize("person", ["mia", "omar"])
def test_managers_and_auditors_see_every_statement_and_what_failed(browser: People, person: str):
    shown = browser(person).get("/satre").text
    assert re.findall(r'<tr id="s-([\d.]+)"', shown) == list(STATEMENTS)
    assert "projects-in-date" in shown
    assert "covid-pathways was over on 2025-01-02" in shown
    assert "Not asked now:" in shown
    assert "CC BY 4.0" in shown
    assert 'href="/satre"' in browser(person).get("/").text


def test_on_request_all_but_the_machines_own_checks_are_asked(browser: People):
    shown = browser("mia").send("/satre/run").text
    waiting = re.search(r"Not asked now: (.*?)·", shown)
    assert waiting
    assert re.findall(r"<code>([^<]+)</code>", waiting[1]) == [
        name for name, one in CHECKS.items() if one.ask is None
    ]


def test_it_is_taken_away_in_satres_own_form(browser: People):
    answer = browser("omar").get("/satre/export.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="satre-2026-03-02.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == list(STATEMENTS)


def test_what_a_check_found_is_shown_as_text(demo: Demo, browser: People):
    packages = demo.tre.config.home / "packages"
    packages.mkdir()
    (packages / "<script>alert(1)<-script>.whl").write_bytes(b"x")
    shown = browser("mia").get("/satre").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_it_can_be_used_by_keyboard_and_screen_reader(browser: People):
    shown = browser("mia").get("/satre").text
    assert len(re.findall(r"<h1[ >]", shown)) == 1
    assert shown.count("<table") == shown.count('class="scroll" tabindex="0" role="region"')
    assert '<th scope="col">' in shown
