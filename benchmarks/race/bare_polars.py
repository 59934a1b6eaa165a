"""Polars alone, asked for the evidence that a check needs and for nothing else.

Written as quick as we know how: for a count the distinct people of every set of dimensions; for a
sum one group per person first, of which every cell's largest two, signs and extremes are taken.
Floating-point sums, no check of missing units or infinite values, no grid, no labels.
"""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import polars as pl

from benchmarks.race.tasks import UNIT, VARIABLE, Task

COUNTED = (pl.col(UNIT).n_unique().alias("units"), pl.len().alias("records"))
HAS = pl.col("records_with_value") > 0
ABSOLUTE = pl.col("sum").abs().filter(HAS)
BY_PERSON = (
    pl.len().alias("records"),
    pl.col(VARIABLE).count().alias("records_with_value"),
    pl.col(VARIABLE).sum().alias("sum"),
    pl.col(VARIABLE).min().alias("least"),
    pl.col(VARIABLE).max().alias("most"),
)
BY_CELL = (
    pl.len().alias("units"),
    HAS.sum().alias("units_with_value"),
    pl.col("records", "records_with_value", "sum").sum(),
    ABSOLUTE.sum().alias("total_absolute"),
    ABSOLUTE.top_k(2).alias("two_largest"),
    (HAS & (pl.col("sum") < 0)).sum().alias("negative"),
    (HAS & (pl.col("sum") > 0)).sum().alias("positive"),
    pl.col("least").min(),
    pl.col("most").max(),
    pl.col("sum").filter(HAS).min().alias("least_sum"),
    pl.col("sum").filter(HAS).max().alias("most_sum"),
)


def load(path: Path) -> pl.DataFrame:
    """Read the records into memory."""
    return pl.read_parquet(path)


def evidence(frame: pl.DataFrame, task: Task) -> str:
    """Ask for the evidence of every cell and margin; say how many have records."""
    sets = [
        chosen for size in range(len(task.keys), -1, -1) for chosen in combinations(task.keys, size)
    ]
    ask = _counts if task.statistic == "count" else _sums
    found = pl.collect_all([ask(frame.lazy(), chosen) for chosen in sets], engine="streaming")
    return f"{sum(one.height for one in found):,} cells"


def _counts(frame: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    return frame.group_by(list(keys)).agg(COUNTED) if keys else frame.select(COUNTED)


def _sums(frame: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    people = frame.group_by([*keys, UNIT]).agg(BY_PERSON)
    return people.group_by(list(keys) or pl.lit(0)).agg(BY_CELL)
