"""Rows in the order of their units and cells, so that what belongs together stands together.

Unit, cell and place of a row are packed into one number of 64 bits, which sorts several times
quicker than anything else. Units that are no whole numbers, or too far apart, are ordered by the
first bits of a hash before they are numbered; those whose bits are the same by chance are told
apart afterwards.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

Array = np.ndarray
_KEY_BITS = 64
_AT_ONCE = 1 << 17


class Order(Protocol):
    """Rows in the order of units, of which each has its rows in the order of cells."""

    def piece(self, start: int, end: int) -> tuple[Array, Array, Array]:
        """Units, cells, and places in the data, of some rows."""
        ...

    def starts(self, places: Array) -> Array:
        """Where the units of some rows begin."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An order as keys: the unit's bits, the cell's, the place's."""

    keys: Array
    cell_bits: int
    place_bits: int

    def piece(self, start: int, end: int) -> tuple[Array, Array, Array]:
        """Units, cells, and places in the data, of some rows."""
        keys = self.keys[start:end]
        places = (keys & np.uint64((1 << self.place_bits) - 1)).astype(np.intp)
        keys = keys >> np.uint64(self.place_bits)
        cells = (keys & np.uint64((1 << self.cell_bits) - 1)).astype(np.intp)
        return keys >> np.uint64(self.cell_bits), cells, places

    def starts(self, places: Array) -> Array:
        """Where the units of some rows begin."""
        width = np.uint64(self.cell_bits + self.place_bits)
        return np.searchsorted(self.keys, self.keys[places] >> width << width)

    def are_apart(self) -> bool:
        """Whether no two rows have the same unit."""
        width = np.uint64(self.cell_bits + self.place_bits)
        for start in range(0, len(self.keys) - 1, _AT_ONCE):
            units = self.keys[start : start + _AT_ONCE + 1] >> width
            if (units[1:] == units[:-1]).any():
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """An order whose keys would be too long."""

    units: Array
    cells: Array
    places: Array

    def piece(self, start: int, end: int) -> tuple[Array, Array, Array]:
        """Units, cells, and places in the data, of some rows."""
        some = slice(start, end)
        return self.units[some], self.cells[some].astype(np.intp), self.places[some].astype(np.intp)

    def starts(self, places: Array) -> Array:
        """Where the units of some rows begin."""
        return np.searchsorted(self.units, self.units[places])


def in_order(units: pl.Series, cells: pl.Series, count: int) -> Order | None:
    """The order of rows by their units and cells, numbered below `count`; None if each row has a
    unit of its own.
    """
    if not len(units):
        return None
    widths = (count - 1).bit_length(), (len(units) - 1).bit_length()
    whole = _whole_numbers(units, _KEY_BITS - sum(widths))
    if whole is not None:
        packed = _packed(whole, cells.to_numpy(), None, widths)
        return None if packed.are_apart() else packed
    places, is_new = _by_hash(units, widths[1])
    if is_new.all():
        return None
    numbers = np.cumsum(is_new, dtype=np.uint32)
    in_units = cells.to_numpy()[places]
    if int(numbers[-1]).bit_length() + sum(widths) <= _KEY_BITS:
        return _packed(numbers, in_units, places, widths)
    within = np.lexsort((in_units, numbers))
    return Apart(units=numbers, cells=in_units[within], places=places[within])


def _packed(units: Array, cells: Array, places: Array | None, widths: tuple[int, int]) -> Packed:
    """Rows as sorted keys; places: None for 0, 1, 2 and so on."""
    keys = np.empty(len(units), dtype=np.uint64)
    least = units.min()
    for start in range(0, len(keys), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        part = keys[some]
        np.subtract(units[some], least, out=part, casting="unsafe")
        part <<= np.uint64(widths[0])
        part |= cells[some]
        part <<= np.uint64(widths[1])
        part |= (
            np.arange(start, start + len(part), dtype=np.uint64) if places is None else places[some]
        )
    keys.sort()
    return Packed(keys=keys, cell_bits=widths[0], place_bits=widths[1])


def _whole_numbers(units: pl.Series, bits: int) -> Array | None:
    """Units as they are, where they are whole numbers and their range has not too many bits."""
    if not units.dtype.is_integer():
        return None
    least, most = (int(one) for one in (units.min(), units.max()) if isinstance(one, int))
    if (most - least).bit_length() > bits:
        return None
    return (units.cast(pl.Int64) if most < 1 << 63 else units.cast(pl.UInt64)).to_numpy()


def _by_hash(units: pl.Series, width: int) -> tuple[Array, Array]:
    """Places of the rows in some order of units, and where another unit begins."""
    keys = units.hash().to_numpy() >> np.uint64(width) << np.uint64(width)
    keys |= np.arange(len(units), dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64((1 << width) - 1)).astype(np.uint32)
    keys >>= np.uint64(width)
    is_new = np.concatenate([[True], keys[1:] != keys[:-1]])
    del keys
    return order, _told_apart(units, order, is_new)


def _told_apart(units: pl.Series, order: Array, is_new: Array) -> Array:
    """Where another unit begins, after bringing units with the same bits in order."""
    ordered = units[order]
    differs = (ordered != ordered.shift(1)).fill_null(value=True).to_numpy()
    chance = np.flatnonzero(differs & ~is_new)
    if len(chance) == 0:
        return is_new
    starts = np.flatnonzero(is_new)
    runs = np.unique(np.searchsorted(starts, chance, side="right") - 1)
    ends = np.append(starts[1:], len(order))
    is_new = is_new.copy()
    for start, end in zip(starts[runs].tolist(), ends[runs].tolist(), strict=True):
        run = ordered[start:end]
        places = run.arg_sort()
        order[start:end] = order[start:end][places.to_numpy()]
        run = run[places]
        is_new[start:end] = (run != run.shift(1)).fill_null(value=True).to_numpy()
    return is_new
