"""Sums, counts and extremes of each cell, in arrays by cell number."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from output_checks.evidence.exact import Exact
from output_checks.evidence.units import Array

NONE = -1.0
"""No largest contribution; contributions are absolute."""


class Largest:
    """The two largest contributions to each cell."""

    def __init__(self, cells: int) -> None:
        self.first = np.full(cells, NONE)
        self.second = np.full(cells, NONE)
        self._one = np.zeros(cells, dtype=np.intp)

    def see(self, cells: Array, amounts: Array) -> None:
        """Look at contributions; what is known already lets most of them pass by."""
        above = np.flatnonzero(amounts > self.second[cells])
        if len(above):
            self._keep(cells[above], amounts[above])

    def _keep(self, cells: Array, amounts: Array) -> None:
        """One of the largest of each cell comes first, what was first and the others may follow."""
        before = self.first[cells]
        np.maximum.at(self.first, cells, amounts)
        tops = np.flatnonzero(amounts == self.first[cells])
        self._one[cells[tops]] = tops
        chosen = tops[self._one[cells[tops]] == tops]
        amounts[chosen] = before[chosen]
        np.maximum.at(self.second, cells, amounts)


class Sum:
    """A sum for each cell, exact however many numbers are added."""

    def __init__(self, cells: int, exact: Exact) -> None:
        self.exact = exact
        self.limbs = [np.zeros(cells, dtype=np.int64) for _ in range(exact.limbs)]

    def add(self, cells: Array, limbs: Sequence[Array]) -> None:
        """Add numbers that `Exact.cut` has cut, or sums of such."""
        for mine, theirs in zip(self.limbs, limbs, strict=True):
            np.add.at(mine, cells, theirs)

    def absorb(self, other: "Sum", cells: Array) -> None:
        """Add another sum; cells: where each of its cells belongs."""
        self.add(cells, other.limbs)

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
        self.more((name,), np.bincount(cells, minlength=self.cells))

    def more(self, names: Sequence[str], counts: Array) -> None:
        """Add the same counts to several."""
        for name in names:
            self.counts[name] += counts

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


class Same:
    """Whether all numbers of a cell are the same."""

    def __init__(self, cells: int) -> None:
        self.first = np.full(cells, np.nan)
        self.differ = np.zeros(cells, dtype=bool)

    def see(self, cells: Array, numbers: Array) -> None:
        """Look at numbers; those of cells that are known to differ pass by."""
        if self.differ.all():
            return
        unknown = np.flatnonzero(~self.differ[cells])
        cells, numbers = cells[unknown], numbers[unknown]
        new = np.isnan(self.first[cells])
        self.first[cells[new]] = numbers[new]
        self.differ[cells[self.first[cells] != numbers]] = True

    def absorb(self, other: "Same", cells: Array) -> None:
        """Look at the numbers of another; cells: where each of its cells belongs."""
        known = ~np.isnan(other.first)
        self.see(cells[known], other.first[known])
        self.differ[cells[other.differ]] = True

    def are_equal(self) -> pl.Series:
        """Whether they are; null of none."""
        known = pl.DataFrame({"same": ~self.differ, "none": np.isnan(self.first)})
        return known.select(pl.when(~pl.col("none")).then("same")).to_series()
