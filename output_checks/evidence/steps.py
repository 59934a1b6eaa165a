"""The steps from records to units to cells to margins, as tables of expressions.

Every column but the two largest can be added, or is a least, a most or a truth, so that the
evidence of two sets of units that share nobody becomes that of all of them.
"""

from dataclasses import dataclass, fields

import polars as pl

from output_checks.evidence.columns import LABEL, NUMBER, PER, WEIGHT
from output_checks.evidence.exact import Exact
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import Sizes, share

Expressions = tuple[pl.Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Expressions of each step.

    of_record: what a record is that is a unit of its own. of_unit: the records of a unit in a
    cell; of_unit_again: its rows in several cells. of_units: the units of a cell; of_records: its
    records. units_merged, records_merged: cells that share no unit.
    """

    of_record: Expressions = ()
    of_unit: Expressions = ()
    of_unit_again: Expressions = ()
    of_units: Expressions = ()
    units_merged: Expressions = ()
    of_records: Expressions = ()
    records_merged: Expressions = ()

    def __add__(self, other: "Steps") -> "Steps":
        """The columns of both."""
        names = [one.name for one in fields(self)]
        return Steps(**{name: getattr(self, name) + getattr(other, name) for name in names})


def steps_for(asked: Question, sizes: Sizes) -> Steps:
    """Only the steps of the columns that are there."""
    steps = _COUNTED
    if sizes.weight is not None:
        steps += _of_weight(sizes.weight)
    if sizes.number is not None:
        steps += _of_number("", NUMBER, asked, sizes.number, sizes.shares, sizes.weight)
    elif asked.of is not None:
        steps += _OF_LABEL
    if sizes.per is not None:
        steps += _of_number("per_", PER, asked, sizes.per, sizes.per_shares, None)
    return steps


_COUNTED = Steps(
    of_units=(pl.len().cast(pl.Int64).alias("units"),),
    units_merged=(pl.col("units").sum(),),
    of_records=(pl.len().cast(pl.Int64).alias("records"),),
    records_merged=(pl.col("records").sum(),),
)


_HAS_LABEL = pl.col(LABEL).is_not_null()
_OF_LABEL = Steps(
    of_record=(_HAS_LABEL.alias("has a value"),),
    of_unit=(_HAS_LABEL.any().alias("has a value"),),
    of_unit_again=(pl.col("has a value").any(),),
    of_units=(pl.col("has a value").sum().cast(pl.Int64).alias("units_with_value"),),
    units_merged=(pl.col("units_with_value").sum(),),
    of_records=(_HAS_LABEL.sum().cast(pl.Int64).alias("records_with_value"),),
    records_merged=(pl.col("records_with_value").sum(),),
)
"""Of a variable that is no number, and has a mode at most."""


def _of_weight(weight: Exact) -> Steps:
    """A unit has one weight, however many records."""
    return Steps(
        of_unit=(pl.col(WEIGHT).max(),),
        of_unit_again=(pl.col(WEIGHT).max(),),
        of_units=(weight.steps(pl.col(WEIGHT)).sum().alias("weight"),),
        units_merged=(pl.col("weight").sum(),),
    )


def _of_number(
    prefix: str,
    column: str,
    asked: Question,
    exact: Exact,
    shares: Exact | None,
    weight: Exact | None,
) -> Steps:
    number, names = pl.col(column), _Names(prefix)
    own = exact.steps(number)
    of_record = [
        number.is_not_null().alias(names.has),
        own.fill_null(0).alias(names.own),
        (number != 0).fill_null(value=False).alias(names.counts),
    ]
    of_unit = [
        number.is_not_null().any().alias(names.has),
        own.sum().alias(names.own),
        (number != 0).any().alias(names.counts),
    ]
    again = [pl.col(names.has, names.counts).any(), pl.col(names.own).sum()]
    if shares is not None:
        given = shares.steps(share(column, asked))
        of_record.append(given.fill_null(0).alias(names.given))
        of_unit.append(given.sum().alias(names.given))
        again.append(pl.col(names.given).sum())
    steps = Steps(of_record=tuple(of_record), of_unit=tuple(of_unit), of_unit_again=tuple(again))
    return (
        steps
        + _of_units(names, names.own if shares is None else names.given, weight)
        + (_of_records(names, number, weight))
    )


class _Names:
    """Names of the columns of a variable, between the steps."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.has, self.own = f"{prefix}has a value", f"{prefix}sum of the unit"
        self.given, self.counts = f"{prefix}weighted sum of the unit", f"{prefix}is not zero"

    def __getitem__(self, name: str) -> str:
        return f"{self.prefix}{name}"


def _of_units(names: _Names, added: str, weight: Exact | None) -> Steps:
    has, own, given = pl.col(names.has), pl.col(names.own), pl.col(added)
    of_units = [
        has.sum().cast(pl.Int64).alias(names["units_with_value"]),
        pl.col(names.counts).sum().cast(pl.Int64).alias(names["units_not_zero"]),
        (given < 0).sum().cast(pl.Int64).alias(names["negative"]),
        (given > 0).sum().cast(pl.Int64).alias(names["positive"]),
        given.sum().alias(names["sum"]),
        given.abs().sum().alias(names["total_absolute"]),
        given.abs().filter(has).top_k(2).alias(names["two_largest"]),
        own.filter(has).min().alias(names["least_sum"]),
        own.filter(has).max().alias(names["most_sum"]),
    ]
    added_up = ["units_with_value", "units_not_zero", "negative", "positive", "sum",
                "total_absolute"]  # fmt: skip
    if weight is not None:
        heavy = weight.steps(pl.col(WEIGHT))
        of_units += [
            heavy.filter(has).sum().alias(names["weight_with_value"]),
            heavy.filter(pl.col(names.counts)).sum().alias(names["weight_not_zero"]),
        ]
        added_up += ["weight_with_value", "weight_not_zero"]
    merged = (
        pl.col(*[names[one] for one in added_up]).sum(),
        pl.col(names["least_sum"]).min(),
        pl.col(names["most_sum"]).max(),
        pl.col(names["two_largest"]).explode(empty_as_null=True).drop_nulls().top_k(2),
    )
    return Steps(of_units=tuple(of_units), units_merged=merged)


def _of_records(names: _Names, number: pl.Expr, weight: Exact | None) -> Steps:
    of_records = [
        number.count().cast(pl.Int64).alias(names["records_with_value"]),
        number.min().alias(names["least"]),
        number.max().alias(names["most"]),
    ]
    added_up = [names["records_with_value"]]
    if weight is not None:
        heavy = weight.steps(pl.col(WEIGHT)).filter(number.is_not_null())
        of_records.append(heavy.sum().alias(names["weight_of_records"]))
        added_up.append(names["weight_of_records"])
    merged = (
        pl.col(*added_up).sum(),
        pl.col(names["least"]).min(),
        pl.col(names["most"]).max(),
    )
    return Steps(of_records=tuple(of_records), records_merged=merged)
