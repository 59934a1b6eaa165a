"""Variances and standard deviations: squares around each cell's mean, in exact sums.

Source: Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance": two passes
with a correction within a cell, and the update that adds cells up to margins.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import polars as pl

from output_checks.errors import UnusableTableError
from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, value_of
from output_checks.evidence.exact import Exact
from output_checks.evidence.rows import Rows
from output_checks.statistics import Kind, Statistic

_ROOM = 124
_MOST_RANGE = 1e145
_MOST_EXPONENT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The records of the finest cells: how many, their mean, and their squares around it."""

    records: np.ndarray
    means: np.ndarray
    squares: np.ndarray


def all_spreads(
    rows: Rows, counts: Sequence[pl.DataFrame], every: Sequence[Cells], exact: Exact
) -> list[pl.DataFrame]:
    """Variances and standard deviations of every set of keys, null of fewer than two records.

    counts: of `counted`, by CELL. exact: how its sums are to be read.
    Raises UnusableTableError where a square would be too large for a number.
    """
    mean = exact.number(pl.col("sum")) / pl.col("records_with_value")
    ordered = [one.sort(CELL) for one in counts]
    spread = spread_of(rows.each(), ordered[0].with_columns(mean.alias("mean")), rows.height)
    statistics = rows.asked.of_kind(Kind.SPREAD)
    return [
        spreads(spread, frame, cells, statistics)
        for frame, cells in zip(ordered, every, strict=True)
    ]


def spread_of(parts: Iterable[pl.DataFrame], finest: pl.DataFrame, height: int) -> Spread:
    """Look at all records of the finest cells once more.

    finest: by CELL in order `records_with_value`, `mean`, `least` and `most`.
    Raises UnusableTableError where a square would be too large for a number.
    """
    records = finest["records_with_value"].to_numpy()
    centres = finest["mean"].fill_nan(0.0).to_numpy()
    least, most = (finest[name].cast(pl.Float64) for name in ("least", "most"))
    ranges = (most - least).fill_null(0.0).to_numpy()
    if (ranges > _MOST_RANGE).any():
        raise UnusableTableError(
            "the numbers are too far apart for a standard deviation or variance; divide them with "
            "derive"
        )
    factors = _factors(ranges, height)
    sums, squares = _sums(parts, pl.Series(centres), pl.Series(factors))
    count = np.maximum(records, 1)
    around = np.maximum(squares - sums * sums / count, 0.0) / factors / factors
    return Spread(
        records=records,
        means=centres + sums / count / factors,
        squares=np.where(ranges > 0, around, 0.0),
    )


def _factors(ranges: np.ndarray, height: int) -> np.ndarray:
    """Powers of two that make squares of deviations whole numbers whose sums cannot overflow."""
    half = (_ROOM - int(np.frexp(max(height, 1))[1])) // 2
    exponents = half - np.frexp(ranges)[1]
    return np.ldexp(1.0, np.clip(exponents, -_MOST_EXPONENT, _MOST_EXPONENT))


def _sums(
    parts: Iterable[pl.DataFrame], centres: pl.Series, factors: pl.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Deviations and their squares by cell, times the factor and its square."""
    cell = pl.col(CELL)
    deviation = pl.col(NUMBER).cast(pl.Float64) - pl.lit(centres).gather(cell)
    scaled = deviation * pl.lit(factors).gather(cell)
    each = [
        part.lazy()
        .select(cell, scaled.alias("sum"))
        .with_columns((pl.col("sum") * pl.col("sum")).alias("square"))
        .with_columns(pl.col("sum", "square").round().cast(pl.Int128))
        .group_by(CELL)
        .agg(pl.col("sum", "square").sum())
        .collect()
        for part in parts
    ]
    places = pl.DataFrame({CELL: pl.Series(range(len(centres)), dtype=pl.UInt32)})
    added = pl.concat(each).group_by(CELL).agg(pl.col("sum", "square").sum())
    placed = places.join(added, on=CELL, how="left", maintain_order="left")
    numbers = placed.select(pl.col("sum", "square").fill_null(0).cast(pl.Float64))
    return numbers["sum"].to_numpy(), numbers["square"].to_numpy()


def spreads(
    finest: Spread, frame: pl.DataFrame, cells: Cells, statistics: Sequence[Statistic]
) -> pl.DataFrame:
    """Variances and standard deviations by CELL, null of fewer than two records.

    frame: by CELL in order `least` and `most`, which say where there is no spread at all.
    """
    order = np.argsort(cells.of_finest.to_numpy(), kind="stable")
    codes = cells.of_finest.to_numpy()[order]
    bounds = np.searchsorted(codes, np.arange(len(cells) + 1)).tolist()
    records = _added(finest.records[order], bounds)
    count = np.maximum(records, 1)
    centres = _added((finest.records * finest.means)[order], bounds) / count
    away = finest.means[order] - centres[codes]
    weighed = finest.records[order] * away
    squares = _added(finest.squares[order], bounds) + _added(weighed * away, bounds)
    squares -= _added(weighed, bounds) ** 2 / count
    is_flat = (frame["least"] == frame["most"]).fill_null(value=True).to_numpy()
    variances = np.where(is_flat, 0.0, np.maximum(squares, 0.0)) / np.maximum(records - 1, 1)
    shown = {"var": variances, "std": np.sqrt(variances)}
    found = pl.DataFrame(
        {CELL: pl.Series(range(len(cells)), dtype=pl.UInt32), "records": records}
        | {value_of(one.name): shown[one.name] for one in statistics}
    )
    several = pl.when(pl.col("records") > 1).then(pl.exclude(CELL, "records"))
    return found.select(CELL, several)


def _added(numbers: np.ndarray, bounds: Sequence[int]) -> np.ndarray:
    """Sums between bounds, rounded once, whatever the order of the cells."""
    each = numbers.tolist()
    return np.array([fsum(each[start:end]) for start, end in itertools.pairwise(bounds)])
