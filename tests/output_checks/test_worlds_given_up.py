"""Where the search for people in several cells is given up, only what it found is claimed."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.protect import in_several, worlds
from output_checks.protect.intervals import Attainable
from output_checks.protect.solver import Model
from output_checks.protect.worlds import combination_behind, work_out_people

CELL = 0


def told():
    """Women and men with two diagnoses, some with both, in two years; one cell withheld."""
    places = [("x", 1), ("y", 1), ("x", 2), ("y", 2)]
    rows = [(n, *place) for n in range(60) for at, place in enumerate(places) if (n + at) % 3]
    frame = pl.DataFrame(rows, schema=["id", "d", "year"], orient="row")
    grid = Data.read(frame, unit="id").table("d", "year").grid
    withheld = np.arange(grid.size) == CELL
    known = in_several._told(grid, withheld)
    assert known is not None
    return known


def outer(known):
    size = known.above.shape[0]
    low, high = np.zeros(size), np.full(size, 1_000.0)
    return Attainable(lower=low, upper=high, floor=low.copy(), ceiling=high.copy())


def ended(monkeypatch, after):
    """Have every solve but the first ones fail."""
    solve, asked = Model.minimise, [0]

    def minimise(self, *, anew=False):
        found = solve(self, anew=anew)
        asked[0] += 1
        if asked[0] > after:
            found.status = "failed"
        return found

    monkeypatch.setattr(Model, "minimise", minimise)


def test_it_tells_a_cell_where_it_is_not_given_up():
    known = told()
    found = work_out_people(known, np.array([CELL]), outer(known))
    assert (found.floor[CELL], found.ceiling[CELL]) != (0.0, 1_000.0)
    assert combination_behind(known, CELL).any()


@pytest.mark.parametrize("after", range(12))
def test_a_solver_that_fails_leaves_bounds_that_hold(monkeypatch, after):
    known = told()
    whole = work_out_people(known, np.array([CELL]), outer(known))
    ended(monkeypatch, after)
    found = work_out_people(known, np.array([CELL]), outer(known))
    assert 0.0 <= found.floor[CELL] <= whole.floor[CELL]
    assert whole.ceiling[CELL] <= found.ceiling[CELL] <= 1_000.0
    assert found.lower[CELL] >= whole.lower[CELL]
    assert found.upper[CELL] <= whole.upper[CELL]


@pytest.mark.parametrize("after", range(8))
def test_of_a_combination_nothing_is_said_that_was_not_found(monkeypatch, after):
    known = told()
    ended(monkeypatch, after)
    used = combination_behind(known, CELL)
    assert not used[known.lower != known.upper].any()
    if after == 0:
        assert not used.any()


def test_people_in_fractions_widen_nothing():
    search = worlds._Search(told())
    search._keep(np.full(search._sets.shape[1], 0.5))
    assert np.isinf(search.low).all()
    search._keep(-np.ones(search._sets.shape[1]))
    assert np.isinf(search.low).all()
