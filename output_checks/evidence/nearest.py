"""Whose records are around a median or percentile: it may be that of one or two who have many.

Records, not people, are put in order, so that a person with most of the records around a position
has its value, however many people have one on either side, and however many share it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, UNIT
from output_checks.evidence.rows import moved
from output_checks.evidence.units import Array
from output_checks.statistics import Statistic

NAMES = ("records_around", "most_records_around", "second_most_records_around")
_PEOPLE = 10
_SHARE = 0.1
"""Around a position is a tenth of a cell's records, or as many as ten of its people have on
average where that is more: of people with as many records each nobody has more than a tenth of
these."""
_HELD = "records around that one person has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The records around one position, by CELL; NaN and 0 of nobody.

    low, high: from which value to which they are. of_low, of_high: which share of the records
    that have this value is among them: of equal ones none comes first, so that those whose
    they are have equal shares of them. Where both are one value, of_high counts nothing.
    records: how many they are.
    """

    low: pl.Series
    high: pl.Series
    of_low: pl.Series
    of_high: pl.Series
    records: pl.Series


def bounds(
    rows: pl.DataFrame, cells: Cells, people: Array, statistics: Sequence[Statistic]
) -> dict[str, Around]:
    """Which records are around each position.

    rows: CELL and NUMBER of all records. people: who have a value, by cell.
    """
    ordered = moved(rows.lazy().drop_nulls(NUMBER), cells).sort(CELL, NUMBER).collect()
    owners, numbers = ordered[CELL].to_numpy(), ordered[NUMBER].cast(pl.Float64).to_numpy()
    differs = (owners[1:] != owners[:-1]) | (numbers[1:] != numbers[:-1])
    runs = np.concatenate([[0], np.flatnonzero(differs) + 1, [len(numbers)]])
    counts = np.bincount(owners, minlength=len(cells))
    there = np.flatnonzero(counts)
    starts, counts = (np.cumsum(counts) - counts)[there], counts[there]
    half = counts * np.maximum(_PEOPLE / people[there], _SHARE) / 2
    found = {}
    for one in statistics:
        middle = float(one.position or 0.0) * (counts - 1)
        first = starts + np.maximum(0, np.floor(middle - half).astype(np.int64))
        last = starts + np.minimum(counts - 1, np.ceil(middle + half).astype(np.int64))
        of_low, of_high = _shares(runs, first, last)
        columns = (numbers[first], numbers[last], of_low, of_high, last - first + 1)
        placed = (_placed(column, there, len(cells)) for column in columns)
        found[one.name] = Around(**dict(zip(Around.__dataclass_fields__, placed, strict=True)))
    return found


def _shares(runs: Array, first: Array, last: Array) -> tuple[Array, Array]:
    """Which share of the records that are equal to the first, and to the last, are between them.

    runs: where each run of equal records of a cell starts, and where all end.
    """
    low, high = (np.searchsorted(runs, place, side="right") - 1 for place in (first, last))
    of_low = np.minimum(runs[low + 1], last + 1) - first
    of_high = np.where(low == high, 0, last + 1 - runs[high])
    return of_low / (runs[low + 1] - runs[low]), of_high / (runs[high + 1] - runs[high])


def _placed(column: Array, there: Array, cells: int) -> pl.Series:
    """By CELL; NaN, or 0 of counts, where nobody is."""
    placed = np.full(cells, np.nan if column.dtype.kind == "f" else 0, dtype=column.dtype)
    placed[there] = column
    return pl.Series(placed)


def nearest(
    rows: pl.DataFrame, cells: Cells, found: Mapping[str, Around]
) -> dict[str, pl.DataFrame]:
    """The two people with most of the records around each position, and how many, by CELL.

    rows: some units with all their records; without UNIT each is somebody else's.
    """
    own = moved(rows.lazy(), cells)
    who = [name for name in (CELL, UNIT) if name in rows.columns]
    return {name: _two_largest(_held(own, one, who)).collect() for name, one in found.items()}


def _held(rows: pl.LazyFrame, around: Around, who: Sequence[str]) -> pl.LazyFrame:
    """How many of the records around a position each person has, counted before they are parted."""
    number, cell = pl.col(NUMBER).cast(pl.Float64), pl.col(CELL)
    low, high, of_low, of_high = (
        pl.lit(side).gather(cell)
        for side in (around.low, around.high, around.of_low, around.of_high)
    )
    inside = rows.filter(number.is_between(low, high)).select(
        *who, at_low=number == low, at_high=(number == high) & (low != high)
    )
    counted = inside.with_columns(between=~pl.col("at_low") & ~pl.col("at_high"))
    if UNIT in who:
        counted = counted.group_by(who).agg(pl.col("at_low", "at_high", "between").sum())
    between, at_low, at_high = (
        pl.col(name).cast(pl.Float64) for name in ("between", "at_low", "at_high")
    )
    return counted.select(CELL, (between + at_low * of_low + at_high * of_high).alias(_HELD))


def _two_largest(held: pl.LazyFrame) -> pl.LazyFrame:
    return held.group_by(CELL).agg(pl.col(_HELD).top_k(2)).explode(_HELD)


def joined(
    parts: Sequence[Mapping[str, pl.DataFrame]], found: Mapping[str, Around]
) -> pl.DataFrame:
    """How many records are around each position, and the most of them that two people have.

    By CELL. parts: of units of which no two parts have the same.
    """
    (count,) = {len(around.records) for around in found.values()}
    places = pl.DataFrame({CELL: pl.Series(range(count), dtype=pl.UInt32)})
    for name, around in found.items():
        records, first, second = (f"{one} of {name}" for one in NAMES)
        held = _two_largest(pl.concat([one[name] for one in parts]).lazy())
        largest = held.group_by(CELL).agg(
            pl.col(_HELD).max().alias(first),
            pl.when(pl.len() > 1).then(pl.col(_HELD).min()).otherwise(0.0).alias(second),
        )
        places = places.with_columns(around.records.alias(records)).join(
            largest.collect(), on=CELL, how="left", maintain_order="left"
        )
    return places


def nobody_has_several(cells: Cells, statistics: Sequence[Statistic]) -> pl.DataFrame:
    """The same columns, null, where each row is a person."""
    places = pl.DataFrame({CELL: pl.Series(range(len(cells)), dtype=pl.UInt32)})
    return places.with_columns(
        pl.lit(None, dtype=kind).alias(f"{name} of {one.name}")
        for one in statistics
        for name, kind in zip(NAMES, (pl.Int64, pl.Float64, pl.Float64), strict=True)
    )
