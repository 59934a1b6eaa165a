"""Variances and standard deviations: squares around each cell's mean, in exact sums.

Source: Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance": two passes
with a correction within a cell, and the update that adds cells up to margins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

import numpy as np
import polars as pl

from output_checks.errors import UnusableTableError
from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, NUMBER, value_of
from output_checks.evidence.counted import Counting
from output_checks.evidence.exact import Exact
from output_checks.evidence.few_values import FewValues
from output_checks.evidence.heads import Heads
from output_checks.evidence.rows import Rows
from output_checks.evidence.squares import Squares, look_at
from output_checks.evidence.tally import Extremes, Sum
from output_checks.evidence.units import Array
from output_checks.statistics import Kind, Statistic

_DEVIATION_BITS = 42
_ROWS_AT_ONCE = 1 << 16
_MOST_RANGE = 1e145
_MOST_EXPONENT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The records of the finest cells: how many, their mean, and their squares around it."""

    records: Array
    means: Array
    squares: Array


def spreads(rows: Rows, whole: Counting | Heads, every: Sequence[Cells]) -> list[pl.DataFrame]:
    """Variances and standard deviations of every set of keys, null of fewer than two records.

    Beside them their squares around the mean, what the two people add to these who add most, and
    how many people have the rarest of few values, and each of three.
    Raises UnusableTableError where a square would be too large for a number.
    """
    asked = rows.asked.of_kind(Kind.SPREAD)
    _, records = whole.of(0)
    counts, extremes = records.counts.counts[NUMBER], records.extremes[NUMBER]
    sums = records.sums[NUMBER].numbers().to_numpy()
    finest = _finest(rows, counts, sums / np.maximum(counts, 1), extremes)
    each = [whole.of(place)[1].extremes[NUMBER] for place in range(len(every))]
    found = [_added_up(finest, *one) for one in zip(every, each, strict=True)]
    exact = _exact(rows)
    squares = [
        Squares(cells, one.means, _factors(one.records, extremes), exact)
        for cells, one, extremes in zip(every, found, each, strict=True)
    ]
    few = FewValues(every)
    look_at(rows, [*squares, few])
    return [
        _shown(one, asked).with_columns(*own.columns(), *few.columns(place))
        for place, (one, own) in enumerate(zip(found, squares, strict=True))
    ]


def _exact(rows: Rows) -> Exact:
    return Exact.steps_of(2 * _DEVIATION_BITS, scale=1.0, rows=rows.height)


def _ranges(records: Array, extremes: Extremes) -> Array:
    return np.where(records > 0, extremes.most - extremes.least, 0.0)


def _factors(records: Array, extremes: Extremes) -> Array:
    """Powers of two that make any deviation a number of so many bits."""
    exponents = _DEVIATION_BITS - 1 - np.frexp(_ranges(records, extremes))[1]
    return np.ldexp(1.0, np.clip(exponents, -_MOST_EXPONENT, _MOST_EXPONENT))


def _finest(rows: Rows, records: Array, centres: Array, extremes: Extremes) -> Spread:
    """Look at all records once more; centres: a number near the mean of each finest cell."""
    ranges = _ranges(records, extremes)
    if (ranges > _MOST_RANGE).any():
        raise UnusableTableError(
            "the numbers are too far apart for a standard deviation or variance; divide them with "
            "derive"
        )
    factors, exact = _factors(records, extremes), _exact(rows)
    deviations, squares = (Sum(len(records), exact) for _ in range(2))
    for part in rows.each():
        for some in part.rows.select(CELL, NUMBER).iter_slices(_ROWS_AT_ONCE):
            known = some.drop_nulls()
            cells = known[CELL].to_numpy().astype(np.intp)
            scaled = (known[NUMBER].to_numpy() - centres[cells]) * factors[cells]
            deviations.add(cells, exact.cut(scaled))
            squares.add(cells, exact.cut(scaled * scaled))
    count = np.maximum(records, 1)
    sums = deviations.numbers().to_numpy()
    around = np.maximum(squares.numbers().to_numpy() - sums * sums / count, 0.0)
    return Spread(
        records=records,
        means=centres + sums / count / factors,
        squares=np.where(ranges > 0, around / factors / factors, 0.0),
    )


def _added_up(finest: Spread, cells: Cells, extremes: Extremes) -> Spread:
    """Finest cells added up to coarser ones."""
    order = np.argsort(cells.of_finest, kind="stable")
    codes = cells.of_finest[order]
    bounds = np.searchsorted(codes, np.arange(len(cells) + 1)).tolist()
    records = _sums(finest.records[order], bounds)
    count = np.maximum(records, 1)
    centres = _sums((finest.records * finest.means)[order], bounds) / count
    away = finest.means[order] - centres[codes]
    weighed = finest.records[order] * away
    squares = _sums(finest.squares[order], bounds) + _sums(weighed * away, bounds)
    squares -= _sums(weighed, bounds) ** 2 / count
    squares = np.where(extremes.least < extremes.most, np.maximum(squares, 0.0), 0.0)
    return Spread(records=records, means=centres + _sums(weighed, bounds) / count, squares=squares)


def _shown(spread: Spread, asked: Sequence[Statistic]) -> pl.DataFrame:
    variances = spread.squares / np.maximum(spread.records - 1, 1)
    shown = {"var": variances, "std": np.sqrt(variances)}
    found = pl.DataFrame(
        {value_of(one.name): shown[one.name] for one in asked} | {"records": spread.records}
    )
    several = pl.when(pl.col("records") > 1).then(pl.exclude("records"))
    numbers = pl.Series(CELL, np.arange(len(spread.records), dtype=np.uint32))
    return found.select(several).with_columns(numbers, pl.Series("total_square", spread.squares))


def _sums(numbers: Array, bounds: Sequence[int]) -> Array:
    """Sums between bounds, rounded once, whatever the order of the cells."""
    each = numbers.tolist()
    return np.array([fsum(each[start:end]) for start, end in pairwise(bounds)])
