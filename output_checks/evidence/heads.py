"""Distinct units and nothing else: all rows of a cell, less those that repeat one of its units.

Units have few records in a cell, so that what repeats is little; nothing has to be put together
row by row for each set of keys.
"""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL
from output_checks.evidence.contributions import Records, Units
from output_checks.evidence.rows import Part
from output_checks.evidence.sizes import Sizes
from output_checks.evidence.units import Array

_SHORT_KEY_BITS = 32


class Heads:
    """Counts as they grow, where neither a variable nor weights are asked for.

    shared: whether a unit is in several of the finest cells. rows: by finest cell. again: how many
    of them repeat a unit, by the cells of every set of keys.
    """

    def __init__(self, every: Sequence[Cells], sizes: Sizes) -> None:
        self.every, self.sizes = every, sizes
        self.shared = False
        self.rows = np.zeros(len(every[0]), dtype=np.int64)
        self.again = [np.zeros(len(cells), dtype=np.int64) for cells in every]
        self._coarser = [_Coarser(cells) for cells in every[1:]]

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
        same = units[1:] == units[:-1]
        if not same.any():
            return
        again = same & (cells[1:] == cells[:-1])
        self.shared = self.shared or bool((same > again).any())
        _count(self.again[0], cells[1:].compress(again))
        numbers = np.zeros(len(units), dtype=np.uint32)
        np.cumsum(~same, out=numbers[1:])
        for known, coarser in zip(self.again[1:], self._coarser, strict=True):
            _count(known, coarser.again(same, numbers, cells))

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


class _Coarser:
    """How rows of the finest cells become rows of coarser ones."""

    def __init__(self, cells: Cells) -> None:
        self._count = len(cells)
        self._of_finest = cells.of_finest
        self._in_order = bool((cells.of_finest[1:] >= cells.of_finest[:-1]).all())

    def again(self, same: Array, numbers: Array, cells: Array) -> Array:
        """The cells of all rows whose unit is in the same cell with another row before.

        same: which rows but the first are of the unit before; numbers: the units of all, from 0.
        """
        if self._count == 1:
            return np.zeros(np.count_nonzero(same), dtype=np.intp)
        coarser = self._of_finest.take(cells)
        if self._in_order:
            return coarser[1:].compress(same & (coarser[1:] == coarser[:-1]))
        bits = (self._count - 1).bit_length()
        width = bits + int(numbers[-1]).bit_length()
        kind = np.uint32 if width <= _SHORT_KEY_BITS else np.uint64
        keys = numbers.astype(kind)
        keys <<= kind(bits)
        keys |= coarser.astype(kind)
        keys.sort()
        again = keys[1:].compress(keys[1:] == keys[:-1])
        return (again & kind((1 << bits) - 1)).astype(np.intp)


def _count(known: Array, cells: Array) -> None:
    known += np.bincount(cells, minlength=len(known))
