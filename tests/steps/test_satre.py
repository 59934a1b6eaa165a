"""The self-assessment itself: every statement of SATRE, and evidence that is there and can fail."""

import csv
import io
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.demo import Demo
from tests.house.tracked import ROOT
from tre.decision import RefusedError
from tre.satre.statement import PILLARS, Importance, Standing, Statement
from tre.satre.statements import STATEMENTS
from tre.steps.assess import as_csv, assess
from tre.steps.assessing.checks import CHECKS
from tre.steps.read_ledger import read_ledger

EVERY = list(STATEMENTS.values())

# Counted in the specification, by pillar and by importance.
OF_PILLARS = {"1": 46, "2": 62, "3": 39, "4": 17, "5": 21}
OF_IMPORTANCE = {"Mandatory": 89, "Mandatory*": 6, "Recommended": 67, "Optional": 23}


def test_every_statement_of_the_specification_is_there_once_and_in_order() -> None:
    ids = [one.id for one in EVERY]
    assert len(set(ids)) == len(ids) == 185
    assert ids == sorted(ids)
    assert Counter(one.id[0] for one in EVERY) == OF_PILLARS
    assert Counter(str(one.importance) for one in EVERY) == OF_IMPORTANCE
    assert {one.pillar for one in EVERY} == set(PILLARS.values())
    assert {one.importance for one in EVERY} == set(Importance)


@pytest.mark.parametrize("statement", EVERY, ids=lambda one: one.id)
def test_every_claim_has_evidence_that_can_fail(statement: Statement) -> None:
    has_evidence = bool(statement.tests or statement.checks)
    assert has_evidence is (statement.standing is not Standing.ORGANISATIONAL)
    assert set(statement.checks) <= set(CHECKS)
    assert len(statement.says) > 30
    assert statement.says.endswith(".")


def test_every_check_speaks_for_a_statement() -> None:
    assert {name for one in EVERY for name in one.checks} == set(CHECKS)


def test_every_test_that_is_named_is_collected(request: pytest.FixtureRequest) -> None:
    """Ask pytest itself: a test that was renamed, or is not run any more, shows nothing."""
    named = {f"tests/{name}" for one in EVERY for name in one.tests}
    here = {_plain(item.nodeid) for item in request.session.items}
    others = collected({name.partition("::")[0] for name in named - here})
    assert named - here - others == set()


def collected(files: set[str]) -> set[str]:
    """The tests of files that this run has not all been asked for."""
    if not files:
        return set()
    plain = ("--collect-only", "-q", "-p", "no:cacheprovider", "-o", "addopts=")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *sorted(files)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return {_plain(line) for line in done.stdout.splitlines() if "::" in line}


def _plain(nodeid: str) -> str:
    """File and name of a test, without its classes, its parameters and its group."""
    file, *_classes, name = nodeid.partition("[")[0].split("::")
    return f"{file}::{name.partition('@')[0]}"


def test_the_words_are_not_those_of_the_specification() -> None:
    """Its sentences say what one must, should or could; ours say what is there."""
    for one in EVERY:
        for text in (one.about, one.says):
            assert not text.startswith(("You must", "You should", "You could", "Your TRE", "TRE"))


def test_quick_checks_are_asked_each_time_and_all_on_request(demo: Demo) -> None:
    quick = {one.name for one in assess(demo.tre, "mia").checks if one.problems is not None}
    assert quick == {name for name, one in CHECKS.items() if one.quick}
    machine = {"machine-sealed": lambda tre, actor: [f"no seal, {actor}"]}
    found = assess(demo.tre, "mia", everything=True, machine=machine)
    assert all(one.problems is not None for one in found.checks)
    answer = next(one for one in found.answers if one.statement.id == "2.2.11")
    assert (answer.score, answer.not_asked) == (0, ())
    assert "machine-sealed: no seal, mia" in answer.problems


def test_what_was_not_asked_is_said_beside_the_score(demo: Demo) -> None:
    answers = assess(demo.tre, "omar").answers
    answer = next(one for one in answers if one.statement.id == "2.1.14")
    assert (answer.score, answer.not_asked) == (2, ("machine-sealed",))


def test_scores_are_counted_by_pillar(demo: Demo) -> None:
    found = assess(demo.tre, "mia")
    whole, parts = found.counts(), [found.counts(pillar) for pillar in PILLARS.values()]
    assert whole["statements"] == 185
    assert whole["of"] == 370
    assert all(whole[name] == sum(part[name] for part in parts) for name in whole)
    assert whole["score"] == sum(one.score for one in found.answers) < whole["of"]


def test_it_is_written_as_ids_with_0_1_or_2(demo: Demo) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(assess(demo.tre, "mia")))))
    assert [row["id"] for row in rows] == list(STATEMENTS)
    assert {row["score"] for row in rows} == {"0", "1", "2"}
    late = next(row for row in rows if row["id"] == "1.4.02")  # a project is long past its end
    assert late["score"] == "0"
    assert "FAILED: projects-in-date: covid-pathways was over on 2025-01-02" in late["response"]


def test_managers_and_auditors_assess_and_the_ledger_has_what_failed(demo: Demo) -> None:
    for person in ("ada", "cora", "tess", "lena"):
        with pytest.raises(RefusedError):
            assess(demo.tre, person)
    assess(demo.tre, "omar")
    entry = read_ledger(demo.tre, "omar", limit=1)[0]
    assert (entry.actor, entry.tag) == ("omar", "audit:assessment:view")
    assert "projects-in-date" in entry.details["failed"]
    assert entry.details["asked"] == sum(one.quick for one in CHECKS.values())
