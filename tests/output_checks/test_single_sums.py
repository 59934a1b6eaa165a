"""What a reader can tell of many changed counts: at once the same as one by one."""

import itertools

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from output_checks import Data
from output_checks.protect import intervals
from output_checks.protect.intervals import Published, attainable
from output_checks.protect.rounded import (
    controlled_bounds,
    conventional_bounds,
    midpoint_bounds,
    midpoints,
)
from output_checks.protect.single_sums import by_single_sums
from output_checks.protect.solver import Model
from output_checks.protect.structure import sums

INF = np.inf


def told(rows, right, known, *, whole=True):
    matrix = csr_matrix(np.array(rows, dtype=float))
    least, most = (np.array(one, dtype=float) for one in right)
    low, high = (np.array(one, dtype=float) for one in known)
    found = by_single_sums(matrix, (least, most), (low, high), whole=whole)
    return [one.tolist() for one in found]


def test_a_part_is_the_sum_less_what_the_others_can_be():
    # 10 in all, of which the others are 2 to 3 and 1 to 4: from 10 - 7 to 10 - 3
    assert told([[1, 1, 1]], ([10], [10]), ([0, 2, 1], [9, 3, 4])) == [[3, 2, 1], [7, 3, 4]]


def test_an_unknown_total_is_what_its_parts_can_be():
    # a + b = t: t is 2 + 3 to 4 + 5, and a at most 6 - 3
    assert told([[1, 1, -1]], ([0], [0]), ([2, 3, 0], [4, 5, 6])) == [[2, 3, 5], [3, 4, 6]]


def test_one_sum_after_the_other():
    # a + b = 5 with b up to 1 leaves 4 to 5 for a; a + c = 5 then 0 to 1 for c
    rows = [[1, 0, 1], [1, 1, 0]]
    assert told(rows, ([5, 5], [5, 5]), ([0, 0, 0], [9, 1, 9])) == [[4, 0, 0], [5, 1, 1]]


def test_without_a_limit_nothing_is_told_of_the_others():
    assert told([[1, 1]], ([5], [INF]), ([0, 0], [INF, INF])) == [[0, 0], [INF, INF]]
    assert told([[1, 1]], ([5], [5]), ([-INF, 0], [INF, 2])) == [[3, 0], [5, 2]]
    assert told([[1, 1]], ([5], [5]), ([-INF, -INF], [INF, INF])) == [[-INF, -INF], [INF, INF]]
    assert told([[1, -1]], ([-INF], [3]), ([0, 0], [INF, 4])) == [[0, 0], [7, 4]]


def test_whole_numbers_are_between_fractions():
    # 2a + b = 5 with b from 0 to 2: a is 1.5 to 2.5, so it is 2, and b is 1
    assert told([[2, 1]], ([5], [5]), ([0, 0], [9, 2])) == [[2, 1], [2, 1]]
    assert told([[2, 1]], ([5], [5]), ([0, 0], [9, 2]), whole=False) == [[1.5, 0], [2.5, 2]]


def test_nothing_that_is_possible_is_left_out():
    chance = np.random.default_rng(5)
    relations = sums((3, 3))
    for _ in range(40):
        low = chance.integers(0, 3, 9)
        high = low + chance.integers(0, 3, 9)
        tables = [
            table
            for inner in itertools.product(*(range(low[at], high[at] + 1) for at in (0, 1, 3, 4)))
            if ((table := added(inner)) >= low).all() and (table <= high).all()
        ]
        if not tables:
            continue
        zeros = np.zeros(relations.shape[0])
        least, most = by_single_sums(relations, (zeros, zeros), (1.0 * low, 1.0 * high), whole=True)
        assert (least <= np.min(tables, axis=0)).all()
        assert (most >= np.max(tables, axis=0)).all()


def added(inner):
    table = np.array(inner).reshape(2, 2)
    table = np.vstack([table, table.sum(axis=0)])
    return np.hstack([table, table.sum(axis=1, keepdims=True)]).reshape(-1)


def one_by_one(published):
    """Every end by a solve of its own, with no limit known but what is published."""
    matrix = published.relations
    right = published.excess, published.excess
    model = Model(matrix, right, (published.lower, published.upper))
    found = []
    for at, sign in itertools.product(range(len(published.values)), (1.0, -1.0)):
        costs = np.zeros(len(published.values))
        costs[at] = sign
        model.set_costs(costs)
        found.append(round(model.minimise().columns[at]))
    return np.array(found[::2]), np.array(found[1::2])


def rounded(shape, seed, way, scale=1.0):
    chance = np.random.default_rng(seed)
    counts = chance.poisson(chance.lognormal(scale, 1.3, shape))
    for axis in range(len(shape)):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    counts = counts.reshape(-1)
    bounds = {
        "nearest": conventional_bounds((counts + 2) // 5 * 5, 5),
        "adding up": controlled_bounds(counts // 5 * 5, 5),
        "midpoint": midpoint_bounds(midpoints(counts, 6), 6),
        "chance": (np.maximum(counts - chance.integers(0, 4, counts.size), 0), counts + 1),
    }
    relations = sums([length + 1 for length in shape])
    return counts, Published(
        relations=relations,
        excess=np.zeros(relations.shape[0]),
        values=np.full(counts.size, np.nan),
        lower=bounds[way][0].astype(float),
        upper=bounds[way][1].astype(float),
        whole=True,
        flat=len(shape) < 3,
    )


@pytest.mark.parametrize("way", ["nearest", "adding up", "midpoint", "chance"])
@pytest.mark.parametrize("shape", [(7,), (4, 3), (9, 2), (6, 6)])
def test_all_at_once_gives_what_one_by_one_gives(shape, way):
    narrower = 0
    for seed in range(4):
        counts, published = rounded(shape, seed, way)
        lower, upper = attainable(published)
        least, most = one_by_one(published)
        assert lower.tolist() == least.tolist()
        assert upper.tolist() == most.tolist()
        assert ((lower <= counts) & (counts <= upper)).all()
        narrower += ((lower > published.lower) | (upper < published.upper)).sum()
    assert narrower or shape != (9, 2)  # where many sums are of two counts, they tell much


def test_contradictions_are_still_found():
    _, published = rounded((4, 3), 1, "nearest")
    published.upper[-1] = published.lower[-1] = published.upper.sum() + 1
    with pytest.raises(ValueError, match="contradict"):
        attainable(published)


def test_ten_thousand_rounded_counts_take_few_solves(monkeypatch):
    solves = []
    solve = Model.minimise
    monkeypatch.setattr(Model, "minimise", lambda self: solves.append(1) or solve(self))
    counts, published = rounded((100, 99), 3, "nearest", scale=2.0)
    lower, upper = attainable(published)
    assert len(solves) < 30  # one by one they are some 20,000
    assert ((published.lower <= lower) & (lower <= counts)).all()
    assert ((counts <= upper) & (upper <= published.upper)).all()


@pytest.mark.parametrize("way", ["nearest", "midpoint", "chance"])
def test_moving_many_cells_at_once_changes_no_answer(way, monkeypatch):
    _, published = rounded((12, 8), 2, way)
    at_once = attainable(published)
    monkeypatch.setattr(intervals, "_look_at_several", lambda *_: None)
    alone = attainable(published)
    assert [one.tolist() for one in at_once] == [one.tolist() for one in alone]


def test_a_rounded_table_says_what_a_reader_can_tell_of_every_count():
    frame = pl.DataFrame({"a": ["x"] * 13 + ["y"] * 22, "b": ["k", "l"] * 17 + ["l"]})
    table = Data.read(frame, unit=None).table("a", "b")
    found = table.protect("round", base=10, controlled=False).grid.frame
    assert found["exact"].to_list() == [7, 6, 13, 10, 12, 22, 17, 18, 35]
    assert found["value"].to_list() == [10, 10, 10, 10, 10, 20, 20, 20, 40]
    # 10 is 5 to 14, 20 is 15 to 24, 40 is 35 to 44. All are 35 at least and y at most 24, so that
    # x is 11 to 14; then its parts are 9 at most, y 21 at least, and its parts 7.
    assert found["lower"].to_list() == [5, 5, 11, 7, 7, 21, 15, 15, 35]
    assert found["upper"].to_list() == [9, 9, 14, 14, 14, 24, 23, 23, 38]
