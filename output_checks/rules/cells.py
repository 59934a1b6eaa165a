"""A grid's columns as flat arrays, so that a rule looks at all cells at once.

What is not known (null, or a column that is not there) is NaN, which compares as false: it is
no hit of any rule but `evidence`, which is there for it.
"""

import numpy as np
import polars as pl

from output_checks.grid import Grid
from output_checks.statistics import SCALED

APPROXIMATE = frozenset({"round", "midpoint", "cell-key"})
"""Protections after which a shown number only says from where to where the true one is."""


def is_approximate(grid: Grid) -> bool:
    """Whether its counts are changed, so that a shown one is no exact number of people."""
    return grid.method in APPROXIMATE and grid.is_whole


def are_of_rounded_parts(grid: Grid, base: int) -> bool:
    """Whether what is no count is worked out of counts rounded to this base or a multiple of it."""
    options = grid.protection.options if grid.protection else {}
    counts = int(options.get("base", 1))
    return options.get("amounts") is not None and counts > 1 and counts % base == 0


def numbers(grid: Grid, name: str) -> np.ndarray:
    """One column as floats, NaN where it is not known."""
    if name not in grid.frame.columns:
        return np.full(grid.size, np.nan)
    return grid.frame[name].cast(pl.Float64).to_numpy()


def flags(grid: Grid, name: str) -> np.ndarray:
    """One column of truths, false where it is not known."""
    if name not in grid.frame.columns:
        return np.zeros(grid.size, dtype=bool)
    return grid.frame[name].cast(pl.Boolean).fill_null(value=False).to_numpy()


def shown(grid: Grid) -> np.ndarray:
    """Which cells are not withheld."""
    return ~flags(grid, "withheld")


def described(grid: Grid) -> np.ndarray:
    """How many people each cell's statistic is about: of a proportion or ratio, the base."""
    return numbers(grid, "denominator_units" if grid.kind in SCALED else grid.counts)


def divisors(grid: Grid) -> np.ndarray:
    """What each cell's sum is divided by to give its mean: records with a value, or their weights.

    Of a weighted mean of exactly 0 the weights are not known, and records stand for them.
    """
    records = np.maximum(np.nan_to_num(numbers(grid, "records_with_value")), 1.0)
    if grid.weight is None:
        return records
    total, mean = np.nan_to_num(numbers(grid, "sum")), np.nan_to_num(numbers(grid, "exact"))
    return np.divide(total, mean, out=records, where=(mean != 0) & (total != 0))


def blank(grid: Grid) -> np.ndarray:
    """Which shown cells a reader cannot tell from withheld ones.

    A mean of nobody has no value, and a withheld cell is released as no value too: where a table
    has withheld cells, such a gap does not say that nobody is there.
    """
    withheld = flags(grid, "withheld")
    if not withheld.any():
        return withheld
    return ~withheld & grid.frame["value"].is_null().to_numpy()
