"""Sets of keys of which each holds the one before: one order of rows shows repeats in all of them.

Ordered by unit, then by the cells of the coarsest set, then by those of the next, rows of one unit
in one cell stand together whichever set one looks at; so that one order does for several sets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.evidence.cells import Cells
from output_checks.evidence.units import Array

_SHORT_KEY_BITS = 32
_MOST_CODE_BITS = 20
"""Of the code of several sets, which leads to a cell by a table of all codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One set of keys of a chain.

    place: which, among the sets of keys. below: bits of the code that only finer sets have. count:
    how many cells it has. cells: its CELL by the code's other bits.
    """

    place: int
    below: int
    count: int
    cells: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Sets of keys, the coarsest first, and what the finest cells are in all of them.

    codes: by finest cell, of so many bits. in_order: whether cells that ascend have such codes.
    """

    links: tuple[Link, ...]
    codes: Array
    bits: int
    in_order: bool

    def again(self, units: Array, cells: Array) -> Iterator[tuple[int, Array]]:
        """For each set its place, and by cell how many rows have a unit that was there before.

        Units ascend, and the cells of each.
        """
        keys = self._keys(units, cells)
        if not self.in_order:
            keys.sort()
        keys, differ = keys[1:], keys[1:] ^ keys[:-1]
        number = keys.dtype.type
        for link in self.links:
            same = differ < number(1 << link.below)
            if link.count == 1:
                yield link.place, np.array([np.count_nonzero(same)])
                continue
            codes = keys.compress(same)
            codes &= number((1 << self.bits) - 1)
            codes >>= number(link.below)
            yield link.place, np.bincount(link.cells.take(codes), minlength=link.count)

    def _keys(self, units: Array, cells: Array) -> Array:
        """Unit and code in as few bits as hold both."""
        numbers = units - units[0]
        if int(numbers[-1]).bit_length() + self.bits > _SHORT_KEY_BITS:
            numbers = np.zeros(len(units), dtype=np.uint32)
            np.cumsum(units[1:] != units[:-1], out=numbers[1:])
        is_short = int(numbers[-1]).bit_length() + self.bits <= _SHORT_KEY_BITS
        keys = numbers.astype(np.uint32 if is_short else np.uint64)
        keys <<= keys.dtype.type(self.bits)
        keys |= self.codes.take(cells)
        return keys


def chains_of(keysets: Sequence[tuple[str, ...]], every: Sequence[Cells]) -> list[Chain]:
    """Every set of keys in one chain, in few chains, that of the finest set first."""
    left = sorted(range(len(keysets)), key=lambda place: (place != 0, -len(keysets[place])))
    chains = []
    while left:
        links = [left[0]]
        for place in left[1:]:
            if set(keysets[place]) < set(keysets[links[-1]]):
                links.append(place)
        chain = _chain(links[::-1], every)
        if chain is None:
            links = links[:1]
            chain = _single(links[0], every)
        chains.append(chain)
        left = [place for place in left if place not in links]
    return chains


def _single(place: int, every: Sequence[Cells]) -> Chain:
    cells = every[place]
    bits = (len(cells) - 1).bit_length()
    link = Link(place=place, below=0, count=len(cells), cells=np.arange(len(cells)))
    codes = cells.of_finest.astype(np.uint32)
    return Chain(links=(link,), codes=codes, bits=bits, in_order=_ascend(codes))


def _chain(links: Sequence[int], every: Sequence[Cells]) -> Chain | None:
    """A chain of several sets; None where its codes would be too long."""
    coarsest = every[links[0]]
    bits = [(len(coarsest) - 1).bit_length()]
    codes = coarsest.of_finest
    for place in links[1:]:
        within = _within(every[place], codes)
        bits.append(int(within.max(initial=0)).bit_length())
        if sum(bits) > _MOST_CODE_BITS:
            return None
        codes = (codes << bits[-1]) | within[every[place].of_finest]
    below = [sum(bits[at + 1 :]) for at in range(len(bits))]
    return Chain(
        links=tuple(
            _link(place, more, every[place], codes >> more)
            for place, more in zip(links, below, strict=True)
        ),
        codes=codes.astype(np.uint32),
        bits=sum(bits),
        in_order=_ascend(codes),
    )


def _link(place: int, below: int, cells: Cells, codes: Array) -> Link:
    table = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.intp)
    table[codes] = cells.of_finest
    return Link(place=place, below=below, count=len(cells), cells=table)


def _within(finer: Cells, coarser: Array) -> Array:
    """The place of every finer cell among those of its coarser one; coarser: by finest cell."""
    of_finer = np.zeros(len(finer), dtype=np.intp)
    of_finer[finer.of_finest] = coarser
    order = np.argsort(of_finer, kind="stable")
    ordered = of_finer[order]
    found = np.empty(len(finer), dtype=np.intp)
    found[order] = np.arange(len(finer)) - np.searchsorted(ordered, ordered)
    return found


def _ascend(numbers: Array) -> bool:
    return bool((numbers[1:] >= numbers[:-1]).all())
