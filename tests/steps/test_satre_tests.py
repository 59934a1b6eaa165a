"""The tests that statements name are run when asked, and one that fails takes the score."""

from pathlib import Path

import pytest

from tests.demo import Demo
from tre.decision import UnusableRequestError
from tre.satre.statements import STATEMENTS
from tre.steps import assess as assessing
from tre.steps.assess import as_csv, assess
from tre.steps.assessing.named_tests import Came, run_tests, those_of
from tre.steps.read_ledger import read_ledger

EVERY = STATEMENTS.values()
SUITE = """
import os
import pytest

def test_good(): assert not [name for name in os.environ if name.startswith("TRE_")]
def test_good_and_more(): raise AssertionError("nobody named this one")
def test_bad(): assert 1 == 2
@pytest.mark.skip
def test_left_out(): pass
@pytest.mark.parametrize("n", [1, 2, 3])
def test_with_cases(n): assert n != 2
@pytest.fixture
def broken(): raise RuntimeError
def test_that_cannot_begin(broken): pass
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A little source code with tests of every fate."""
    monkeypatch.setenv("TRE_HOME", "/nowhere")
    (tmp_path / "tests/steps").mkdir(parents=True)
    (tmp_path / "tests/steps/test_it.py").write_text(SUITE)
    return tmp_path


def test_what_came_of_every_test_is_said_by_its_worst_case(source: Path) -> None:
    came = {
        "steps/test_it.py::test_good": Came.PASSED,
        "steps/test_it.py::test_bad": Came.FAILED,
        "steps/test_it.py::test_left_out": Came.SKIPPED,
        "steps/test_it.py::test_with_cases": Came.FAILED,
        "steps/test_it.py::test_that_cannot_begin": Came.FAILED,
        "steps/test_it.py::test_renamed": Came.GONE,
        "steps/test_removed.py::test_good": Came.GONE,
    }
    assert run_tests(tuple(came), source) == came


def test_without_source_code_or_names_nothing_is_run(tmp_path: Path) -> None:
    with pytest.raises(UnusableRequestError, match="come with the source code"):
        run_tests(("steps/test_it.py::test_good",), tmp_path)
    (tmp_path / "tests").mkdir()
    assert run_tests((), tmp_path) == {}
    assert run_tests(("a.py::b",), tmp_path) == {"a.py::b": Came.GONE}


def test_statements_are_named_by_their_id_or_how_it_begins() -> None:
    every = {name for one in EVERY for name in one.tests}
    assert set(those_of(EVERY, ["all"])) == every
    assert those_of(EVERY, ["3.1.02"]) == STATEMENTS["3.1.02"].tests
    of_capability = {n for id_, s in STATEMENTS.items() if id_.startswith("3.1.") for n in s.tests}
    assert set(those_of(EVERY, ["3.1", "3.1.02"])) == of_capability
    for wrong in ("3.1.0", "9", "", "all of it"):
        with pytest.raises(UnusableRequestError, match="has no statement"):
            those_of(EVERY, [wrong])


@pytest.mark.parametrize(
    ("came", "score", "fails"),
    [
        (Came.PASSED, 2, False),
        (Came.SKIPPED, 2, False),
        (Came.FAILED, 0, True),
        (Came.GONE, 0, True),
    ],
)
def test_a_test_that_does_not_pass_takes_the_score(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, came: Came, score: int, fails: bool
) -> None:
    name = STATEMENTS["3.1.02"].tests[0]
    monkeypatch.setattr(assessing, "run_tests", lambda names: dict.fromkeys(names, came))
    found = assess(demo.tre, "mia", tests=["3.1.02"])
    answer = next(one for one in found.answers if one.statement.id == "3.1.02")
    assert answer.score == score
    assert (f"{name}: {came}" in answer.problems, name in found.failed_tests) == (fails, fails)
    assert (name in answer.not_asked) is (came is Came.SKIPPED)
    assert (f"{name}: {came}" in as_csv(found)) is fails
    entry = read_ledger(demo.tre, "omar", limit=1)[0]
    assert entry.details["tests"] == len(STATEMENTS["3.1.02"].tests)
    assert (name in entry.details["failed_tests"]) is fails


def test_no_test_is_run_unless_asked_for(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessing, "run_tests", lambda _: pytest.fail("nobody asked"))
    assert assess(demo.tre, "mia", everything=True).tests == {}
