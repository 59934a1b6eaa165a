"""What can be told of withheld weighted counts, against linear programs of the test's own."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from output_checks import Data, ProtectionError, check_together

SPANS = [(0.8, 1.3), (0.1, 40.0)]


def table_of(counts, weights):
    """counts: people by row and column. weights: of each in turn."""
    rows = [
        (str(a), str(b)) for (a, b), n in np.ndenumerate(np.array(counts)) for _ in range(int(n))
    ]
    frame = pl.DataFrame(rows, ["a", "b"], orient="row").with_row_index("id")
    frame = frame.with_columns(w=pl.Series(weights, dtype=pl.Float64))
    return Data.read(frame, unit="id", name="people")


def told(values, hidden):
    """The least and most of each withheld cell of a table with totals, all weights 0 or more."""
    number = {place: at for at, place in enumerate(map(tuple, np.argwhere(hidden)))}
    sums, right = [], []
    for axis, line in product((0, 1), range(max(values.shape))):
        if line >= values.shape[axis]:
            continue
        row, known = np.zeros(len(number)), 0.0
        across = values.shape[1 - axis]
        for at in range(across):
            place = (line, at) if axis == 0 else (at, line)
            sign = 1.0 if at < across - 1 else -1.0
            if place in number:
                row[number[place]] += sign
            else:
                known += sign * values[place]
        if row.any():
            sums.append(row)
            right.append(-known)
    found = {}
    for place, at in number.items():
        costs = np.eye(len(number))[at]
        least, most = (
            linprog(sign * costs, A_eq=sums, b_eq=right, bounds=(0, None)) for sign in (1, -1)
        )
        found[place] = least.fun, np.inf if most.status == 3 else -most.fun
    return found


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), span=st.sampled_from(SPANS))
def test_withheld_weighted_counts_are_known_as_well_as_sums_tell_and_no_better(seed, span):
    chance = np.random.default_rng(seed)
    counts = chance.integers(2, 50, (3, 3))
    low, high = np.log(span)
    weights = np.round(np.exp(chance.uniform(low, high, counts.sum())), 3)
    try:
        made = table_of(counts, weights).table("a", "b", weight="w").protect("suppress")
    except ProtectionError:
        return
    grid = made.grid
    near = 1e-4 * grid.column("exact").max()
    for place, (least, most) in told(grid.column("exact"), grid.column("withheld")).items():
        assert grid.column("lower")[place] == pytest.approx(least, abs=near)
        upper = grid.column("upper")[place]
        assert np.isnan(upper) if np.isinf(most) else upper == pytest.approx(most, abs=near)
        usual = grid.column("weight")[place] / max(grid.column("units")[place], 1)
        assert most - least >= 10 * usual - near
        assert most - least >= grid.column("largest_weight")[place] - near


def test_a_weighted_count_hides_its_heaviest_person():
    # In the middle cell one of 200 weighs 60 and all others 1: as for a sum, where what others can
    # be in its place leaves less than 60 open, it is not enough that 10 usual people are hidden.
    counts = [[4, 60, 90], [50, 200, 95], [80, 70, 85]]
    before = sum(counts[0]) + counts[1][0]
    weights = [1.0] * sum(map(sum, counts))
    plain = table_of(counts, weights).table("a", "b", weight="w").protect("suppress").grid
    weights[before] = 60.0
    heavy = table_of(counts, weights).table("a", "b", weight="w").protect("suppress").grid
    assert heavy.column("largest_weight")[1, 1] == 60.0
    for grid in (plain, heavy):
        for place, (least, most) in told(grid.column("exact"), grid.column("withheld")).items():
            assert most - least >= grid.column("largest_weight")[place] - 1e-3


COUNTS = [[4, 60, 90], [50, 70, 95], [55, 75, 85], [65, 80, 60]]


@pytest.mark.parametrize("is_out", [False, True])
def test_weights_that_are_known_by_row_tell_counts_beside_unweighted_totals(is_out):
    """1.3 a + 0.8 b is 1.3 (a + b) less 0.5 b: whoever has both totals and the weights has all.

    There are four weights: of two or three few people would have the rarest in the first column.
    """
    each = zip((1.3, 0.8, 0.9, 0.7), COUNTS, strict=True)
    weights = [one for one, row in each for _ in range(sum(row))]
    data = table_of(COUNTS, weights)
    weighted = data.table("a", "b", weight="w").protect("suppress")
    assert weighted.report().verdict == "pass"
    people = {"people": data.table("b")}
    asked = ({}, people) if is_out else (people, {})
    report = check_together({"weighted": weighted, **asked[0]}, released=asked[1])
    assert report.verdict == "review"
    (small,) = [one for one in report.findings if "a = 0, b = 0" in one.message]
    assert "beside “people” that it is 5.2 to 5.2" in small.message  # 4 people of 1.3
    assert (small.rule == "differencing") == is_out
    alone = check_together({"weighted": weighted, "people": data.table("b").protect("round")})
    assert alone.verdict == "pass"


def test_weights_that_differ_from_person_to_person_leave_counts_open():
    chance = np.random.default_rng(1)
    data = table_of(COUNTS, np.round(chance.uniform(0.5, 2.0, sum(map(sum, COUNTS))), 3))
    weighted = data.table("a", "b", weight="w").protect("suppress")
    assert check_together([weighted, data.table("b")]).verdict == "pass"
