"""What is run again, in which order, and what the runs show in words."""

import pytest

from tests.safe_outputs.requests import a_file, a_request
from tre.safe_outputs.release_request import FileKind, State
from tre.safe_outputs.reproduction import (
    CodeRun,
    Outcome,
    RunAgain,
    code_to_run,
    judged,
    not_run,
    to_run_again,
    with_outcome,
    with_what_was_run,
)
from tre.safe_outputs.reproduction_comparison import Comparison
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS

SAME = Comparison(agrees=True, said="byte for byte")
OTHER = Comparison(agrees=False, said="the file has 3 rows, the run's 4")
ASSERTED = {
    "provenance": "asserted",
    "verdict": "fail",
    "findings": [{"rule": "threshold"}],
    "note": "No declaration: the researcher's word alone. A text.",
}


def code(number: int, name: str):
    return a_file(id=number, name=name, kind=FileKind.CODE)


OUTPUT, NOTEBOOK = a_file(id=1, name="table.csv"), code(2, "work.ipynb")


def in_review(*files, state: State = State.SUBMITTED):
    return a_request(state=state, files=files)


def test_code_is_run_by_name_and_two_comes_before_ten() -> None:
    names = ["10-b.ipynb", "2-a.py", "model.R", "2-A.ipynb", "query.sql", "notes.md"]
    request = in_review(*(code(number, name) for number, name in enumerate(names)))
    ran = [file.name for file in code_to_run(request)]
    assert ran == ["2-A.ipynb", "2-a.py", "10-b.ipynb", "model.R"]


def test_an_output_that_was_built_again_or_not_checked_does_not_wait() -> None:
    request = in_review(OUTPUT, NOTEBOOK)
    assert to_run_again(request, {1: ASSERTED}) == (OUTPUT,)
    assert to_run_again(request, {1: {"provenance": "recomputed"}}) == ()
    assert to_run_again(request, {}) == ()


def test_without_code_that_can_be_run_nothing_waits() -> None:
    supporting = a_file(id=2, name="work.ipynb", kind=FileKind.SUPPORTING)
    for other in (code(2, "query.sql"), supporting, a_file(id=2, name="b.csv")):
        assert to_run_again(in_review(OUTPUT, other), {1: ASSERTED}) == ()


@pytest.mark.parametrize("state", State)
def test_it_waits_only_while_the_reviewers_have_it(state: State) -> None:
    waiting = to_run_again(in_review(OUTPUT, NOTEBOOK, state=state), {1: ASSERTED})
    assert bool(waiting) is (state in IN_THE_REVIEWERS_HANDS)


def test_what_was_tried_is_tried_again_only_when_asked() -> None:
    request, tried = in_review(OUTPUT, NOTEBOOK), with_outcome(ASSERTED, not_run("no"), 1)
    assert to_run_again(request, {1: tried}) == ()
    assert to_run_again(request, {1: tried}, also_tried=True) == (OUTPUT,)


@pytest.mark.parametrize("outcome", Outcome)
def test_only_the_same_file_makes_it_reproduced_and_findings_stay(outcome: Outcome) -> None:
    after = with_outcome(ASSERTED, RunAgain(outcome=outcome, said="So."), 2)
    same = outcome is Outcome.REPRODUCED
    assert after["provenance"] == ("reproduced" if same else "asserted")
    assert ("word alone" in after["note"]) is not same
    assert after["note"].endswith(" A text.")
    assert (after["verdict"], after["findings"]) == ("fail", ASSERTED["findings"])
    assert after["run_again"] == {"outcome": str(outcome), "said": "So.", "turn": 2}


def test_a_newer_check_of_the_file_keeps_what_was_run() -> None:
    same = RunAgain(outcome=Outcome.REPRODUCED, said="So.")
    newer = {**ASSERTED, "findings": [{"rule": "differencing"}]}
    kept = with_what_was_run(newer, with_outcome(ASSERTED, same, 2))
    assert kept == with_outcome(newer, same, 2)
    recomputed = {"provenance": "recomputed"}
    assert with_what_was_run(recomputed, with_outcome(ASSERTED, same, 2)) == recomputed
    assert with_what_was_run(newer, ASSERTED) == with_what_was_run(newer, None) == newer


def test_one_run_that_gives_the_file_is_enough() -> None:
    runs = [
        CodeRun(code="1.ipynb", failure="failed at cell 1: no"),
        CodeRun(code="2.ipynb", left={"a.csv": (OTHER, SAME)}),
    ]
    assert judged("a.csv", runs) == RunAgain(
        outcome=Outcome.REPRODUCED,
        said="“2.ipynb” was run again in a fresh sealed session and wrote the same file, byte for "
        "byte.",
    )


FAILED = CodeRun(code="1.ipynb", failure="failed at cell 3: KeyError: 'sex'")
TOO_LONG = CodeRun(code="2.ipynb", failure="took too long", too_long=True)
DIFFERENT = CodeRun(code="3.ipynb", left={"a.csv": (OTHER,)})
NOTHING = CodeRun(code="4.ipynb", left={"b.csv": (SAME,)})


@pytest.mark.parametrize(
    ("runs", "outcome", "said"),
    [
        (
            [FAILED],
            Outcome.FAILED,
            "“1.ipynb” was run again and failed at cell 3: KeyError: 'sex'.",
        ),
        ([FAILED, TOO_LONG], Outcome.TOO_LONG, "“2.ipynb” was run again and took too long."),
        (
            [FAILED, DIFFERENT],
            Outcome.DIFFERENT,
            "“3.ipynb” was run again and wrote another file: the file has 3 rows, the run's 4.",
        ),
        ([NOTHING], Outcome.NOT_WRITTEN, "“4.ipynb” ran again and did not write it."),
        ([NOTHING] * 5, Outcome.NOT_WRITTEN, "and 2 more ran again and did not write it."),
        ([NOTHING, FAILED], Outcome.FAILED, "“1.ipynb” was run again"),
        ([CodeRun(code="a.py", failure="failed: No.")], Outcome.FAILED, "and failed: No."),
    ],
)
def test_what_speaks_against_it_is_said(runs: list, outcome: Outcome, said: str) -> None:
    found = judged("a.csv", runs)
    assert found.outcome is outcome
    assert said in found.said


def test_what_a_run_says_is_one_line_of_bounded_length() -> None:
    hostile = f"failed: \x1b[31m\u202e{'x' * 5_000}\nNo findings."
    said = judged("a.csv", [CodeRun(code="a.py", failure=hostile)]).said
    assert said.isprintable()
    assert len(said) < 400
