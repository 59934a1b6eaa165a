"""`tre satre` from the outside."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo import Demo
from tre import cli
from tre.hub import doctor
from tre.hub.check import bad, good

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tre satre` on the little world, in which one project is long past its end."""
    home = str(demo.tre.config.home)

    def run_one(*words: object) -> tuple[int, str, str]:
        status = cli.main(["--home", home, "satre", *map(str, words)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


def test_pillars_are_shown_with_counts_scores_and_what_failed(run: Run) -> None:
    status, said, _ = run()
    assert status == 2
    for word in ("Information governance", "Federation", "185", "of 370", "CC BY 4.0"):
        assert word in said
    assert "FAILED projects-in-date: covid-pathways was over on 2025-01-02" in said
    assert "Not asked: " in said
    assert "2.2.11" not in said


def test_every_statement_is_shown_on_request(run: Run) -> None:
    _, said, _ = run("--all")
    assert "2.2.11" in said
    assert "no way to the internet" in said


def test_the_assessment_is_written_in_satres_own_form(run: Run, tmp_path: Path) -> None:
    status, told, _ = run("--csv", tmp_path / "us.csv", "--json")
    assert status == 2
    answers = json.loads(told)["assessment"]["answers"]
    with (tmp_path / "us.csv").open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    scores = [(one["statement"]["id"], str(one["score"])) for one in answers]
    assert [(row["id"], row["score"]) for row in rows] == scores
    assert len(rows) == 185


@pytest.mark.parametrize(
    ("check", "came"),
    [
        (good("seal", "holds"), []),
        (bad("seal", "does not hold", "do this"), ["seal: does not hold"]),
        (bad("ports", "in use", "stop it"), []),
    ],
)
def test_on_request_the_machine_itself_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, check, came: list[str]
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda _config: (check,))
    checks = json.loads(run("--run", "--json")[1])["assessment"]["checks"]
    (one,) = [one for one in checks if one["name"] == "machine-sealed"]
    assert one["problems"] == came
    assert all(one["problems"] is not None for one in checks)


def test_others_do_not_assess(run: Run) -> None:
    status, said, errors = run("--as", "ada")
    assert (status, said) == (3, "")
    assert "refused" in errors
