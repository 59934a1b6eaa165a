"""Checkpoints, searches and the self-assessment as JSON: the same steps, the same refusals."""

from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.satre.statements import STATEMENTS
from tre.steps.assessing.checks import CHECKS
from tre.store.checkpoints import read_checkpoint

People = Callable[[str], Browser]


def test_a_checkpoint_is_taken_by_json(browser: People):
    answer = browser("omar").call("POST", "/ledger/checkpoint")
    assert answer.status_code == 200
    assert read_checkpoint(answer.content).genuine


def test_the_assessment_is_read_and_asked_for_by_json(browser: People):
    quick = browser("mia").call("GET", "/assessment").json()
    assert [one["statement"]["id"] for one in quick["answers"]] == list(STATEMENTS)
    assert quick["counts"]["of"] == 370
    asked = browser("mia").call("POST", "/assessment").json()["checks"]
    assert {one["name"] for one in asked if one["problems"] is None} == {
        name for name, one in CHECKS.items() if one.ask is None
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/ledger/checkpoint"), ("GET", "/assessment"), ("POST", "/assessment")],
)
@pytest.mark.parametrize("person", ["ada", "cora", "tess", "lena"])
def test_others_are_refused(browser: People, person: str, method: str, path: str):
    answer = browser(person).call(method, path)
    assert answer.status_code == 403
    assert answer.json()["reasons"]


def test_the_ledger_is_searched_by_tag_outcome_and_days(demo: Demo, browser: People):
    demo.submitted()
    omar = browser("omar")
    found = omar.call("GET", "/ledger?tag=outputs:request&outcome=done&since=2026-03-02").json()
    assert {one["tag"].rpartition(":")[0] for one in found} == {"outputs:request"}
    assert omar.call("GET", "/ledger?tag=outputs:request&since=2026-03-03").json() == []
    for wrong in ("outcome=maybe", "since=yesterday", "tag=" + "x" * 81):
        assert omar.call("GET", f"/ledger?{wrong}").status_code == 422
