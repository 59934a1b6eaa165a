"""Withheld cells of a table of one's own, against who asks who can be in what of two dimensions."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_checks import Data, ProtectionError
from output_checks.protect import in_several, suppression, withstanding
from output_checks.protect.in_several import further_cells, overlapping_axes, people_tell
from output_checks.protect.intervals import Attainable
from output_checks.protect.worlds import MOST_PLACES, combination_behind, work_out_people


def table_of(who):
    rows = [(person, *place) for place, people in who.items() for person in people]
    frame = pl.DataFrame(rows, schema=["id", "d", "year"], orient="row")
    return Data.read(frame, unit="id").table("d", "year")


def hidden(table, *places):
    known = [tuple(table.grid.place(cell).values()) for cell in range(table.grid.size)]
    return np.array([one in places for one in known])


# 20 people have A in x and in y, and B in y: A, B, x, y and the whole are 20 each.
SAME = {("A", "x"): range(20), ("A", "y"): range(20), ("B", "y"): range(20)}


def test_a_total_that_single_totals_leave_open_is_told_by_who_must_be_in_it():
    # Who is in (A, y) is all of A and all of y, so that A and y, and so B and x, are the same 20.
    table = table_of(SAME)
    told, settled = people_tell(table.grid, hidden(table, ("Total", "Total")), 10)
    assert (told, settled) == (True, False)


def test_what_many_worlds_of_people_give_is_not_told():
    who = {
        ("A", "x"): range(40),
        ("A", "y"): range(25, 70),
        ("B", "x"): range(30, 60),
        ("B", "y"): range(50, 90),
    }
    table = table_of(who)
    withheld = hidden(table, ("A", "x"), ("A", "y"), ("B", "x"), ("B", "y"))
    assert people_tell(table.grid, withheld, 10) == (False, True)


def test_nobody_is_asked_where_people_overlap_along_one_dimension_alone():
    who = {("A", "x"): range(20), ("B", "x"): range(10, 30), ("A", "y"): range(30, 45)}
    table = table_of(who)
    assert overlapping_axes(table.grid, table.grid.frame["units"].to_numpy()) == [True, False]
    assert people_tell(table.grid, hidden(table, ("A", "x")), 10) == (False, True)
    assert people_tell(table_of(SAME).grid, np.zeros(9, dtype=bool), 10) == (False, True)


def large():
    """Of 300 people each has some of five diagnoses in some of three years; one cell is small."""
    generator = np.random.default_rng(2)
    inside = generator.random((300, 5, 3)) < 0.2
    inside[:, 0, 0] = np.arange(300) < 5
    rows = [(p, f"d{i}", f"x{j}") for p, i, j in np.argwhere(inside).tolist()]
    return Data.read(pl.DataFrame(rows, ["id", "d", "year"], orient="row"), unit="id")


def test_a_table_that_is_too_large_to_ask_goes_to_a_person_and_says_why(monkeypatch):
    table = large().table("d", "year")
    assert table.protect("suppress").report().verdict == "pass"
    monkeypatch.setattr(in_several, "MOST_PLACES", 14)
    report = table.protect("suppress").report()
    (found,) = report.findings
    assert (report.verdict, found.rule) == ("review", "withheld_cells")
    assert "too large to ask who can be in what" in found.message
    assert MOST_PLACES == 64


def test_a_cell_that_people_tell_is_no_protected_one(monkeypatch):
    monkeypatch.setattr(suppression, "people_tell", lambda *_: (True, False))
    with pytest.raises(ProtectionError, match="who can be in what of them tells a withheld cell"):
        large().table("d", "year").protect("suppress")


def test_a_group_counts_its_members_once():
    frame = pl.DataFrame(
        {
            "id": [*range(40), *range(20, 60), *range(40)],
            "d": ["a"] * 40 + ["b"] * 40 + ["c"] * 40,
            "year": ["x"] * 60 + ["y"] * 60,
        }
    )
    groups = {"d": {"a": "AB", "b": "AB"}}
    table = Data.read(frame, unit="id").table("d", "year", hierarchies=groups)
    loose = overlapping_axes(table.grid, table.grid.frame["units"].to_numpy())
    assert loose == [True, True]
    # Of AB 40 are in x and 20 in y, 60 in all: nobody in both. So of the 40 with b 20 are in x.
    without_b = hidden(table, ("a", "x"), ("a", "Total"), ("b", "x"))
    assert people_tell(table.grid, without_b, 10)[0]
    open_ones = without_b | hidden(table, ("b", "Total"))
    assert people_tell(table.grid, open_ones, 10) == (False, True)


def repaired(table, withheld, threshold=10):
    """Withhold further cells until that reader is withstood; the rounds that it took."""
    rounds = 0
    while (more := further_cells(table.grid, withheld, threshold)).any():
        assert not (more & withheld).any()
        withheld, rounds = withheld | more, rounds + 1
    return withheld, rounds


def test_a_pattern_that_people_tell_is_repaired_by_the_combination_they_use():
    table = table_of(SAME)
    withheld = hidden(table, ("Total", "Total"))
    first = further_cells(table.grid, withheld, 10)
    # All that is shown is 20 or nobody; the cheapest that tells the whole is no total.
    assert first.sum() == 1
    assert not table.grid.frame["margin"].to_numpy()[first].any()
    mended, rounds = repaired(table, withheld)
    assert rounds >= 1
    assert people_tell(table.grid, withheld, 10)[0]
    assert not people_tell(table.grid, mended, 10)[0]


def test_nothing_further_is_withheld_where_nothing_is_told_or_asked():
    who = {("A", "x"): range(20), ("B", "x"): range(10, 30), ("A", "y"): range(30, 45)}
    table = table_of(who)
    assert not further_cells(table.grid, hidden(table, ("A", "x")), 10).any()
    assert not further_cells(table_of(SAME).grid, np.zeros(9, dtype=bool), 10).any()


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_the_combination_tells_as_much_as_the_whole_table(seed):
    """Who knows the combination alone knows the cell as well; so withholding of it is of use."""
    chance = np.random.default_rng(seed)
    kinds = chance.random((4, 2, 2)) < 0.6
    inside = kinds[chance.integers(0, 4, 40)]
    inside[:, 0, 0] |= ~inside.any(axis=(1, 2))
    who = {
        (d, year): np.flatnonzero(inside[:, i, j]).tolist()
        for i, d in enumerate("AB")
        for j, year in enumerate("xy")
    }
    table = table_of({place: people for place, people in who.items() if people})
    withheld = chance.random(table.grid.size) < 0.3
    mended, _ = repaired(table, withheld)
    assert not people_tell(table.grid, mended, 10)[0]
    for cell in np.flatnonzero(withheld):
        told = in_several._told(table.grid, withheld)
        assert told is not None
        used = combination_behind(told, int(cell))
        alone = replace(
            told,
            lower=np.where(used, told.lower, 0.0),
            upper=np.where(used | (told.upper == 0), told.upper, np.inf),
        )
        both = [bounds(one, cell) for one in (told, alone)]
        assert both[0] == both[1]


def bounds(told, cell):
    nothing, endless = np.zeros(len(told.lower)), np.full(len(told.lower), np.inf)
    outer = Attainable(lower=nothing, upper=nothing, floor=nothing, ceiling=endless)
    found = work_out_people(told, np.array([cell]), outer)
    return found.floor[cell], found.ceiling[cell]


def test_where_nothing_is_left_to_withhold_the_refusal_says_so(monkeypatch):
    monkeypatch.setattr(suppression, "people_tell", lambda *_: (True, False))
    monkeypatch.setattr(withstanding, "further_cells", lambda grid, *_: np.zeros(grid.size, bool))
    with pytest.raises(ProtectionError, match="whatever else is withheld"):
        large().table("d", "year").protect("suppress")


def test_suppression_goes_on_with_what_that_reader_needs(monkeypatch):
    table = large().table("d", "year")
    asked = []

    def once(grid, withheld, threshold):
        asked.append(withheld)
        more = np.zeros(grid.size, dtype=bool)
        if len(asked) == 1:
            shown = ~withheld & ~grid.frame["margin"].to_numpy()
            more[np.flatnonzero(shown)[:2]] = True
            asked.append(more)
        return more

    monkeypatch.setattr(withstanding, "further_cells", once)
    mended = table.protect("suppress")
    first, more, second = asked
    left = mended.grid.frame["withheld"].to_numpy()
    assert (left & more).sum() == 2
    assert (left == second).all()
    assert not (first & more).any()
