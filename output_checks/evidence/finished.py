"""The evidence as it is handed out: labels, numbers in the variable's unit, and the values."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import (
    AMOUNTS,
    COUNTS,
    NUMBER,
    PER,
    TRUTHS,
    value_of,
)
from output_checks.evidence.contributions import Contributions, Records, Units
from output_checks.evidence.question import Question
from output_checks.evidence.tally import NONE, Largest
from output_checks.statistics import Kind, Statistic

_EMPTY: Mapping[str, pl.DataType] = {
    **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(AMOUNTS, pl.Float64()),
    **dict.fromkeys(TRUTHS, pl.Boolean()),
}
_ADDED = {Kind.COUNT, Kind.SUM, Kind.MEAN, Kind.PROPORTION, Kind.RATIO}


def finished(units: Units, records: Records, cells: Cells, asked: Question) -> pl.DataFrame:
    """The keys, CELL, the columns of COUNTS, AMOUNTS and TRUTHS, null where they do not apply,
    and the values that follow from them; a row for each cell with records, in the order of keys.
    """
    columns = [
        *cells.labels.get_columns(),
        *(pl.Series(name, counts) for name, counts in units.counts.counts.items()),
        pl.Series("records", records.counts.counts["records"]),
    ]
    for total in units.weights:
        columns.append(total.numbers().alias("weight"))
        columns += _two_largest(units.heaviest, total.exact.scale, "{}_weight")
    for variable, prefix in ((NUMBER, ""), (PER, "per_")):
        if variable in units.of:
            columns += _of_records(records, variable, prefix)
            columns += _of_units(units.of[variable], records, variable, prefix)
    there = pl.DataFrame(columns)
    is_there = there["records"] > 0
    if not is_there.all():
        there = there.filter(is_there)
    shares = _shares(asked, is_code=records.sizes.higher is not None)
    if shares:
        there = there.with_columns(shares)
    values = [
        _value(one, asked).alias(value_of(one.name))
        for one in asked.statistics
        if one.kind in _ADDED
    ]
    chosen = there.with_columns(_nothing(there)).with_columns(values)
    names = [one.meta.output_name() for one in values]
    return chosen[[*cells.labels.columns, *COUNTS, *AMOUNTS, *TRUTHS, *names]]


def _nothing(there: pl.DataFrame) -> list[pl.Series]:
    """Columns of nulls for the evidence that does not apply: cheaper than a literal for each."""
    nulls = {
        dtype: pl.Series([None], dtype=dtype).new_from_index(0, there.height)
        for dtype in set(_EMPTY.values())
    }
    return [nulls[dtype].alias(name) for name, dtype in _EMPTY.items() if name not in there.columns]


def _of_records(records: Records, variable: str, prefix: str) -> list[pl.Series]:
    columns = [pl.Series(f"{prefix}records_with_value", records.counts.counts[variable])]
    if variable in records.weights:
        heavy = records.weights[variable].numbers()
        columns.append(heavy.alias(f"{prefix}weight_of_records"))
    return columns


def _of_units(
    these: Contributions, records: Records, variable: str, prefix: str
) -> list[pl.Series]:
    columns = [pl.Series(f"{prefix}{name}", counts) for name, counts in these.counts.counts.items()]
    names = ("weight_with_value", "weight_not_zero")
    for name, total in zip(names, these.weights, strict=False):
        columns.append(total.numbers().alias(f"{prefix}{name}"))
    if these.weights:
        scale = these.weights[0].exact.scale
        columns += _two_largest(these.heaviest, scale, f"{prefix}{{}}_weight_with_value")
    if these.given is None:
        return columns
    plain, below = records.sums[variable], these.below[0]
    absolute = [one - 2 * less for one, less in zip(plain.limbs, below.limbs, strict=True)]
    if records.sizes.has_divisor and variable == NUMBER:
        columns += _two_largest(these.divisor, these.of_divisor.scale, "{}_divisor")
        weights = records.weights.get(variable)
        counted = pl.Series(records.counts.counts[variable])
        divisor = counted if weights is None else weights.numbers()
        columns.append(divisor.cast(pl.Float64).alias("total_divisor"))
    equal = records.same[variable].are_equal() | these.same.are_equal()
    return [
        *columns,
        plain.numbers().alias(f"{prefix}sum"),
        plain.exact.numbers(absolute).alias(f"{prefix}total_absolute"),
        *_two_largest(these.largest, these.given.scale, f"{prefix}{{}}"),
        equal.alias(f"{prefix}all_equal"),
    ]


def _two_largest(largest: Largest, scale: float, name: str) -> list[pl.Series]:
    """Both in the unit of their column; null where there are not so many. name: with a place."""
    steps = {"largest": largest.first, "second_largest": largest.second}
    return [
        pl.Series(name.format(one), np.where(found == NONE, np.nan, found / scale)).fill_nan(None)
        for one, found in steps.items()
    ]


def _shares(asked: Question, *, is_code: bool) -> list[pl.Expr]:
    """Units with a numerator and with a denominator; a code is a variable with just two values."""
    numerators = pl.col("units_not_zero").alias("numerator_units")
    if asked.of is not None and (Kind.PROPORTION in asked.kinds or is_code):
        base = "units_with_value" if asked.weight is None else "units_weighing"
        return [numerators, pl.col(base).alias("denominator_units")]
    if Kind.RATIO in asked.kinds:
        return [numerators, pl.col("per_units_not_zero").alias("denominator_units")]
    return []


def _value(statistic: Statistic, asked: Question) -> pl.Expr:
    """A statistic that follows from sums and counts, null where it is of nobody."""
    weighs = asked.weight is not None
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
