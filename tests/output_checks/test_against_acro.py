"""acro 1.0.2 beside output_checks: they agree where it is right; where it is wrong, we are not.

Every question is put to acro in one process of its own. What it answers wrongly is written down
here as it was answered, so that a reader can see what each of our tests of a mistake is about.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from output_checks import Data, Policy
from tests.output_checks.drawing import found

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.skipif(
    find_spec("acro") is None, reason="acro is not installed (extra peers)"
)


def persons(seed: int) -> dict[str, list]:
    """One row a person, texts as labels, no cell of 0: what acro is made for."""
    chance = np.random.default_rng(seed)
    counts = chance.integers(1, 30, (4, 3))
    places = np.repeat(np.argwhere(counts > 0), counts.reshape(-1), axis=0)
    return {
        "g": [f"g{place}" for place in places[:, 0]],
        "h": [f"h{place}" for place in places[:, 1]],
        "x": np.round(chance.lognormal(2, 2, len(places)), 2).tolist(),
    }


def banded(label_of) -> dict[str, list]:
    counts = {1: 2, 2: 40, 3: 50}
    rows = [(label_of(label), sex) for label, n in counts.items() for sex in "FM" for _ in range(n)]
    return {"band": [label for label, _ in rows], "sex": [sex for _, sex in rows]}


def one_cell(values) -> dict[str, list]:
    return {"g": ["a"] * len(values), "h": ["x"] * len(values), "x": list(values)}


RANDOM = range(4)
SUM = {"values": "x", "aggfunc": "sum"}
TWICE = {"acro": {"suppress": True}, "more": {"margins": True}}
QUOTED = {"g": ['say "x"'] * 4 + ["b"] * 30, "h": ["x", "y"] * 17}
QUESTIONS = {
    **{f"count {seed}": {"columns": persons(seed)} for seed in RANDOM},
    **{f"sum {seed}": {"columns": persons(seed), "more": SUM} for seed in RANDOM},
    "int": {"columns": banded(int), "dimensions": ["band", "sex"], **TWICE},
    "float": {"columns": banded(float), "dimensions": ["band", "sex"], **TWICE},
    "str": {"columns": banded(str), "dimensions": ["band", "sex"], **TWICE},
    "negative": {"columns": one_cell([900.0, *[1.0] * 20, -1.0]), "more": SUM},
    "mean of three": {
        "columns": one_cell([1.0, 2.0, 4.0, *[None] * 17]),
        "more": {"values": "x", "aggfunc": "mean"},
    },
    "per cents": {
        "columns": {"g": ["a", "b"] * 100, "h": ["x", "x", "y", "y"] * 50},
        "more": {"normalize": True},
    },
    "quoted": {"columns": QUOTED, **TWICE},
    "misspelt": {
        "columns": banded(str),
        "dimensions": ["band", "sex"],
        "acro": {"mitigation": "supress"},
    },
    "two people": {"columns": one_cell(range(24))},
}


@pytest.fixture(scope="module")
def acro():
    """What acro answers, by the question's name."""
    asked = [{"dimensions": ["g", "h"]} | question for question in QUESTIONS.values()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.output_checks.acro_asked"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=120,
    )
    return dict(zip(QUESTIONS, json.loads(done.stdout.splitlines()[-1]), strict=True))


def flagged(answer, *checks) -> set[tuple]:
    """The cells that acro's checks flag, by their labels."""
    return {
        (answer["rows"][row], answer["columns"][column])
        for check in checks
        for row, column in answer["cells"][check]
    }


def ours(columns, rule, *, policy="srs", **more) -> set[tuple]:
    """The inner cells that a rule of ours fails."""
    frame = pl.DataFrame(columns).with_row_index("id")
    table = Data.read(frame, unit="id").table("g", "h", margins=False, policy=policy, **more)
    return {cells[0] for cells, severity in found(table, rule) if severity == "fail"}


@pytest.mark.parametrize("seed", RANDOM)
def test_the_threshold_agrees_where_each_row_is_a_person(acro, seed):
    small = ours(persons(seed), "threshold")
    assert small == flagged(acro[f"count {seed}"], "MinimumThresholdCheck")
    assert small


@pytest.mark.parametrize("seed", RANDOM)
def test_dominance_agrees_on_positive_amounts(acro, seed):
    answer, columns = acro[f"sum {seed}"], persons(seed)
    more = {"statistic": "sum", "of": "x"}
    assert ours(columns, "p_percent", **more) == flagged(answer, "PPercentCheck")
    # acro asks for the two largest, at least 90 %: as the policy of the same name does
    assert Policy.named("srs").dominance_2_fail == 90
    assert ours(columns, "dominance", **more) == flagged(answer, "NKCheck")


@pytest.mark.parametrize("kind", [int, float])
def test_acro_shows_a_cell_of_two_where_labels_are_numbers_and_we_do_not(acro, kind):
    assert acro[kind.__name__]["shown"][0][0] == 2  # "suppressed", with margins
    assert acro["str"]["shown"][0][0] is None
    frame = pl.DataFrame(banded(kind)).with_row_index("id")
    shown = Data.read(frame, unit="id").table("band", "sex").protect("suppress").released()
    assert shown["value"][0] is None


def test_acro_asks_nothing_of_dominance_beside_one_negative_value_and_we_do(acro):
    columns = QUESTIONS["negative"]["columns"]
    assert acro["negative"]["status"] == "review"
    assert ours(columns, "dominance", statistic="sum", of="x") == {("a", "x")}


def test_acro_passes_a_mean_of_three_people_and_we_fail_it(acro):
    columns = QUESTIONS["mean of three"]["columns"]
    assert acro["mean of three"]["status"] == "pass"
    assert ours(columns, "threshold", statistic="mean", of="x") == {("a", "x")}


def test_acro_fails_per_cents_of_two_hundred_people_and_we_pass_them(acro):
    assert acro["per cents"]["status"] == "fail"  # each share is below 10
    frame = pl.DataFrame(QUESTIONS["per cents"]["columns"]).with_row_index("id")
    table = Data.read(frame, unit="id").table("g", "h", statistic="proportion", within=[])
    assert table.released()["value"][0] == 0.25
    assert table.report().verdict == "pass"


def test_acro_ends_in_an_error_at_a_quote_in_a_label_and_we_suppress_the_cell(acro):
    assert "error" in acro["quoted"]
    frame = pl.DataFrame(QUOTED).with_row_index("id")
    table = Data.read(frame, unit="id").table("g", "h", margins=False).protect("suppress")
    shown = table.released().filter(pl.col("value").is_null())["g"].unique().to_list()
    assert shown == ['say "x"']


def test_acro_releases_everything_at_a_misspelt_mitigation(acro):
    # What we do with one is in test_known_mistakes.
    assert acro["misspelt"]["shown"][0] == [2, 2]


def test_acro_passes_two_people_with_a_dozen_rows_each_and_we_fail_them(acro):
    assert acro["two people"]["status"] == "pass"
    frame = pl.DataFrame({"id": [1, 2] * 12, **one_cell(range(24))})
    table = Data.read(frame, unit="id").table("g", "h", margins=False)
    assert found(table, "threshold") == [((("a", "x"),), "fail")]
