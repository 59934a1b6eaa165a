"""`tre request queue`, `return` and `figures`: the same answers as the desk's pages give."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.desk.histories import a_history
from tre import cli
from tre.steps.read_ledger import read_ledger

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tre request …` on the little world; give its exit status, output and errors."""
    home = str(demo.tre.config.home)

    def run_one(*words: object) -> tuple[int, str, str]:
        status = cli.main(["--home", home, "request", *map(str, words)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


def test_the_queue_is_narrowed_and_says_which_option_hides_what(demo: Demo, run: Run) -> None:
    request = demo.submitted(demo.table_file(protected=False))
    status, told, _ = run("queue", "--verdict", "fail", "--whose", "waiting", "--as", "cora")
    assert status == 0
    assert f"{request} " in told
    assert "of 5 working days" in told
    status, told, _ = run("queue", "--verdict", "pass")
    assert "None of 1 requests fits: --verdict hides 1, and 1 are left without it." in told
    status, told, _ = run("queue", "--kind", "table", "--json")
    assert [(row["id"], row["kinds"]) for row in json.loads(told)] == [(request, ["table"])]


def test_a_value_that_is_not_known_ends_with_3_and_says_which_are(demo: Demo, run: Run) -> None:
    status, _, errors = run("queue", "--age", "ancient")
    assert status == 3
    assert "it is one of: late, today, tomorrow, in time" in errors


def test_a_request_is_returned_for_a_reason_that_is_counted(demo: Demo, run: Run) -> None:
    request = demo.submitted()
    words = ("--because", "too little context", "--reason", "Which years?")
    status, _, errors = run("return", request, *words)
    assert (status, "refused" in errors) == (3, True)  # a manager is no checker
    status, told, _ = run("return", request, *words, "--as", "cora")
    assert (status, told) == (0, "Request 1 is with its author again: too little context.\n")
    (entry,) = [
        entry
        for entry in read_ledger(demo.tre, "omar", request=request)
        if entry.tag == "outputs:request:return" and entry.outcome == "done"
    ]
    assert (entry.actor, entry.details["because"]) == ("cora", "too little context")


def test_figures_are_shown_and_given_to_programs_and_files(
    demo: Demo, run: Run, tmp_path: Path
) -> None:
    a_history(demo)
    months = ("--since", "2026-03", "--until", "2026-04")
    status, told, _ = run("figures", *months)
    assert status == 0
    assert "Reasons for return (n = 2 returns)" in told
    assert "50.0 %" in told  # of two answers of March one was in time
    file = tmp_path / "figures.csv"
    status, told, _ = run("figures", *months, "--json", "-o", file)
    answer = json.loads(told)
    assert (answer["since"], answer["until"]) == ("2026-03", "2026-04")
    with file.open() as opened:
        rows = list(csv.DictReader(opened))
    in_file = [row for row in rows if row["figure"] == "requests" and row["row"] == "Mar 2026"]
    (requests,) = [one for one in answer["figures"] if one["name"] == "requests"]
    assert {row["column"]: float(row["value"]) for row in in_file} == requests["rows"][0]["values"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2026-3"), "a month like 2026-03"),
        (("-o", "figures.xlsx"), "figures are written as .csv"),
        (("--as", "cora"), "refused"),
    ],
)
def test_what_cannot_be_shown_ends_with_3(run: Run, words: tuple[str, ...], said: str) -> None:
    status, _, errors = run("figures", *words)
    assert status == 3
    assert said in errors


def test_before_anything_was_submitted_it_says_how_figures_begin(run: Run) -> None:
    status, told, _ = run("figures")
    assert status == 0
    assert "Figures begin with the first submitted request." in told
