"""Differences of rounded sums: what is left open of them, by linear programs of the test's own."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from output_checks import Data, check_together

PEOPLE = 120
TOTALS = "The sum of x of “output 1”: Total less"


def frame_of(seed):
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "id": range(PEOPLE),
            "group": chance.choice(["a", "b"], PEOPLE),
            "place": chance.choice(["p", "q"], PEOPLE),
            "x": np.round(chance.uniform(100, 140, PEOPLE), 1),
        }
    )


def tables_of(frame, few, base, *, second=None, dimensions=("group", "place")):
    """Sums of x, and of what leaves out those whose id is below `few`, each rounded."""
    derived = {"y": f"CASE WHEN id_number < {few} THEN 0 ELSE x END"}
    data = Data.read(frame.with_columns(id_number=pl.col("id")), unit="id", name="people")
    sums = data.table(*dimensions, statistic="sum", of="x")
    others = data.table(*dimensions, statistic="sum", of="y", derive=derived)
    return (
        sums.protect("round", amounts=base),
        others.protect("round", amounts=second or base),
    )


def own_span(frame, few, bases):
    """From what to what the difference of the two totals is: every person's x is an unknown."""
    sums, right = [], []
    for base, kept in zip(bases, (frame["id"] >= 0, frame["id"] >= few), strict=True):
        for group in ("a", "b", None):
            for place in ("p", "q", None):
                inside = kept.to_numpy()
                for name, label in (("group", group), ("place", place)):
                    if label is not None:
                        inside = inside & (frame[name] == label).to_numpy()
                shown = np.floor(frame["x"].to_numpy()[inside].sum() / base + 0.5) * base
                sums += [inside.astype(float), -inside.astype(float)]
                right += [shown + base / 2, base / 2 - shown]
    costs = (frame["id"] < few).to_numpy().astype(float)
    low, high = (
        linprog(sign * costs, A_ub=np.array(sums), b_ub=right, bounds=(0, None)) for sign in (1, -1)
    )
    return low.fun, -high.fun


def needed(frame, few):
    return 10 * frame.filter(pl.col("id") < few)["x"].max()


def test_a_difference_that_rounding_leaves_wide_open_is_no_finding():
    # Two people of 140 at most; 10 of them are 1,400, and two sums to 4,000 leave more than that.
    tables = tables_of(frame_of(1), 2, 4000.0)
    assert check_together(tables).verdict == "pass"
    assert own_span(frame_of(1), 2, (4000.0, 4000.0))[1] >= needed(frame_of(1), 2)


def test_a_difference_that_rounding_leaves_too_narrow_says_what_it_leaves():
    frame = frame_of(1)
    report = check_together(tables_of(frame, 2, 100.0))
    assert report.verdict == "review"
    low, high = own_span(frame, 2, (100.0, 100.0))
    found = [one for one in report.findings if TOTALS in one.message]
    assert f"leave it between {round(low, 4):,.10g} and {round(high, 4):,.10g};" in found[0].message
    assert f"have to be {needed(frame, 2):,.10g} wide" in found[0].message
    assert "as much as 10 people add" in found[0].message
    assert high - low < needed(frame, 2)


def test_a_rounded_sum_beside_an_exact_one_is_known_within_its_own_base_alone():
    frame = frame_of(2).with_columns(id_number=pl.col("id"))
    data = Data.read(frame, unit="id", name="people")
    derived = {"y": "CASE WHEN id_number < 2 THEN 0 ELSE x END"}
    exact = data.table("group", statistic="sum", of="y", derive=derived)
    for base, verdict in ((1000.0, "review"), (4000.0, "pass")):
        rounded = data.table("group", statistic="sum", of="x").protect("round", amounts=base)
        assert check_together([rounded, exact]).together == verdict


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    few=st.integers(1, 6),
    bases=st.tuples(*[st.sampled_from([200.0, 500.0, 800.0, 1500.0, 3000.0])] * 2),
)
def test_what_passes_is_open_to_who_knows_everything_but_the_amounts(seed, few, bases):
    """All totals measure the same difference, so that two bases alone say too little of it."""
    frame = frame_of(seed)
    tables = tables_of(frame, few, bases[0], second=bases[1])
    report = check_together(tables)
    low, high = own_span(frame, few, bases)
    said = [one.message for one in report.findings]
    is_said = any(TOTALS in one for one in said)
    assert is_said == (high - low < needed(frame, few) * (1 - 1e-6)), (low, high, said)


def test_the_same_difference_in_many_cells_is_narrower_than_two_bases():
    frame = frame_of(3)
    low, high = own_span(frame, 2, (1500.0, 1500.0))
    assert high - low < 3000.0  # nobody is below 0, and every margin shows the difference again


@pytest.mark.parametrize("statistic", ["median", "std"])
def test_rounded_figures_without_parts_still_go_to_a_person(statistic):
    frame = frame_of(4).with_columns(id_number=pl.col("id"))
    data = Data.read(frame, unit="id", name="people")
    derived = {"y": "CASE WHEN id_number < 2 THEN 0 ELSE x END"}
    tables = [
        data.table("group", statistic=statistic, of=of, derive=derived).protect("round")
        for of in ("x", "y")
    ]
    assert check_together(tables).together == "review"
