"""`tre project …`: an application from a file to its accreditation, by commands alone."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.steps import projects_on_their_way as way
from tre import cli
from tre.commands.project_file import read_application_file
from tre.decision import UnusableRequestError

DAYS = "starts = 2026-01-01\nends = 2026-01-01\n"
Run = Callable[..., tuple[int, str, str]]

# Commands have the machine's own clock.
TODAY = datetime.now(UTC).date()
LAST = TODAY + timedelta(days=1_000)
APPLICATION = f"""
title = "School after a first episode"
starts = {TODAY}
ends = {LAST}
summary = "{way.LAY}"
methods = "Regression of attainment on diagnosis."
public_benefit = "Help at school that comes in time."
gateways = ["dea-2017"]
rec = "25/SC/0229"
iras = "356975"

[[data]]
dataset = "cris"
since_year = 2010
until_year = 2019
why_years = "the years of the reform"
[data.variables]
"patients.sex" = "boys and girls differ"
"""


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tre project …` as somebody; give its exit status, output and errors."""
    way.with_deciders(demo.tre)

    def run_one(who: str, *words: str) -> tuple[int, str, str]:
        home = str(demo.tre.config.home)
        status = cli.main(["--home", home, "--as", who, "project", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "application.toml"
    found.write_text(APPLICATION, encoding="utf-8")
    return found


def applied(run: Run, file: Path, *more: str) -> str:
    status, out, err = run("ada", "apply", str(file), "--json", *more)
    assert status == 0, err
    return json.loads(out)["project"]


def test_a_project_goes_from_a_file_to_its_accreditation(run: Run, file: Path):
    project = applied(run, file)
    assert run("ada", "submit", project)[0] == 0
    assert run("sol", "advise", project, "--text", "Plainer words.")[0] == 0
    assert run("ada", "answer", project, "--text", "Done.")[0] == 0
    status, out, _ = run("uma", "tasks", "--json")
    assert status == 1
    assert [each["task"] for each in json.loads(out)] == ["Decide on your data"]
    say = ("--choice", "approve", "--reasons", "Fine.")
    decided = run("uma", "decide", project, "--dataset", "cris", "--variable", "patients.sex", *say)
    assert decided[0] == 0
    for member in way.PANEL:
        status, out, err = run(member, "vote", project, "--met", "all", "--no-interest", *say)
        assert status == 0, err
    assert "accredited" in out
    status, out, _ = run("ada", "show", project, "--json")
    shown = json.loads(out)
    assert (shown["state"], shown["place"], shown["conditions"]) == ("accredited", "safe room", [])
    assert shown["datasets"][0]["variables"] == ["patients.sex"]
    status, out, _ = run("mia", "register", "--json")
    assert "School after a first episode" in {one["title"] for one in json.loads(out)}


def test_a_refusal_ends_with_three_and_every_reason(run: Run, file: Path):
    file.write_text(f'title = "Bare"\nstarts = {TODAY}\nends = {LAST}\n')
    project = applied(run, file)
    status, _, err = run("ada", "submit", project)
    assert status == 3
    for word in ("lay summary", "choose the law", "IRAS", "choose the data"):
        assert word in err


def test_a_draft_is_put_in_the_place_of_another(run: Run, file: Path):
    project = applied(run, file)
    file.write_text(file.read_text().replace("School after", "After"))
    assert applied(run, file, "--project", project) == project
    assert json.loads(run("ada", "show", project, "--json")[1])["title"] == "After a first episode"
    assert run("ada", "withdraw", project)[0] == 0
    assert run("mia", "show", project)[0] == 3


def test_an_extension_is_asked_for_and_answered(run: Run):
    status, out, _ = run("ada", "extend", STUDY, "2028-01-05", "--reason", "Revision.", "--json")
    assert status == 0
    number = str(json.loads(out)["change"])
    say = ("--choice", "approve", "--reasons", "Fine.", "--change", number)
    assert run("rosa", "vote", STUDY, *say)[0] == 0
    assert json.loads(run("ada", "show", STUDY, "--json")[1])["ends"] == "2028-01-05"


def test_a_project_is_suspended_resumed_and_ended(run: Run):
    assert run("mia", "suspend", STUDY, "--reason", "A question.")[0] == 0
    assert "suspended" in run("mia", "show", STUDY)[1]
    assert run("mia", "resume", STUDY, "--reason", "Answered.")[0] == 0
    status, out, _ = run("mia", "end", STUDY, "--reason", "Done.", "--json")
    assert status == 0
    assert json.loads(out)["archive"]["files"] == 0
    assert "SHA-256" in run("mia", "show", STUDY)[1]


def test_nothing_waiting_is_a_pass(run: Run):
    status, out, _ = run("omar", "tasks")
    assert (status, out) == (0, "Nothing waits.\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title = ", "not valid TOML"),
        ('titel = "x"', "no field 'titel'"),
        ("starts = 2026-01-01\nends = 1", "ends must be a day"),
        ("title = 1\nstarts = 2026-01-01\nends = 2026-01-01", "title must be of the kind str"),
        ("data = [1]\nstarts = 2026-01-01\nends = 2026-01-01", "is a table"),
        ("starts = 2026-01-01\nends = 2026-01-01\n[[data]]\nset = 'x'", "no field 'set'"),
        # of a kind that is nearly right, and would have gone far
        ("starts = 2026-01-01T10:00:00\nends = 2026-01-01", "starts must be a day"),
        (f"{DAYS}gateways = [1]", "gateways is a list of texts, and 1 is none"),
        (f'{DAYS}members = [["ada"]]', "members is a list of texts"),
        (
            f"{DAYS}[[data]]\nsince_year = true",
            "since_year must be a year of four digits, not True",
        ),
        (f"{DAYS}[[data]]\nuntil_year = {10**30}", "until_year must be a year of four digits"),
        (f"{DAYS}[[data]]\nuntil_year = -5", "until_year must be a year of four digits, not -5"),
        (f"{DAYS}[[data]]\nvariables = {{ x = ['y'] }}", "x must be of the kind str"),
    ],
)
def test_a_file_that_is_not_understood_says_what_is_wrong(tmp_path: Path, text, problem):
    file = tmp_path / "x.toml"
    file.write_text(text)
    with pytest.raises(UnusableRequestError, match=problem):
        read_application_file(file)
