"""People in several cells of several dimensions: what can be told is what some people give."""

from functools import cache
from itertools import chain, combinations, combinations_with_replacement, product

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from output_checks.errors import UnreadableDataError
from output_checks.protect import worlds
from output_checks.readers.intervals import intervals, work_out_of

DIAGNOSES, YEARS = ("A", "B"), ("x", "y")
INNER = list(product(DIAGNOSES, YEARS))
CELLS = list(product((*DIAGNOSES, "Total"), (*YEARS, "Total")))
MOST_PEOPLE = 3
EMPTY = dict.fromkeys(CELLS, 0)


def table_of(people):
    """The table that counts people, each given as the cells that they are in."""
    table = dict(EMPTY)
    for cells in people:
        inside = {place for d, x in cells for place in product((d, "Total"), (x, "Total"))}
        for place in inside:
            table[place] += 1
    return table


@cache
def every_table():
    """The tables of every world of up to three people: 15 sets of cells that one can be in."""
    sets = list(chain.from_iterable(combinations(INNER, n) for n in range(1, 5)))
    every = range(MOST_PEOPLE + 1)
    return [table_of(one) for n in every for one in combinations_with_replacement(sets, n)]


def frame_of(table, hidden=()):
    rows = [(*place, None if place in hidden else n) for place, n in table.items()]
    return pl.DataFrame(rows, {"d": pl.String, "year": pl.String, "n": pl.Int64}, orient="row")


@settings(max_examples=30, deadline=None)
@given(
    truth=st.integers(0, 815),
    hidden=st.sets(st.sampled_from([one for one in CELLS if one != ("Total", "Total")])),
)
@example(truth=400, hidden=set(CELLS) - {("Total", "Total")})
def test_what_is_left_is_what_some_people_give_and_nothing_else(truth, hidden):
    table = every_table()[truth]
    fitting = [
        one
        for one in every_table()
        if all(n == table[place] for place, n in one.items() if place not in hidden)
    ]
    for d, year, lower, upper, exact in intervals(frame_of(table, hidden), overlaps=True).rows():
        values = [one[d, year] for one in fitting]
        assert (lower, upper, exact) == (min(values), max(values), True), (d, year)


ONE_IN_EACH = {
    **EMPTY,
    ("A", "x"): 1,
    ("A", "y"): 1,
    ("B", "y"): 1,
    ("A", "Total"): 1,
    ("B", "Total"): 1,
    ("Total", "x"): 1,
    ("Total", "y"): 1,
}


def test_one_person_who_must_be_in_both_is_not_counted_twice():
    # Row A and column y have one person each, and both share the cell (A, y); (A, x) has somebody,
    # and (B, y) too: all the same person, so that there is 1 in all. Single totals say 1 to 2.
    (row,) = intervals(frame_of(ONE_IN_EACH, {("Total", "Total")}), overlaps=True).rows()
    assert row == ("Total", "Total", 1, 1, True)


def test_numbers_that_no_people_give_are_refused():
    # As above, but with 2 people in all: no single total is wrong.
    table = ONE_IN_EACH | {("Total", "Total"): 2}
    with pytest.raises(UnreadableDataError, match="no people in several cells"):
        intervals(frame_of(table, {("B", "x")}), overlaps=True)


def test_where_nothing_limits_a_total_from_above_nothing_is_said():
    table = {**EMPTY, ("A", "x"): 5, ("A", "Total"): 5}
    hidden = {("B", "y"), ("B", "Total"), ("Total", "y"), ("Total", "Total"), ("Total", "x")}
    found = {row[:2]: row[2:4] for row in intervals(frame_of(table, hidden), overlaps=True).rows()}
    assert found["B", "y"] == (0, None)
    assert found["Total", "x"] == (5, 5)  # nobody is in (B, x), so column x is row A's


def three_dimensions(people):
    """A table by diagnosis, year and sex, of which only the first two overlap."""
    places = product((*DIAGNOSES, "Total"), (*YEARS, "Total"), ("F", "M", "Total"))
    table = dict.fromkeys(places, 0)
    for sex, cells in people:
        inside = {
            place for d, x in cells for place in product((d, "Total"), (x, "Total"), (sex, "Total"))
        }
        for place in inside:
            table[place] += 1
    return table


def test_a_dimension_that_does_not_overlap_divides_the_people():
    people = [
        ("F", [("A", "x"), ("B", "y")]),
        ("M", [("A", "x")]),
        ("M", INNER),
        ("F", [("B", "y")]),
    ]
    table = three_dimensions(people)
    hidden = {("A", "x", "F"), ("A", "x", "M")}
    rows = [(*place, None if place in hidden else n) for place, n in table.items()]
    frame = pl.DataFrame(rows, ["d", "year", "sex", "n"], orient="row")
    found = intervals(frame, overlaps=["d", "year"])
    # One woman has A, and with it the total of (A, F) over the years: she is in x, since nobody
    # has A in y but the man who is everywhere.
    assert found.rows() == [("A", "x", "F", 1, 1, True), ("A", "x", "M", 2, 2, True)]


def test_rounded_numbers_are_worked_out_of_people_too():
    people = [[("A", "x"), ("B", "y")]] * 12 + [[("A", "y")]] * 9 + [INNER] * 4
    table = table_of(people)
    shown = {place: (n + 2) // 5 * 5 for place, n in table.items()}
    done = work_out_of(frame_of(shown), overlaps=True, rounded=5)
    assert done.is_certain
    for row in done.rows():
        assert row["lower"] <= table[row["d"], row["year"]] <= row["upper"]


def random_table(size, seed):
    generator = np.random.default_rng(seed)
    inside = generator.random((150, size, size)) < 0.1
    inside = inside[inside.any(axis=(1, 2))]
    whole = slice(None)
    table = {}
    for row in [*range(size), None]:
        for column in [*range(size), None]:
            some = inside[:, whole if row is None else [row], :]
            some = some[:, :, whole if column is None else [column]]
            label = (
                "Total" if row is None else f"d{row}",
                "Total" if column is None else f"x{column}",
            )
            table[label] = int(some.any(axis=(1, 2)).sum())
    return table


def test_a_search_that_ends_before_leaves_bounds_that_hold(monkeypatch):
    table = random_table(5, 3)
    hidden = {("d0", "x0"), ("d0", "x1"), ("d1", "x0"), ("d2", "Total"), ("Total", "x3")}
    monkeypatch.setattr(worlds, "MOST_STEPS", 1e6)
    full = intervals(frame_of(table, hidden), overlaps=True)
    monkeypatch.setattr(worlds, "MOST_STEPS", 20_000.0)
    less = intervals(frame_of(table, hidden), overlaps=True, threshold=10)
    assert not less["exact"].all()
    assert (less["lower"] <= full["lower"]).all()
    assert (less["upper"].fill_null(np.inf) >= full["upper"].fill_null(np.inf)).all()
    # What nobody was found to give is not safe, however wide the bound.
    assert not less.filter(~pl.col("exact") & (pl.col("lower") == 0))["safe"].all()
    for d, year, lower, upper, *_ in less.rows():
        assert lower <= table[d, year] <= (np.inf if upper is None else upper)


def test_no_step_at_all_leaves_what_single_totals_say(monkeypatch):
    monkeypatch.setattr(worlds, "MOST_STEPS", 0.0)
    table = random_table(3, 4)
    found = intervals(frame_of(table, {("d0", "x0")}), overlaps=True, threshold=10)
    assert found["exact"].to_list() == [False]
    assert found["safe"].to_list() == [False]
