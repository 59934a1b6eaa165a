"""Count the cells of every set of keys by distinct unit, a slice of the units at a time."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np
import polars as pl

from output_checks.errors import UnusableTableError
from output_checks.evidence.cells import Cells
from output_checks.evidence.chains import chains_of
from output_checks.evidence.contributions import Records, Units
from output_checks.evidence.heads import Heads
from output_checks.evidence.people import People, people_of
from output_checks.evidence.rows import Part, Rows
from output_checks.evidence.sizes import Sizes
from output_checks.evidence.units import Array

_Counted = TypeVar("_Counted", bound="_Growing")

_MOST_CELLS_OF_THREADS = 1 << 17
"""With more cells one thread counts alone, for the sake of memory."""
_WORTH_TAKING_OUT = 0.5
"""Units in one cell are counted apart, which is quick, if they are more than this share."""


class _Growing(Protocol):
    """Counts that grow a part of the units at a time."""

    def add(self, part: Part, pieces: Iterable[tuple[int, int]]) -> Self: ...

    def absorb(self, other: Self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How the people of one set of keys follow from those of a finer one.

    parent: which, by its place among the sets of keys. cells: CELL by the parent's CELL.
    in_order: whether cells that ascend still do.
    """

    parent: int
    cells: Array
    in_order: bool


class Counting:
    """Counts as they grow: of units in one finest cell, of all other units, and of records."""

    def __init__(self, every: Sequence[Cells], moves: Sequence[Move], sizes: Sizes) -> None:
        self.every, self.moves, self.sizes = every, moves, sizes
        self.alone = Units(len(every[0]), sizes)
        self.shared: list[Units] = []
        self.records = Records(len(every[0]), sizes)
        self.few_are_alone = False

    def add(self, part: Part, pieces: Iterable[tuple[int, int]]) -> Self:
        """Count pieces of a part."""
        for start, end in pieces:
            rows, numbers = people_of(part, start, end, self.sizes)
            self.records.add(rows, numbers)
            if rows.units is None:
                self.alone.add(rows)
                continue
            _refuse_two_weights(rows)
            people = rows.in_cells(rows.cells, in_order=True)
            if self.few_are_alone:
                self._add_shared(people)
                continue
            is_alone = people.are_alone()
            if is_alone.all():
                self.alone.add(people)
                continue
            self.few_are_alone = is_alone.mean() < _WORTH_TAKING_OUT
            if self.few_are_alone:
                self._add_shared(people)
            else:
                self.alone.add(people.at(np.flatnonzero(is_alone)))
                self._add_shared(people.at(np.flatnonzero(~is_alone)))
        return self

    def _add_shared(self, people: People) -> None:
        if not self.shared:
            self.shared = [Units(len(cells), self.sizes) for cells in self.every]
        groups = {0: people}
        self.shared[0].add(people)
        last = {move.parent: place for place, move in enumerate(self.moves, start=1)}
        for place, move in enumerate(self.moves, start=1):
            parent = groups[move.parent]
            moved = parent.in_cells(
                move.cells[parent.cells], in_order=move.in_order, is_last=place not in last
            )
            self.shared[place].add(moved)
            groups[place] = moved
            groups = {one: kept for one, kept in groups.items() if last.get(one, 0) > place}

    def absorb(self, other: Self) -> None:
        """Add what was counted of other units."""
        everywhere = np.arange(len(self.every[0]))
        self.alone.absorb(other.alone, everywhere)
        self.records.absorb(other.records, everywhere)
        if not self.shared:
            self.shared = other.shared
        elif other.shared:
            for mine, theirs in zip(self.shared, other.shared, strict=True):
                mine.absorb(theirs, np.arange(mine.counts.cells))

    def of(self, place: int) -> tuple[Units, Records]:
        """The counts of a set of keys, by its place."""
        cells = self.every[place]
        units, records = Units(len(cells), self.sizes), Records(len(cells), self.sizes)
        units.absorb(self.alone, cells.of_finest)
        records.absorb(self.records, cells.of_finest)
        if self.shared:
            units.absorb(self.shared[place], np.arange(len(cells)))
        return units, records


def counted(rows: Rows, every: Sequence[Cells], sizes: Sizes) -> Counting | Heads:
    """Count all rows; Heads where nothing but units is asked for.

    Raises UnusableTableError where a unit has several weights.
    """
    if not sizes.variables and not sizes.exact:
        chains = chains_of(rows.asked.keysets, every)
        return _counted(rows, every, lambda: Heads(every, chains, sizes))
    moves = _moves_of(rows.asked.keysets, every)
    return _counted(rows, every, lambda: Counting(every, moves, sizes))


def _counted(rows: Rows, every: Sequence[Cells], begin: Callable[[], _Counted]) -> _Counted:
    whole = begin()
    alone = len(every[0]) > _MOST_CELLS_OF_THREADS
    workers = 1 if alone else pl.thread_pool_size()
    for part in rows.each():
        pieces = part.pieces(len(every[0]))
        shares = [pieces[place::workers] for place in range(workers)]
        with ThreadPoolExecutor(workers) as threads:
            others = [begin() for _ in shares[1:]]
            done = threads.map(type(whole).add, others, [part] * len(others), shares[1:])
            whole.add(part, shares[0])
            for one in done:
                whole.absorb(one)
        del part  # before the next one is read
    return whole


def _moves_of(keysets: Sequence[tuple[str, ...]], every: Sequence[Cells]) -> list[Move]:
    """For each set of keys but the first the cheapest finer one before it."""
    moves = []
    for place, keys in enumerate(keysets[1:], start=1):
        candidates = [
            _move(before, every[before], every[place])
            for before in range(place)
            if set(keys) <= set(keysets[before])
        ]
        moves.append(min(candidates, key=lambda one: (not one.in_order, len(one.cells))))
    return moves


def _move(parent: int, finer: Cells, coarser: Cells) -> Move:
    cells = np.zeros(len(finer), dtype=np.intp)
    cells[finer.of_finest] = coarser.of_finest
    return Move(parent=parent, cells=cells, in_order=bool((cells[1:] >= cells[:-1]).all()))


def _refuse_two_weights(rows: People) -> None:
    if rows.weights is None or rows.units is None:
        return
    units, weights = rows.units, rows.weights
    if ((units[1:] == units[:-1]) & (weights[1:] != weights[:-1])).any():
        raise UnusableTableError(
            "some units have several weights; a unit has one: derive it, or leave out the rows of "
            "other times with where"
        )
