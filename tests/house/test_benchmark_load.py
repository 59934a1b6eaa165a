"""Many people at once: what the page says of it, its browsers' forms, and a small run of it all."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from benchmarks import page
from benchmarks.load import section
from benchmarks.load.acts import Act
from benchmarks.load.browser import NO_ANSWER, SEE_OTHER, Notebook
from benchmarks.load.forms import Page
from benchmarks.load.measured import measured, waits
from benchmarks.load.proof import proof
from benchmarks.load.served import POSTGRESQL, SQLITE
from tests import postgresql
from tests.demo import Demo
from tre.steps.download_release import download_release
from tre.vocabulary import Action

CIRCUMSTANCES = {"date": "1 May 2026", "machine": "2 cores", "versions": "Python"}
NO_PROBLEMS = {name: [] for name in ("chain", "states", "acts", "releases", "bundles")}


# The page ----------------------------------------------------------------------------------------
def side(database: str, slowest: float = 0.4, problems: Any = None, **answers: int) -> dict:
    spread = {"count": 300, "50": 0.1, "95": 0.2, "99": 0.5, "100": 0.7}
    return {
        "database": database,
        "people": 50,
        "seconds": 180.0,
        "waits": {
            "home": spread, "queue": spread | {"95": slowest}, "submit": spread | {"95": 9.0},
        },
        "answers": {"200": 900, "303": 90, "409": 9} | answers,
        "used": {
            "desk": {"processor_seconds": 90.0, "peak_mib": 300.0},
            "courier": {"processor_seconds": 18.0, "peak_mib": 250.0},
        },
        "crowd_processor_seconds": 36.0,
        "proof": {
            "lines": 5_000, "requests": {"released": 60, "draft": 3}, "confirmed": 1_000,
            "unsure": 0, "bundles": 60, "problems": NO_PROBLEMS | (problems or {}),
        },
    }  # fmt: skip


def part(*sides: dict) -> dict:
    return CIRCUMSTANCES | {
        "cores": 2, "load_before": 0.2, "records": 2_000, "seconds": 180.0, "think_seconds": 3.0,
        "twice": 0.25, "sides": sides or (side(SQLITE), side(POSTGRESQL)),
    }  # fmt: skip


def test_a_page_says_what_was_measured_side_by_side() -> None:
    drawn = page.page({"load": part()})
    assert "## People at once" in drawn
    assert "On SQLite that were 63 requests, 60 of them released" in " ".join(drawn.split())
    assert "| home | 300 | 0.10 | 0.20 | 0.50 | 300 | 0.10 | 0.20 | 0.50 |" in drawn
    assert "| answers a second | 5.5 | 5.5 |" in drawn  # 999 / 180 s
    assert "| desk: cores in use | 0.50 | 0.50 |" in drawn  # 90 s / 180 s
    assert "missed" not in drawn
    assert max(len(line) for line in drawn.splitlines() if line[:1] not in "|<") <= 100


@pytest.mark.parametrize(
    ("worse", "missed"),
    [
        ({"slowest": 1.2}, "slowest page (the queue): 95th percentile, seconds"),
        ({"500": 1}, "faults of the desk, and clicks without an answer"),
        ({"0": 2}, "faults of the desk, and clicks without an answer"),
        ({"problems": {"acts": ["x"]}}, "acts confirmed and not in the ledger"),
        ({"problems": {"states": ["x"]}}, "requests in two states"),
        ({"problems": {"releases": ["x"]}}, "approvals without exactly one release"),
        ({"problems": {"bundles": ["x"]}}, "bundles that"),
        ({"problems": {"chain": ["x"]}}, "breaks in the ledger's chain"),
    ],
)
def test_a_goal_that_is_missed_on_one_database_is_said_to_be(worse: dict, missed: str) -> None:
    goals = section.goals(part(side(SQLITE), side(POSTGRESQL, **worse)))
    (found,) = [one for one in goals if "missed" in one[3]]
    assert found[0].startswith(missed)
    assert found[1] == POSTGRESQL


def test_where_there_is_no_postgresql_the_page_says_so() -> None:
    assert "There was no PostgreSQL on this machine" in page.page({"load": part(side(SQLITE))})


def test_waits_are_told_by_kind() -> None:
    samples = [("home", seconds / 100, 200) for seconds in range(1, 101)] + [("queue", 2.0, 200)]
    found = waits(samples)
    assert found["home"] == {"count": 100, "50": 0.5, "95": 0.95, "99": 0.99, "100": 1.0}
    assert found["queue"]["95"] == 2.0


# The browsers ------------------------------------------------------------------------------------
FORM = """<form method="post" action="/requests/1/return"><input type="hidden" name="csrf"
value="s3"><select name="because" required><option value="">choose one</option>
<option value="context">c</option></select>
<textarea name="reason">as &amp; it</textarea><input type="checkbox" name="t">
<input type="radio" name="who" value="a"><input type="radio" name="who" value="b" checked></form>
<form method="post" action="/sign-out"><input name="csrf" value="s3"></form>"""


def test_a_form_is_filled_as_it_stands() -> None:
    shown = Page(200, FORM)
    assert shown.form("/requests/1/return") == {
        "csrf": "s3", "because": "context", "reason": "as & it", "who": "b",
    }  # fmt: skip
    assert shown.form("/sign-out") == {"csrf": "s3"}
    assert shown.form("/requests/1/approve") is None


@pytest.mark.parametrize(
    ("status", "confirmed", "unsure"),
    [(SEE_OTHER, 1, 0), (409, 0, 0), (403, 0, 0), (422, 0, 0), (500, 0, 1), (NO_ANSWER, 0, 1)],
)
def test_an_act_counts_as_what_the_browser_was_told(status, confirmed, unsure) -> None:
    notebook = Notebook()
    notebook.note(status, [Act(actor="ada", tag=Action.SUBMIT_REQUEST, request=1)])
    assert (len(notebook.confirmed), len(notebook.unsure)) == (confirmed, unsure)


# The books ---------------------------------------------------------------------------------------
def test_wrongs_in_the_books_of_an_environment_are_found(demo: Demo) -> None:
    request, home = demo.released(), demo.tre.config.home
    bundle = download_release(demo.tre, "ada", request)
    nothing_told = {"confirmed": [], "unsure": [], "downloads": []}
    first = proof(demo.tre.config, nothing_told)
    assert first["requests"] == {"released": 1}
    # create, add files, submit; two votes, two reviews; approve; download: nobody was told of any
    assert len(first["problems"].pop("acts")) == 3 + 2 + 2 + 1 + 1
    assert first["problems"] == {n: [] for n in ("chain", "states", "releases", "bundles")}

    bundle.write_bytes(bundle.read_bytes()[:-1])
    with sqlite3.connect(home / "tre.sqlite") as database:
        database.execute("UPDATE requests SET state = 'approved'")
    wrong = proof(demo.tre.config, nothing_told)["problems"]
    assert wrong["states"] == ["request 1 is approved in the database, and released by the ledger"]
    assert wrong["releases"] == ["the release folder of request 1 does not hold what was released"]
    assert wrong["bundles"] == ["1"]

    with sqlite3.connect(home / "tre.sqlite") as database:
        database.execute("DROP TRIGGER ledger_is_never_cut")
        database.execute("DELETE FROM ledger WHERE tag = 'outputs:review:vote'")
    assert proof(demo.tre.config, nothing_told)["problems"]["chain"]


# A small run -------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize(
    "database", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql)]
)
def test_five_people_lose_nothing_and_no_request_is_in_two_states(
    tmp_path: Path, database: str
) -> None:
    if database == POSTGRESQL and postgresql.programs() is None:
        pytest.skip("no PostgreSQL server programs (initdb, postgres) on this machine")
    found = measured(database, tmp_path / "load", 5, 6.0, think_seconds=0.2, twice=0.5)
    assert found["proof"]["problems"] == NO_PROBLEMS
    assert set(found["answers"]) <= set(section.ANSWERS)
    assert found["proof"]["confirmed"] > 0  # whoever asks from a session waits for the answer
    assert sum(found["proof"]["requests"].values()) > 0
    assert {"letter", "queue"} <= set(found["waits"])
    assert found["used"]["desk"]["peak_mib"] > 50
    assert not (tmp_path / "load").exists()
