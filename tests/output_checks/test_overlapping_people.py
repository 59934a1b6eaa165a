"""People in several cells: no part is more than its total, and no total more than its parts."""

import polars as pl
import pytest
from scipy.optimize import linprog

from output_checks import Data
from output_checks.rules.threshold import is_wide

ROWS, COLUMNS = ("r1", "r2", "r3", "Total"), ("A", "B", "C", "Total")


def in_several_cells():
    """Of 10 people in A and 81 in B most are in every row: r1 has 9 and 81 of them, and 10 in C."""
    a = [f"a{number}" for number in range(10)]
    b = [f"b{number}" for number in range(81)]
    who = {
        ("r1", "A"): a[:9],
        ("r2", "A"): a,
        ("r3", "A"): a,
        ("r1", "B"): b,
        ("r2", "B"): b[:50],
        ("r3", "B"): b[:40],
        ("r1", "C"): [f"c{number}" for number in range(10)],
        ("r2", "C"): [f"d{number}" for number in range(60)],
        ("r3", "C"): [f"e{number}" for number in range(60)],
    }
    rows = [(person, r, c) for (r, c), people in who.items() for person in people]
    return pl.DataFrame(rows, schema=["id", "r", "c"], orient="row")


def lines():
    """Every sum: (total, parts)."""
    for row in ROWS:
        yield (row, "Total"), [(row, column) for column in COLUMNS[:-1]]
    for column in COLUMNS:
        yield ("Total", column), [(row, column) for row in ROWS[:-1]]


def reader_knows(shown, place):
    """What somebody can tell of a cell who knows no more than the two inequalities."""
    cells = [(row, column) for row in ROWS for column in COLUMNS]
    matrix = []
    for total, parts in lines():
        matrix += [
            [1.0 * (cell == part) - 1.0 * (cell == total) for cell in cells] for part in parts
        ]
        matrix.append([1.0 * (cell == total) - 1.0 * (cell in parts) for cell in cells])
    bounds = [(shown.get(cell, 0), shown.get(cell)) for cell in cells]
    ends = []
    for sign in (1, -1):
        cost = [sign * (cell == place) for cell in cells]
        found = linprog(cost, A_ub=matrix, b_ub=[0.0] * len(matrix), bounds=bounds)
        ends.append(sign * found.fun if found.status == 0 else None)
    return ends


@pytest.mark.parametrize("policy", ["srs", "ukllc", "abs"])
def test_a_part_is_hidden_from_who_knows_that_it_is_not_more_than_its_total(policy):
    # With A and B withheld alone: r1 has 100 people, 10 in C and at most 81 in B: 9 or 10 in A.
    table = Data.read(in_several_cells(), unit="id", policy=policy).table("r", "c")
    cells = table.protect("suppress").cells
    places = cells.select("r", "c", "value", "withheld").rows()
    shown = {(r, c): value for r, c, value, withheld in places if not withheld}
    hidden = [(r, c) for r, c, _, withheld in places if withheld]
    assert hidden
    for place in hidden:
        assert is_wide(*reader_knows(shown, place), 10), place


def test_no_interval_reaches_above_a_total_that_is_shown():
    frame = pl.DataFrame(
        {
            "id": [*range(40), *range(20), *range(20, 25)],
            "year": [2019] * 40 + [2020] * 20 + [2021] * 5,
        }
    )
    known = Data.read(frame, unit="id").table("year").protect("suppress").intervals()
    assert known["upper"].to_list()
    assert max(known["upper"].to_list()) <= 40  # so many people there are in all
