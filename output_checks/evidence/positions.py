"""Medians, percentiles, least and most of every cell, and how many units are around each.

These need every value of a cell at once: the variable's column is held in memory.
"""

from collections.abc import Sequence

import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, UNIT, value_of
from output_checks.evidence.rows import moved
from output_checks.statistics import Statistic

_AROUND = ("units_at", "units_at_or_below", "units_at_or_above")


def positions(
    rows: pl.DataFrame, every: Sequence[Cells], statistics: Sequence[Statistic]
) -> list[pl.DataFrame]:
    """The values at some positions by CELL, linear between two records; null of nobody.

    rows: CELL and NUMBER of all records.
    """
    held = rows.lazy().drop_nulls(NUMBER)
    asked = [_at(one).alias(value_of(one.name)) for one in statistics]
    return [moved(held, cells).group_by(CELL).agg(asked).collect() for cells in every]


def _at(statistic: Statistic) -> pl.Expr:
    number = pl.col(NUMBER).cast(pl.Float64)
    if statistic.position == 0.0:
        return number.min()
    if statistic.position == 1.0:
        return number.max()
    return number.quantile(float(statistic.position or 0.0), interpolation="linear")


def around(
    rows: pl.DataFrame,
    found: Sequence[pl.DataFrame],
    every: Sequence[Cells],
    statistics: Sequence[Statistic],
) -> list[pl.DataFrame]:
    """Distinct units with a record at, at or below, and at or above each position, by CELL.

    rows: some units with all their records. found: as of `positions`.
    """
    alone = UNIT not in rows.columns
    counts = []
    for values, cells in zip(found, every, strict=True):
        flags = [flag for one in statistics for flag in _flags(one, values, len(cells))]
        flagged = moved(rows.lazy(), cells).with_columns(flags)
        names = [f"{name} of {one.name}" for one in statistics for name in _AROUND]
        if not alone:
            flagged = flagged.group_by(CELL, UNIT).agg(pl.col(names).any())
        counted = flagged.group_by(CELL).agg(pl.col(names).sum().cast(pl.Int64))
        counts.append(counted.collect())
    return counts


def _flags(one: Statistic, values: pl.DataFrame, cells: int) -> list[pl.Expr]:
    places = pl.DataFrame({CELL: pl.Series(range(cells), dtype=pl.UInt32)})
    each = places.join(values, on=CELL, how="left", maintain_order="left")[value_of(one.name)]
    shown, number = pl.lit(each).gather(pl.col(CELL)), pl.col(NUMBER).cast(pl.Float64)
    flags = (number == shown, number <= shown, number >= shown)
    return [
        flag.fill_null(value=False).alias(f"{name} of {one.name}")
        for name, flag in zip(_AROUND, flags, strict=True)
    ]


def added(parts: Sequence[Sequence[pl.DataFrame]]) -> list[pl.DataFrame]:
    """The counts of units of several parts, which share no unit."""
    return [
        pl.concat(same).group_by(CELL).agg(pl.exclude(CELL).sum())
        for same in zip(*parts, strict=True)
    ]
