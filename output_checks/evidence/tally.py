"""Sums, counts and extremes of each cell, in arrays by cell number."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from output_checks.evidence.exact import BITS, Exact
from output_checks.evidence.people import Array

NONE = -1.0
"""No largest contribution; contributions are absolute."""
_A_FEW = 2_000
_MANY = 1 << 27


class Largest:
    """The two largest contributions to each cell."""

    def __init__(self, cells: int) -> None:
        self.first = np.full(cells, NONE)
        self.second = np.full(cells, NONE)

    def see(self, cells: Array, amounts: Array) -> None:
        """Look at contributions, a few first: what they leave behind lets most others pass by."""
        start, size = 0, _A_FEW
        while start < len(cells):
            piece = slice(start, start + size)
            above = np.flatnonzero(amounts[piece] > self.second[cells[piece]])
            self._keep(cells[piece][above], amounts[piece][above])
            start, size = start + size, size * 4

    def _keep(self, cells: Array, amounts: Array) -> None:
        order = np.lexsort((-amounts, cells))
        cells, amounts = cells[order], amounts[order]
        starts = np.flatnonzero(np.diff(cells, prepend=-1))
        which, first = cells[starts], amounts[starts]
        nexts = np.minimum(starts + 1, len(cells) - 1)
        has_next = (nexts > starts) & (cells[nexts] == which)
        second = np.where(has_next, amounts[nexts], NONE)
        known, also = self.first[which], self.second[which]
        self.first[which] = np.maximum(known, first)
        self.second[which] = np.maximum(np.minimum(known, first), np.maximum(also, second))


class Sum:
    """A sum for each cell, exact however many numbers are added."""

    def __init__(self, cells: int, exact: Exact) -> None:
        self.exact = exact
        self.limbs = [np.zeros(cells, dtype=np.int64) for _ in range(exact.limbs)]
        self.added = 0

    def add(self, cells: Array, limbs: Sequence[Array]) -> None:
        """Add numbers that `Exact.cut` has cut, or sums of such."""
        for place, limb in enumerate(limbs):
            if limb.dtype == np.float64:
                count = len(self.limbs[place])
                self.limbs[place] += np.bincount(cells, limb, count).astype(np.int64)
            else:
                np.add.at(self.limbs[place], cells, limb)
        self._carry(len(cells))

    def absorb(self, other: "Sum", cells: Array) -> None:
        """Add another sum; cells: where each of its cells belongs."""
        for mine, theirs in zip(self.limbs, other.limbs, strict=True):
            np.add.at(mine, cells, theirs)
        self._carry(other.added)

    def _carry(self, added: int) -> None:
        """Bring what a lower limb has too much into the next before it can overflow."""
        self.added += added
        if self.added < _MANY:
            return
        for higher, lower in reversed(list(pairwise(self.limbs))):
            carried = lower >> BITS
            lower -= carried << BITS  # noqa: PLW2901 - in place
            higher += carried  # noqa: PLW2901
        self.added = 1

    def numbers(self) -> pl.Series:
        """The sums, each rounded once."""
        return self.exact.numbers(self.limbs)


class Counts:
    """Whole numbers of units or records for each cell, by their name."""

    def __init__(self, cells: int, names: Sequence[str]) -> None:
        self.cells = cells
        self.counts = {name: np.zeros(cells, dtype=np.int64) for name in names}

    def add(self, name: str, cells: Array) -> None:
        """Count the cell of each."""
        self.counts[name] += np.bincount(cells, minlength=self.cells)

    def absorb(self, other: "Counts", cells: Array) -> None:
        """Add other counts; cells: where each of their cells belongs."""
        for name, counts in self.counts.items():
            np.add.at(counts, cells, other.counts[name])


class Extremes:
    """The least and the greatest number of each cell."""

    def __init__(self, cells: int) -> None:
        self.least, self.most = np.full(cells, np.inf), np.full(cells, -np.inf)

    def see(self, cells: Array, least: Array, most: Array) -> None:
        """Look at numbers."""
        np.minimum.at(self.least, cells, least)
        np.maximum.at(self.most, cells, most)

    def are_equal(self) -> pl.Series:
        """Whether all numbers of a cell are the same; null of none."""
        known = pl.DataFrame({"same": self.least == self.most, "none": self.least > self.most})
        return known.select(pl.when(~pl.col("none")).then("same")).to_series()
