"""Whose records are around a median or percentile: it may be one person's who has many.

Records, not people, are put in order, so that a person with most of the records around a position
has its value, however many people have one on either side.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, UNIT
from output_checks.evidence.rows import moved
from output_checks.evidence.units import Array
from output_checks.statistics import Statistic

NAMES = ("records_around", "most_records_around")
_PEOPLE = 10
_SHARE = 0.1
"""Around a position is a tenth of a cell's records, or as many as ten of its people have on
average where that is more: of people with as many records each nobody has more than a tenth of
these."""


def bounds(
    rows: pl.DataFrame, cells: Cells, people: Array, statistics: Sequence[Statistic]
) -> dict[str, tuple[pl.Series, pl.Series]]:
    """From which value to which records are around each position, by CELL; NaN of nobody.

    rows: CELL and NUMBER of all records. people: who have a value, by cell.
    """
    ordered = moved(rows.lazy().drop_nulls(NUMBER), cells).sort(CELL, NUMBER).collect()
    numbers = ordered[NUMBER].cast(pl.Float64).to_numpy()
    counts = np.bincount(ordered[CELL].to_numpy(), minlength=len(cells))
    there = np.flatnonzero(counts)
    starts, counts = (np.cumsum(counts) - counts)[there], counts[there]
    half = counts * np.maximum(_PEOPLE / people[there], _SHARE) / 2
    found = {}
    for one in statistics:
        middle = float(one.position or 0.0) * (counts - 1)
        first = np.maximum(0, np.floor(middle - half).astype(np.int64))
        last = np.minimum(counts - 1, np.ceil(middle + half).astype(np.int64))
        low, high = np.full((2, len(cells)), np.nan)
        low[there], high[there] = numbers[starts + first], numbers[starts + last]
        found[one.name] = pl.Series(low), pl.Series(high)
    return found


def nearest(
    rows: pl.DataFrame, cells: Cells, found: dict[str, tuple[pl.Series, pl.Series]]
) -> pl.DataFrame:
    """How many records are around each position, and the most of them that one person has.

    By CELL. rows: some units with all their records; without UNIT each is somebody else's.
    """
    own = moved(rows.lazy(), cells)
    places = pl.LazyFrame({CELL: pl.Series(range(len(cells)), dtype=pl.UInt32)})
    for name, (low, high) in found.items():
        records, most = (f"{one} of {name}" for one in NAMES)
        number, cell = pl.col(NUMBER).cast(pl.Float64), pl.col(CELL)
        inside = own.filter(number.is_between(pl.lit(low).gather(cell), pl.lit(high).gather(cell)))
        if UNIT in rows.columns:
            held = inside.group_by(CELL, UNIT).agg(pl.len().cast(pl.Int64).alias(most))
        else:
            held = inside.select(CELL, pl.lit(1, dtype=pl.Int64).alias(most))
        counted = held.group_by(CELL).agg(pl.col(most).sum().alias(records), pl.col(most).max())
        places = places.join(counted, on=CELL, how="left")
    return places.collect()


def joined(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """What several parts, which share no unit, have around each position, by CELL."""
    names = parts[0].columns[1:]
    most = [name for name in names if name.startswith(NAMES[1])]
    rest = [name for name in names if name not in most]
    return pl.concat(parts).group_by(CELL).agg(pl.col(most).max(), pl.col(rest).sum())


def nobody_has_several(cells: Cells, statistics: Sequence[Statistic]) -> pl.DataFrame:
    """The same columns, null, where each row is a person."""
    names = [f"{name} of {one.name}" for one in statistics for name in NAMES]
    places = pl.DataFrame({CELL: pl.Series(range(len(cells)), dtype=pl.UInt32)})
    return places.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in names)
