"""Rows in the order of their units and cells, so that what belongs together stands together.

Unit, cell and place of a row are packed into one number of 64 bits, which sorts several times
quicker than anything else. Units that are no whole numbers, or too far apart, are ordered by the
first bits of a hash before they are numbered; those whose bits are the same by chance are told
apart afterwards.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

Array = np.ndarray
_KEY_BITS = 64
_SHORT_KEY_BITS = 32
_AT_ONCE = 1 << 16


class Order(Protocol):
    """Rows in the order of units, of which each has its rows in the order of cells."""

    def piece(self, start: int, end: int) -> tuple[Array, Array, Array | None]:
        """Units, cells, and places in the data where they are known, of some rows."""
        ...

    def starts(self, places: Array) -> Array:
        """Where the units of some rows begin."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An order as keys: the unit's bits, the cell's, the place's.

    place_bits: None where nothing else is known of the rows, so that their places do not matter.
    """

    keys: Array
    cell_bits: int
    place_bits: int | None

    def piece(self, start: int, end: int) -> tuple[Array, Array, Array | None]:
        """Units, cells, and places in the data where they are known, of some rows."""
        keys, places = self.keys[start:end], None
        if self.place_bits is not None:
            places = (keys & self._bits((1 << self.place_bits) - 1)).astype(np.intp)
            keys = keys >> self._bits(self.place_bits)
        cells = (keys & self._bits((1 << self.cell_bits) - 1)).astype(np.intp)
        return keys >> self._bits(self.cell_bits), cells, places

    def starts(self, places: Array) -> Array:
        """Where the units of some rows begin."""
        return np.searchsorted(self.keys, self.keys[places] >> self._width << self._width)

    def are_apart(self) -> bool:
        """Whether no two rows have the same unit."""
        for start in range(0, len(self.keys) - 1, _AT_ONCE):
            units = self.keys[start : start + _AT_ONCE + 1] >> self._width
            if (units[1:] == units[:-1]).any():
                return False
        return True

    @property
    def _width(self) -> np.unsignedinteger:
        return self._bits(self.cell_bits + (self.place_bits or 0))

    def _bits(self, number: int) -> np.unsignedinteger:
        return self.keys.dtype.type(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """An order whose keys would be too long."""

    units: Array
    cells: Array
    places: Array

    def piece(self, start: int, end: int) -> tuple[Array, Array, Array | None]:
        """Units, cells, and places in the data, of some rows."""
        some = slice(start, end)
        return self.units[some], self.cells[some].astype(np.intp), self.places[some].astype(np.intp)

    def starts(self, places: Array) -> Array:
        """Where the units of some rows begin."""
        return np.searchsorted(self.units, self.units[places])


def in_order(units: pl.Series, cells: pl.Series, count: int, *, with_places: bool) -> Order | None:
    """The order of rows by their units and cells, numbered below `count`; None if each row has a
    unit of its own.
    """
    if not len(units):
        return None
    place_bits = (len(units) - 1).bit_length()
    widths = (count - 1).bit_length(), place_bits if with_places else None
    if _fit(units, widths):
        packed = _packed(units, cells, None, widths)
        return None if packed.are_apart() else packed
    places, is_new = _by_hash(units, place_bits)
    if is_new.all():
        return None
    numbers = pl.Series(np.cumsum(is_new, dtype=np.uint32))
    in_units = cells[places]
    if _fit(numbers, widths):
        return _packed(numbers, in_units, places, widths)
    within = np.lexsort((in_units.to_numpy(), numbers.to_numpy()))
    return Apart(units=numbers.to_numpy(), cells=in_units.to_numpy()[within], places=places[within])


def _fit(units: pl.Series, widths: tuple[int, int | None]) -> bool:
    """Whether these are whole numbers whose range leaves enough bits for the others."""
    bits = sum(width or 0 for width in widths)
    return units.dtype.is_integer() and _range(units)[1].bit_length() + bits <= _KEY_BITS


def _range(units: pl.Series) -> tuple[int, int]:
    """The least of some whole numbers, and by how much the greatest is more."""
    least, most = (int(one) for one in (units.min(), units.max()) if isinstance(one, int))
    return least, most - least


def _packed(
    units: pl.Series, cells: pl.Series, places: Array | None, widths: tuple[int, int | None]
) -> Packed:
    """Rows as sorted keys; places: None for 0, 1, 2 and so on."""
    least, most = _range(units)
    cell_bits, place_bits = widths
    bits = most.bit_length() + cell_bits + (place_bits or 0)
    keys = np.empty(len(units), dtype=np.uint32 if bits <= _SHORT_KEY_BITS else np.uint64)
    number = keys.dtype.type

    def fill(start: int) -> None:
        some = slice(start, start + _AT_ONCE)
        part = keys[some]
        _subtract(units[some], least, part)
        part <<= number(cell_bits)
        part |= cells[some].to_numpy()
        if place_bits is not None:
            part <<= number(place_bits)
            part |= _numbered(start, len(part), number) if places is None else places[some]

    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        list(threads.map(fill, range(0, len(keys), _AT_ONCE)))
    keys.sort()
    return Packed(keys=keys, cell_bits=cell_bits, place_bits=place_bits)


def _subtract(units: pl.Series, least: int, into: Array) -> None:
    if units.dtype in (pl.Int128, pl.UInt128):
        into[:] = (units - pl.Series([least], dtype=units.dtype)).cast(pl.UInt64).to_numpy()
        return
    is_signed = units.dtype.is_signed_integer()
    wide = units.cast(pl.Int64 if is_signed else pl.UInt64).to_numpy().view(np.uint64)
    # Beyond 64 bits both begin again at 0, so that a negative one makes no difference.
    into[:] = wide - np.uint64(least % (1 << _KEY_BITS))


def _numbered(start: int, count: int, number: type[np.unsignedinteger]) -> Array:
    return np.arange(start, start + count, dtype=number)


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
