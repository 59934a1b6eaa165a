"""Who contributes how much to a total: what dominance and p % are judged on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from output_checks.grid import Grid
from output_checks.rules.cells import numbers, shown
from output_checks.statistics import OF_RECORDS, Kind

SUMMED = ("largest", "second_largest", "total_absolute", "negative", "positive")
DIVIDED_BY = ("per_largest", "per_second_largest", "per_total_absolute")
DIVISORS = ("largest_divisor", "second_largest_divisor", "total_divisor")
SQUARED = ("largest_square", "second_largest_square", "total_square")
READS = {
    Kind.SUM: SUMMED,
    Kind.MEAN: SUMMED,
    Kind.RATIO: (*SUMMED, *DIVIDED_BY),
    Kind.SPREAD: SQUARED,
}

REMARKS = ("", " (absolute values: there are both signs)")
"""What must be said where amounts have one sign, and where those of both were made absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """Absolute contributions to the shown cells that have any, summed per person.

    cells: their numbers. first, second, total: the largest, the next, all together. signs: which
    of them have both signs. part: what of the cell it is about, in words.
    """

    cells: np.ndarray
    first: np.ndarray
    second: np.ndarray
    total: np.ndarray
    signs: np.ndarray
    part: str


def contributions(grid: Grid) -> Iterator[Contributions]:
    """What a cell adds up; of a ratio, first its numerator and then its denominator.

    A spread adds up squares around the mean: who is far from it makes most of them.
    """
    if grid.kind not in READS:
        return
    if grid.kind is Kind.SPREAD:
        yield _taken(grid, SQUARED, np.zeros(grid.size, bool), "the squares around the mean")
        return
    both = (numbers(grid, "negative") > 0) & (numbers(grid, "positive") > 0)
    part = "the numerator" if grid.kind is Kind.RATIO else "the cell's total"
    yield _taken(grid, SUMMED[:3], both, part)
    if grid.kind is Kind.RATIO:
        yield _taken(grid, DIVIDED_BY, np.zeros_like(both), "the denominator")


def divided_by(grid: Grid) -> Iterator[Contributions]:
    """The records, or their weights, that a statistic is of, where somebody has several.

    A minimum or maximum is of one record, whoever has the others.
    """
    if grid.kind not in OF_RECORDS or grid.facts.position in {0.0, 1.0}:
        return
    part = "the records" if grid.weight is None else "the weights of the records"
    several = numbers(grid, "records_with_value") > numbers(grid, "units_with_value")
    made = _taken(grid, DIVISORS, np.zeros(grid.size, bool), part)
    kept = several[made.cells]
    columns = (made.cells, made.first, made.second, made.total, made.signs)
    cells, first, second, total, signs = (one[kept] for one in columns)
    yield Contributions(
        cells=cells, first=first, second=second, total=total, signs=signs, part=part
    )


def _taken(grid: Grid, names: tuple[str, ...], both: np.ndarray, part: str) -> Contributions:
    first, second, total = (numbers(grid, name) for name in names)
    (cells,) = np.nonzero(shown(grid) & (total > 0) & ~np.isnan(first) & ~np.isnan(second))
    return Contributions(
        cells=cells,
        first=first[cells],
        second=second[cells],
        total=total[cells],
        signs=both[cells],
        part=part,
    )
