"""A mean with all its digits tells of how many values it is: rounded counts beside it are no use.

A mean of whole numbers is a fraction; its digits give the denominator in lowest terms (continued
fractions), and the number of values is a multiple of that.
"""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import are_of_rounded_parts, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict

_DECIMALS = (1, 10, 100)
_MOST = 2.0**52
_SAME = 1e-9


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    options = grid.protection.options if grid.protection else {}
    base = max(policy.rounding_base, int(options.get("base", 1)))
    if base == 1 or grid.method == "noise" or are_of_rounded_parts(grid, policy.rounding_base):
        return
    each, records = _as_means(grid)
    told, scale = multiples(numbers(grid, "sum") / each, records)
    least = np.maximum((records + base // 2) // base * base - base // 2, 1)
    most = least + base - 1
    is_one = shown(grid) & ~np.isnan(each) & alone_in(told, least, most)
    for severity, where in (
        (Verdict.FAIL, is_one & (records < policy.threshold)),
        (Verdict.REVIEW, is_one & (records >= policy.threshold)),
    ):
        cells = np.flatnonzero(where)
        if cells.size:
            yield _told(grid, cells, severity, base, int(np.log10(least[cells].min() * scale)))


def _as_means(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """What everybody in a cell is multiplied by, and of how many values its mean then is.

    Weights that are the same for all cancel out, and a ratio to the same amount for everybody is a
    mean in another unit. Not a number where they differ: there is no such fraction.
    """
    if grid.kind is Kind.RATIO:
        units = np.nan_to_num(numbers(grid, "denominator_units"))
        total, largest = numbers(grid, "per_total_absolute"), numbers(grid, "per_largest")
        weighted = np.ones(grid.size) if grid.weight is None else _each_weight(grid, units)
    else:
        units = np.nan_to_num(numbers(grid, "records_with_value"))
        if grid.weight is None:
            return np.ones(grid.size), units.astype(np.int64)
        total, largest = numbers(grid, "weight"), numbers(grid, "largest_weight")
        weighted = largest
    is_same = np.abs(total - units * largest) <= _SAME * np.abs(total)
    return np.where(is_same & (units > 0), weighted, np.nan), units.astype(np.int64)


def _each_weight(grid: Grid, units: np.ndarray) -> np.ndarray:
    """The weight of everybody in a cell, not a number where they differ."""
    total, largest = numbers(grid, "weight"), numbers(grid, "largest_weight")
    return np.where(np.abs(total - units * largest) <= _SAME * total, largest, np.nan)


def _told(grid: Grid, cells: np.ndarray, severity: Verdict, base: int, digits: int) -> Finding:
    # How many digits of a ratio are too many depends on its unit.
    is_mean = grid.kind is Kind.MEAN
    by_hand = f"; by hand {digits} digits after the point at most" * is_mean
    return RULE.finding(
        grid,
        cells,
        severity,
        f"In {len(cells)} {'cell' if len(cells) == 1 else 'cells'} the digits of the "
        f"{grid.statistic} tell of exactly how many values it is, although counts are rounded to "
        f"{base}: no other number near it gives them.",
        remedy=f"Work them out of rounded sums and counts: protect('suppress', base={base}, "
        f"amounts=\"auto\"), or protect('round', base={base}){by_hand}.",
    )


def alone_in(told: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Where there is one multiple from the least to the most of a count, so that nobody guesses."""
    return (told > 1) & (most // told - (np.maximum(least, 1) - 1) // told == 1)


def multiples(sums: np.ndarray, numbers_of_values: np.ndarray) -> tuple[np.ndarray, int]:
    """The denominator of each mean in lowest terms, as far as its digits tell it, and the scale.

    scale: amounts are whole numbers (1), or have one decimal (10) or two (100), where all sums do;
    of others nothing is told (1 for all).
    """
    for scale in _DECIMALS:
        whole = np.round(np.nan_to_num(sums) * scale)
        is_known = np.abs(whole) < _MOST
        if is_known.all() and np.allclose(
            np.nan_to_num(sums) * scale, whole, rtol=1e-12, atol=1e-6
        ):
            return lowest(whole.astype(np.int64), numbers_of_values), scale
    return np.ones(len(sums), dtype=np.int64), 1


def lowest(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """The denominators of fractions in lowest terms."""
    return np.maximum(below // np.maximum(np.gcd(above, below), 1), 1)


RULE = Rule(
    name="precision",
    title="Means with all their digits",
    source="SDC handbook, means and other averages: a count that can be worked out is a count; "
    "Hardy & Wright, continued fractions",
    finds="A mean of whole numbers, or of amounts of one or two decimals, is a fraction, and its "
    "digits tell the denominator in lowest terms. How many values there are is a multiple of that. "
    "Where counts are rounded and only one multiple rounds to what is shown, the mean tells the "
    "exact number, shown beside it or not (review; fail where it is below the threshold). "
    "Weighted means are of such a fraction where everybody in a cell weighs the same, and so are "
    "ratios to the same amount for everybody; others are not.",
    remedy="Work them out of rounded sums and counts: protect('suppress', amounts=\"auto\"), or "
    "protect('round').",
    fields=("rounding_base", "threshold"),
    reads={
        Kind.MEAN: ("sum", "records_with_value"),
        Kind.RATIO: ("sum", "denominator_units", "per_total_absolute", "per_largest"),
    },
    search=_find,
)
