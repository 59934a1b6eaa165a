"""What withheld cells are together: whose contributions they are, and which cell mends a line."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data, Policy, ProtectionError
from output_checks.protect import told_by_values
from output_checks.protect.subject import Subject
from output_checks.protect.together import Together

SRS = Policy.named("srs")
ROWS = [("A", 50_000.0), ("A", 3.0)] + [("B", 5.0 + n) for n in range(9)]
ROWS += [("C", 1000.0 + 30 * n) for n in range(30)] + [("D", 1000.0 + 15 * n) for n in range(60)]


def read(rows, names):
    return Data.read(pl.DataFrame(rows, schema=names, orient="row").with_row_index("id"), unit="id")


def together(table, data):
    subject = Subject(grids=(table.plain,), policy=SRS, declaration=table.declaration, source=data)
    return Together(subject)


def named(table, *labels):
    return np.isin(table.plain.frame["g"].to_numpy(), labels)


@pytest.mark.parametrize(
    ("amounts", "chosen"),
    [
        ({"C": 40.0, "D": 9_000.0, "E": 8_000.0}, "E"),  # C is too little, D would cost more
        ({"C": 40.0, "D": 50.0, "E": 30.0}, "D"),  # none mends it alone: the one that costs most
    ],
)
def test_the_cheapest_cell_that_mends_a_line_is_chosen(amounts, chosen):
    sizes = {"C": 20, "D": 60, "E": 40}
    rows = ROWS[:11] + [(g, each) for g, each in amounts.items() for _ in range(sizes[g])]
    data = read(rows, ["g", "x"])
    table = data.table("g", statistic="sum", of="x")
    judge = together(table, data)
    more = judge.further_cells(named(table, "A", "B"), np.ones(table.plain.size, dtype=bool))
    assert table.plain.frame["g"].filter(pl.Series(more)).to_list() == [chosen]


def test_where_no_more_may_be_withheld_nothing_is_chosen():
    data = read(ROWS, ["g", "x"])
    table = data.table("g", statistic="sum", of="x")
    judge = together(table, data)
    assert judge.failing(named(table, "A", "B"))
    assert not judge.further_cells(named(table, "A", "B"), named(table, "A")).any()


def test_both_parts_of_a_ratio_are_added_up_person_by_person():
    rows = [(0, "A", 30_000.0, 9.0), (0, "B", 30_000.0, 9.0), (1, "A", 3.0, 9.0)]
    rows += [(n, "B", 6.0, 9.0) for n in range(2, 14)]
    rows += [(n, g, 1000.0 + n, 9.0) for g in "CD" for n in range(20, 60)]
    frame = pl.DataFrame(rows, schema=["id", "g", "x", "y"], orient="row")
    data = Data.read(frame, unit="id")
    table = data.table("g", statistic="ratio", of="x", per="y")
    above, below = together(table, data)._known
    cells = np.flatnonzero(named(table, "A", "B"))
    assert above.together(cells) == (60_000.0, 6.0, 60_075.0)
    assert below.together(cells) == (18.0, 9.0, 135.0)


def test_a_line_that_nothing_mends_is_refused(monkeypatch):
    rows = [*ROWS, ("B", 49_000.0)] + [("E", 1500.0 + n) for n in range(60)]
    table = read(rows, ["g", "x"]).table("g", statistic="sum", of="x")
    assert table.protect("suppress").cells["withheld"].sum() > 2
    none = np.zeros(table.plain.size, dtype=bool)
    monkeypatch.setattr(Together, "further_cells", lambda self, withheld, allowed: none)
    with pytest.raises(ProtectionError, match="one or two people make up most of that"):
        table.protect("suppress")


# Values that all people of a cell share


def by_cell(people, value):
    rows = [(a, b, value(a, b)) for a in range(3) for b in range(3) for _ in range(people)]
    table = read(rows, ["a", "b", "v"]).table("a", "b", statistic="mean", of="v")
    grid = table.plain
    counts = grid.frame["units"].to_numpy().astype(float)
    inner = told_by_values._is_inner(grid)
    each = np.where(inner, grid.frame["exact"].to_numpy(), np.nan)
    return grid, each, counts, inner


def test_cells_in_which_all_agree_tell_their_value_where_that_is_no_chance():
    grid, each, counts, inner = by_cell(20, lambda a, b: 10.0 * ((a + b) % 3))
    found = told_by_values._by_dimension(grid, each, counts)
    assert found is not None
    assert (found[inner] == each[inner]).all()


def test_few_people_each_may_agree_by_chance():
    grid, each, counts, _ = by_cell(2, lambda a, b: 10.0 * ((a + b) % 3))
    assert told_by_values._by_dimension(grid, each, counts) is None
