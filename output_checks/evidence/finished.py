"""The evidence as it is handed out: labels, numbers in the variable's unit, and the values."""

import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import (
    AMOUNTS,
    CELL,
    COUNTS,
    TRUTHS,
    value_of,
)
from output_checks.evidence.exact import Exact
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import Sizes
from output_checks.statistics import Kind, Statistic

_EMPTY = {
    **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(AMOUNTS, pl.Float64()),
    **dict.fromkeys(TRUTHS, pl.Boolean()),
}


def finished(frame: pl.DataFrame, cells: Cells, asked: Question, sizes: Sizes) -> pl.DataFrame:
    """The columns of COUNTS, AMOUNTS and TRUTHS, null where they do not apply, and values.

    frame: the columns of `Steps` by CELL.
    """
    numbers = [*_of_weight(sizes), *_of_number("", sizes.number, sizes.shares, sizes.weight)]
    numbers += _of_number("per_", sizes.per, sizes.per_shares, None)
    known = frame.with_columns(numbers)
    known = known.with_columns(_shares(asked, sizes))
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in _EMPTY.items()
              if name not in known.columns]  # fmt: skip
    known = known.with_columns(absent)
    values = [_value(one, sizes).alias(value_of(one.name)) for one in asked.statistics
              if one.kind in _ADDED]  # fmt: skip
    chosen = known.select(CELL, *COUNTS, *AMOUNTS, *TRUTHS, *values)
    return cells.labels.join(chosen, on=CELL, how="left", maintain_order="left")


_ADDED = {Kind.COUNT, Kind.SUM, Kind.MEAN, Kind.PROPORTION, Kind.RATIO}


def _of_weight(sizes: Sizes) -> list[pl.Expr]:
    return [] if sizes.weight is None else [sizes.weight.number(pl.col("weight"))]


def _of_number(
    prefix: str, own: Exact | None, shares: Exact | None, weight: Exact | None
) -> list[pl.Expr]:
    if own is None:
        return []
    added = shares or own

    def column(name: str) -> pl.Expr:
        return pl.col(f"{prefix}{name}")

    two = column("two_largest").list.sort(descending=True)
    equal = column("least").eq(column("most")) | column("least_sum").eq(column("most_sum"))
    numbers = [
        added.number(column("sum")),
        added.number(column("total_absolute")),
        added.number(two.list.get(0, null_on_oob=True)).alias(f"{prefix}largest"),
        added.number(two.list.get(1, null_on_oob=True)).alias(f"{prefix}second_largest"),
        equal.alias(f"{prefix}all_equal"),
    ]
    if weight is not None:
        heavy = ("weight_with_value", "weight_not_zero", "weight_of_records")
        numbers += [weight.number(column(name)) for name in heavy]
    return numbers


def _shares(asked: Question, sizes: Sizes) -> list[pl.Expr]:
    """Units with a numerator and with a denominator."""
    numerators = pl.col("units_not_zero").alias("numerator_units")
    if sizes.number is not None and Kind.PROPORTION in asked.kinds:
        return [numerators, pl.col("units_with_value").alias("denominator_units")]
    if Kind.RATIO in asked.kinds:
        return [numerators, pl.col("per_units_not_zero").alias("denominator_units")]
    return []


def _value(statistic: Statistic, sizes: Sizes) -> pl.Expr:
    """A statistic that follows from sums and counts, null where it is of nobody."""
    weighs = sizes.weight is not None
    if statistic.kind is Kind.PROPORTION:
        shares = ("weight_not_zero", "weight_with_value")
        return _divided(*(shares if weighs else ("numerator_units", "denominator_units")))
    if statistic.kind is Kind.MEAN:
        return _divided("sum", "weight_of_records" if weighs else "records_with_value")
    if statistic.kind is Kind.RATIO:
        return _divided("sum", "per_sum")
    return pl.col("sum" if statistic.kind is Kind.SUM else "weight" if weighs else "units")


def _divided(above: str, below: str) -> pl.Expr:
    return pl.when(pl.col(below) != 0).then(pl.col(above) / pl.col(below))
