"""Whose values make a spread: the two largest shares of each cell's squares around its mean.

Means are known only once everything is added up, so that this is a look at all records of its own,
the last of them. Each person's squares are added up in exact sums, cell by cell.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, UNIT
from output_checks.evidence.exact import Exact
from output_checks.evidence.rows import Rows
from output_checks.evidence.tally import NONE, Largest
from output_checks.evidence.units import Array

_LIMB = "limb {}"


class Squares:
    """The squares of each cell of one set of keys, as persons contribute to them.

    centres: the means. factors: powers of two that make deviations whole enough for `exact`.
    """

    def __init__(self, cells: Cells, centres: Array, factors: Array, exact: Exact) -> None:
        self.of_finest, self.exact = cells.of_finest, exact
        self.centres, self.factors = centres, factors
        self.largest = Largest(len(cells))

    def see(self, rows: pl.DataFrame) -> None:
        """Look at all records of some people; without UNIT each is somebody else's."""
        cells = self.of_finest[rows[CELL].to_numpy()]
        scaled = (rows[NUMBER].to_numpy() - self.centres[cells]) * self.factors[cells]
        limbs = self.exact.cut(scaled * scaled)
        if UNIT in rows.columns:
            cells, limbs = _by_unit(cells, rows[UNIT], limbs)
        self.largest.see(cells, self.exact.steps(limbs))

    def columns(self) -> list[pl.Series]:
        """Both in squares of the variable's unit; null where there are not so many."""
        found = {"largest_square": self.largest.first, "second_largest_square": self.largest.second}
        return [
            pl.Series(
                name, np.where(steps == NONE, np.nan, steps / self.factors / self.factors)
            ).fill_nan(None)
            for name, steps in found.items()
        ]


class Looking(Protocol):
    """What looks at all records."""

    def see(self, rows: pl.DataFrame) -> None:
        """Look at all records of some people."""
        ...


def look_at(rows: Rows, every: Sequence[Looking]) -> None:
    """Show all records with a value, those of some people at a time."""
    for part in rows.each():
        people = part.by_unit()
        known = people.select(name for name in (CELL, NUMBER, UNIT) if name in people.columns)
        known = known.drop_nulls(NUMBER)
        for one in every:
            one.see(known)


def _by_unit(cells: Array, units: pl.Series, limbs: Sequence[Array]) -> tuple[Array, list[Array]]:
    """One row for each person and each of their cells."""
    names = [_LIMB.format(place) for place in range(len(limbs))]
    frame = pl.DataFrame({CELL: cells, UNIT: units, **dict(zip(names, limbs, strict=True))})
    added = frame.group_by(CELL, UNIT).agg(pl.col(names).sum())
    return added[CELL].to_numpy(), [added[name].to_numpy() for name in names]
