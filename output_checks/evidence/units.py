"""Rows in the order of their units, so that what belongs together stands together.

Rows are ordered by the first bits of a hash of their unit, which is several times quicker than by
the unit itself. Units whose bits are the same by chance are told apart afterwards.
"""

import numpy as np
import polars as pl

from output_checks.evidence.columns import UNIT

_KEY_BITS = 64


def by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in the order of UNIT, which becomes a number; without it if each has its own."""
    if UNIT not in rows.columns or rows.is_empty():
        return rows.drop(UNIT, strict=False)
    order, is_new = _order(rows[UNIT])
    if is_new.all():
        return rows.drop(UNIT)
    numbers = pl.Series(UNIT, np.cumsum(is_new, dtype=np.uint32))
    return rows.drop(UNIT)[order].with_columns(numbers)


def _order(units: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Places of the rows in the order of units, and where another unit begins."""
    width = max(len(units) - 1, 1).bit_length()
    keys = _whole_numbers(units, width)
    by_chance = keys is None
    if keys is None:
        keys = units.hash().to_numpy() >> np.uint64(width) << np.uint64(width)
    keys |= np.arange(len(units), dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64((1 << width) - 1)).astype(np.uint32)
    keys >>= np.uint64(width)
    is_new = np.concatenate([[True], keys[1:] != keys[:-1]])
    del keys
    return (order, _told_apart(units, order, is_new)) if by_chance else (order, is_new)


def _whole_numbers(units: pl.Series, width: int) -> np.ndarray | None:
    """Whole numbers as keys, where all of their bits fit above those of the places."""
    if not units.dtype.is_integer():
        return None
    least, most = (int(one) for one in (units.min(), units.max()) if isinstance(one, int))
    if (most - least).bit_length() + width > _KEY_BITS:
        return None
    wide = units.cast(pl.Int64) if most < 1 << 63 else units.cast(pl.UInt64)
    return (wide.to_numpy() - least).astype(np.uint64) << np.uint64(width)


def _told_apart(units: pl.Series, order: np.ndarray, is_new: np.ndarray) -> np.ndarray:
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
