"""Distinct units and nothing else: all rows of a cell, less those that repeat one of its units.

Units have few records in a cell, so that what repeats is little; nothing has to be put together
row by row for each set of keys.
"""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np

from output_checks.evidence.cells import Cells
from output_checks.evidence.chains import Chain
from output_checks.evidence.columns import CELL
from output_checks.evidence.contributions import Records, Units
from output_checks.evidence.rows import Part
from output_checks.evidence.sizes import Sizes
from output_checks.evidence.units import Array


class Heads:
    """Counts as they grow, where neither a variable nor weights are asked for.

    shared: whether a unit is in several of the finest cells. rows: by finest cell. again: how many
    of them repeat a unit, by the cells of every set of keys.
    """

    def __init__(self, every: Sequence[Cells], chains: Sequence[Chain], sizes: Sizes) -> None:
        self.every, self.chains, self.sizes = every, chains, sizes
        self.shared = False
        self.rows = np.zeros(len(every[0]), dtype=np.int64)
        self.again = [np.zeros(len(cells), dtype=np.int64) for cells in every]

    def add(self, part: Part, pieces: Iterable[tuple[int, int]]) -> Self:
        """Count pieces of a part."""
        for start, end in pieces:
            if part.order is None:
                self._count_rows(part.columns[CELL][start:end].astype(np.intp))
                continue
            units, cells, _ = part.order.piece(start, end)
            self._count_rows(cells)
            self._count_again(units, cells)
        return self

    def _count_rows(self, cells: Array) -> None:
        self.rows += np.bincount(cells, minlength=len(self.rows))

    def _count_again(self, units: Array, cells: Array) -> None:
        """Count the rows whose unit was in the same cell before; units and cells ascend."""
        repeating = np.count_nonzero(units[1:] == units[:-1])
        if not repeating:
            return
        in_one_cell = 0
        for chain in self.chains:
            for place, again in chain.again(units, cells):
                self.again[place] += again
                in_one_cell += again.sum() * (place == 0)
        self.shared = self.shared or repeating > in_one_cell

    def absorb(self, other: Self) -> None:
        """Add what was counted of other units."""
        self.rows += other.rows
        self.shared = self.shared or other.shared
        self.again = [mine + more for mine, more in zip(self.again, other.again, strict=True)]

    def of(self, place: int) -> tuple[Units, Records]:
        """The counts of a set of keys, by its place."""
        cells = self.every[place]
        units, records = Units(len(cells), self.sizes), Records(len(cells), self.sizes)
        rows = np.zeros(len(cells), dtype=np.int64)
        np.add.at(rows, cells.of_finest, self.rows)
        records.counts.more(("records",), rows)
        units.counts.more(("units",), rows - self.again[place])
        return units, records
