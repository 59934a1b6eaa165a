"""Letters answered by the steps in earnest, on the little world of `tests/demo.py`."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.courier.answers import answer
from tre.courier.letters import (
    BudgetAsked,
    FileAsked,
    PrivateCountAsked,
    ReleaseAsked,
    RequestsAsked,
)
from tre.courier.paths import outbox
from tre.safe_outputs.release_request import FileKind
from tre.steps.budget import budget
from tre.steps.queue import queue


def ask(demo: Demo, person: str, asked: Any, *contents: bytes) -> dict[str, Any]:
    box = outbox(demo.tre.config.home, STUDY, person)
    return answer(demo.tre, box, asked, contents)


def release_of(demo: Demo, *, protected: bool = True) -> tuple[ReleaseAsked, bytes]:
    table = demo.table_file(protected=protected)
    file = FileAsked(name=table.name, kind=FileKind.OUTPUT, declaration=table.declaration)
    package = demo.package()
    asked = ReleaseAsked(
        title=package.title, context=package.context, controls=package.controls, files=(file,)
    )
    return asked, table.content


def count(**changes: Any) -> PrivateCountAsked:
    usual = PrivateCountAsked(dataset="linked", rows=("sex",), columns=(), where="", epsilon=0.25)
    return replace(usual, **changes)


def test_a_release_is_asked_for_and_its_check_comes_back(demo: Demo):
    told = ask(demo, "ada", *release_of(demo))
    assert (told["outcome"], told["verdict"], told["state"]) == ("done", "pass", "submitted")
    assert told["desk"] == f"{demo.tre.config.desk_address}/requests/{told['request']}"
    (file,) = told["files"]
    assert (file["verdict"], file["provenance"]) == ("pass", "recomputed")
    assert [row.id for row in queue(demo.tre, "cora")] == [told["request"]]


def test_a_disclosive_table_comes_back_with_its_findings(demo: Demo):
    told = ask(demo, "ada", *release_of(demo, protected=False))
    assert told["verdict"] == "fail"
    assert {finding["rule"] for finding in told["files"][0]["findings"]} >= {"threshold"}


def test_a_second_release_at_once_is_refused_with_the_reason(demo: Demo):
    ask(demo, "ada", *release_of(demo))
    told = ask(demo, "ada", *release_of(demo))
    assert told["outcome"] == "refused"
    assert told["reasons"][0].startswith("Safe Outputs: ")


def test_who_is_not_on_the_project_is_refused_whatever_the_outbox_holds(demo: Demo):
    told = ask(demo, "finn", *release_of(demo))
    assert told["outcome"] == "unusable"  # nor does finn learn that there is such a project
    assert "that you have a part in" in told["reasons"][0]
    assert queue(demo.tre, "cora") == ()


def test_nobody_gets_nothing(demo: Demo):
    assert ask(demo, "nobody", RequestsAsked())["outcome"] == "unusable"


def test_requests_of_this_project_are_listed(demo: Demo):
    assert ask(demo, "ada", RequestsAsked()) == {"outcome": "done", "requests": []}
    ask(demo, "ada", *release_of(demo))
    (row,) = ask(demo, "ada", RequestsAsked())["requests"]
    assert (row["request"], row["state"], row["turn"]) == (1, "submitted", 1)


def test_a_private_count_is_made_charged_and_known_again(demo: Demo):
    told = ask(demo, "ada", count())
    assert (told["outcome"], told["spent"]) == ("done", 0.25)
    assert budget(demo.tre, STUDY).spent == (0.25,)
    file = FileAsked(name="count.csv", kind=FileKind.OUTPUT, declaration=told["declaration"])
    asked = ReleaseAsked(title="Count", context="People.", controls="Noise.", files=(file,))
    released = ask(demo, "ada", asked, told["csv"].encode())
    assert released["files"][0]["verdict"] != "fail"


def test_a_private_count_beyond_the_budget_says_what_is_left(demo: Demo):
    told = ask(demo, "ada", count(epsilon=900.0))
    assert told["outcome"] == "unusable"
    assert "is left" in told["reasons"][0]
    assert ask(demo, "ada", BudgetAsked())["spent"] == 0


def test_the_budget_is_for_those_who_may_spend_it(demo: Demo):
    assert ask(demo, "ada", BudgetAsked())["total"] > 0
    assert ask(demo, "bola", BudgetAsked())["outcome"] == "refused"


@pytest.mark.parametrize("changes", [{"dataset": "../x"}, {"rows": ("no",)}, {"where": "sex ="}])
def test_a_count_that_is_not_understood_costs_nothing(demo: Demo, changes: dict[str, Any]):
    told = ask(demo, "ada", count(**changes))
    assert told["outcome"] == "unusable"
    assert budget(demo.tre, STUDY).spent == ()


def test_every_answer_can_be_written_as_json(demo: Demo):
    answers = [
        ask(demo, "ada", *release_of(demo)),
        ask(demo, "ada", count()),
        ask(demo, "ada", RequestsAsked()),
        ask(demo, "ada", BudgetAsked()),
    ]
    assert all(json.loads(json.dumps(told)) == told for told in answers)
