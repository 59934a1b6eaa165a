"""Means and sums of what a dimension tells: an equation on the people of withheld cells."""

from dataclasses import replace
from functools import cache
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_checks import (
    Data,
    Policy,
    ProtectionError,
    check_together,
    protect_together,
)
from output_checks.rules.threshold import is_wide

PRICES = (0, 1, 100)
COUNTS = {"a0": (11, 3, 40), "a1": (20, 25, 36), "a2": (31, 30, 20)}
W = {"w": "CASE WHEN score = 0 THEN 0 WHEN score = 1 THEN 1 ELSE 100 END"}


def data_of(counts):
    rows = [
        (row, score, at % 7)
        for row, some in counts.items()
        for score, count in enumerate(some)
        for at in range(count)
    ]
    frame = pl.DataFrame(rows, schema=["a", "score", "other"], orient="row").with_row_index("id")
    return Data.read(frame.with_columns(low=pl.col("score") == 0), unit="id", name="drugs")


def worlds(numbers, total):
    """Every way in which people of three scores can give a row's count and sum."""
    people = sum(numbers)
    return [
        found
        for found in product(range(people + 1), repeat=3)
        if sum(found) == people and np.dot(found, PRICES) == total
    ]


def test_the_counts_of_a_row_follow_from_its_mean():
    assert worlds((11, 3, 40), 4003) == [(11, 3, 40)]


@pytest.mark.parametrize(
    ("statistic", "more"),
    [
        (["count", "mean"], {"of": "w", "derive": W}),
        (["count", "sum"], {"of": "w", "derive": W}),
        ("mean", {"of": "w", "derive": W}),
        (["mean", "std"], {"of": "w", "derive": W}),
        (["count", "proportion"], {"of": "low"}),
    ],
)
def test_what_a_dimension_tells_is_not_given_beside_withheld_cells(statistic, more):
    table = data_of(COUNTS).table("a", "score", statistic=statistic, **more)
    with pytest.raises(ProtectionError, match="a dimension of the table tells everybody's value"):
        table.protect("suppress")
    with pytest.raises(ProtectionError):
        protect_together([table])


def test_the_counts_alone_and_means_of_another_variable_are_given():
    data = data_of(COUNTS)
    assert data.table("a", "score").protect("suppress").report().verdict == "pass"
    table = data.table("a", "score", statistic=["count", "mean"], of="other").protect("suppress")
    assert table.report().verdict == "pass"


def released_as(counts, table):
    """A table of several statistics with the withheld cells of another, as it may be out."""
    hidden = counts.grid.frame["withheld"]
    grids = tuple(
        grid.with_columns(
            counts.grid.protection,
            withheld=hidden,
            value=pl.select(pl.when(~hidden).then(grid.frame["value"])).to_series(),
        )
        for grid in table.plains
    )
    return replace(table, grids=grids)


def test_one_output_that_is_out_is_asked_for_its_own_equations():
    data = data_of(COUNTS)
    table = data.table("a", "score", statistic=["count", "mean"], of="w", derive=W)
    out = released_as(data.table("a", "score").protect("suppress"), table)
    assert out.released().filter(a="a0", score="1")["count"].to_list() == [None]
    found = [
        one for one in check_together([out]).findings if "score = 1 is withheld" in one.message
    ]
    assert any("it has 3 people" in one.message for one in found)
    assert {one.remedy for one in found} == {
        "Show the counts alone: what the figure adds follows from a dimension."
    }


NO_OTHER = float("inf")
THREE = replace(
    Policy.named("srs"),
    name="three",
    threshold=3,
    zeros="pass",
    all_equal="pass",
    class_disclosure_review=NO_OTHER,
    class_disclosure_fail=NO_OTHER,
    dominance_1_review=NO_OTHER,
    dominance_2_fail=NO_OTHER,
    p_percent=0.0,
    sources={},
)
VALUES = [(0, 1, 2), (0, 1, 3), (1, 2, 5), (2, 2, 3), (-1, 0, 4), (0.1, 0.2, 0.4)]


@given(
    st.lists(st.tuples(*[st.integers(1, 4)] * 3), min_size=2, max_size=2),
    st.sampled_from(VALUES),
    st.sampled_from(["mean", "sum"]),
)
@settings(max_examples=25, deadline=None)
def test_intervals_are_those_of_all_people_that_fit(counts, values, statistic):
    """All worlds are listed: two rows of three, the columns and rows and their sums as shown."""
    frame = data_of({f"a{at}": some for at, some in enumerate(counts)}).frame.collect()
    cases = " ".join(f"WHEN score = {at} THEN {value}" for at, value in enumerate(values))
    table = Data.read(frame, unit="id", name="d", policy=THREE).table(
        *("a", "score"), statistic=["count", statistic], of="w", derive={"w": f"CASE {cases} END"}
    )
    try:
        done = table.protect("suppress")
    except ProtectionError:
        return
    lower, upper, withheld = (done.grid.column(name) for name in ("lower", "upper", "withheld"))
    if not withheld.any() or withheld[-1, -1]:
        return
    fitting = _fitting(done.grid.column("units"), ~withheld, np.array(values))
    low, high = fitting.min(axis=0), fitting.max(axis=0)
    assert (lower[withheld] == low[withheld]).all()
    assert (upper[withheld] == high[withheld]).all()
    pairs = zip(low[withheld], high[withheld], strict=True)
    assert all(is_wide(least, most, 3) for least, most in pairs)


def _fitting(truth, shown, each):
    """Every table of counts with the shown counts, and the sums of values in shown totals."""
    inner = _with_this_total(int(truth[-1, -1]), 6).reshape(-1, 2, 3)
    worlds = np.concatenate([inner, inner.sum(axis=1, keepdims=True)], axis=1)
    sums, true = worlds @ each, truth[:, :-1] @ each
    worlds = np.concatenate([worlds, worlds.sum(axis=2, keepdims=True)], axis=2)
    fits = (worlds[:, shown] == truth[shown]).all(axis=1)
    fits &= np.isclose(sums, true)[:, shown[:, -1]].all(axis=1)
    return worlds[fits]


@cache
def _with_this_total(total, cells):
    """All ways in which some people can be in some cells."""
    bars = np.array(list(combinations(range(total + cells - 1), cells - 1)))
    ends = np.pad(bars, ((0, 0), (1, 1)), constant_values=-1)
    ends[:, -1] = total + cells - 1
    return np.diff(ends, axis=1) - 1
