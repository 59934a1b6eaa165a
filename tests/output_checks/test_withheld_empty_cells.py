"""A withheld cell that is empty is not known to be empty: by a linear program of its own."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from output_checks import Data

ROWS, COLUMNS = "abcd", "wxyz"


def drawn(seed: int, lowest: int = 1):
    """Four by four groups, some of them empty and some of few people, each with an amount."""
    chance = np.random.default_rng(seed)
    rows = [
        (a, b, float(chance.integers(lowest, 100)))
        for a in ROWS
        for b in COLUMNS
        for _ in range(int(chance.choice([0, 3, 12, 25, 40], p=[0.2, 0.2, 0.2, 0.2, 0.2])))
    ]
    frame = pl.DataFrame(rows, schema=["a", "b", "x"], orient="row").with_row_index("id")
    return Data.read(frame, unit="id")


def by_linear_program(cells: pl.DataFrame, known: str) -> dict:
    """The least and the most of every withheld cell: anything from 0 on that adds up so."""
    inner = [(a, b) for a in ROWS for b in COLUMNS]
    parts = {
        (a, b): [float(a in (one[0], "Total") and b in (one[1], "Total")) for one in inner]
        for a, b in cells.select("a", "b").rows()
    }
    shown = {(a, b): value for a, b, value, held in cells.select("a", "b", known, "withheld").rows()
             if not held}  # fmt: skip
    found = {}
    for place in parts.keys() - shown.keys():
        ends = []
        for sign in (1.0, -1.0):
            done = linprog(
                sign * np.array(parts[place]),
                A_eq=[parts[one] for one in shown],
                b_eq=list(shown.values()),
                bounds=(0, None),
            )
            ends.append(sign * done.fun if done.status == 0 else None)
        found[place] = tuple(ends)
    return found


def as_found(table, columns=("lower", "upper")):
    return {
        (a, b): tuple(None if one is None else pytest.approx(one, abs=1e-3) for one in ends)
        for a, b, *ends in table.cells.filter("withheld").select("a", "b", *columns).rows()
    }


@pytest.mark.parametrize("seed", range(12))
def test_withheld_sums_are_as_unknown_as_a_linear_program_finds_them(seed):
    table = drawn(seed).table("a", "b", statistic="sum", of="x").protect("suppress", reviews=True)
    assert table.report().verdict == "pass"
    assert by_linear_program(table.cells, "exact") == as_found(table)


def test_some_of_these_withheld_sums_are_of_empty_cells():
    held = [
        drawn(seed).table("a", "b", statistic="sum", of="x").protect("suppress", reviews=True).cells
        for seed in range(4)
    ]
    empty = pl.concat(held).filter(pl.col("withheld") & (pl.col("units") == 0))
    assert empty.height > 0
    assert (empty["upper"].fill_null(np.inf) > 0).all()


@pytest.mark.parametrize("seed", range(4))
def test_withheld_means_are_any_such_sum_over_any_such_number_of_people(seed):
    table = drawn(seed).table("a", "b", statistic="mean", of="x").protect("suppress", reviews=True)
    sums = by_linear_program(table.cells, "sum")
    people = by_linear_program(table.cells, "units")

    def mean(place):
        (least, most), (few, many) = sums[place], people[place]
        highest = None if most is None else most / max(few, 1)
        return (0.0 if many is None else least / max(many, 1)), highest

    assert {place: mean(place) for place in sums} == as_found(table)
    assert people == as_found(table, ("people_lower", "people_upper"))


def test_a_declared_structural_zero_stays_known():
    table = drawn(1).table(
        "a", "b", statistic="sum", of="x", where="a <> 'a' OR b <> 'w'",
        structural_zeros=[{"a": "a", "b": "w"}],
    )  # fmt: skip
    held = table.protect("suppress", reviews=True).cells.filter(a="a", b="w")
    assert held["withheld"].to_list() == [False]
