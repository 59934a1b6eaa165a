"""What evidence is asked for, and the columns it needs under names of their own."""

from dataclasses import dataclass

import polars as pl

from output_checks.evidence.columns import LABEL, NUMBER, PER, UNIT, WEIGHT
from output_checks.expressions import without_minus_zero
from output_checks.statistics import Kind, Statistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The question: sets of keys (the first is the finest), columns and statistics."""

    keysets: tuple[tuple[str, ...], ...]
    unit: str | None
    of: str | None
    per: str | None
    weight: str | None
    statistics: tuple[Statistic, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All the key columns."""
        return self.keysets[0]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of the statistics."""
        return frozenset(one.kind for one in self.statistics)

    def of_kind(self, *kinds: Kind) -> list[Statistic]:
        """The statistics of some kinds."""
        return [one for one in self.statistics if one.kind in kinds]


def lean(frame: pl.LazyFrame, asked: Question) -> pl.LazyFrame:
    """The keys, and the columns NUMBER, LABEL, PER, WEIGHT and UNIT where they are asked for.

    NaN is missing, -0.0 is 0.0, true is 1. NUMBER is there where `of` is one, LABEL for a mode or
    where it is none.
    With a denominator, a record that lacks it or the number has neither.
    """
    schema = frame.collect_schema()
    chosen = [pl.col(name) for name in asked.keys]
    if asked.of is not None and is_number(schema[asked.of]):
        chosen.append(_number(asked.of).alias(NUMBER))
    if asked.of is not None and (Kind.MODE in asked.kinds or not is_number(schema[asked.of])):
        chosen.append(_label(asked.of, schema).alias(LABEL))
    if asked.per is not None:
        chosen.append(_number(asked.per).alias(PER))
    if asked.weight is not None:
        chosen.append(_number(asked.weight).alias(WEIGHT))
    if asked.unit is not None:
        chosen.append(_unit(asked.unit, schema).alias(UNIT))
    if asked.of is None or asked.per is None:
        return frame.select(chosen)
    both = pl.col(NUMBER).is_not_null() & pl.col(PER).is_not_null()
    return frame.select(chosen).with_columns(pl.when(both).then(pl.col(NUMBER, PER)))


def is_number(dtype: pl.DataType) -> bool:
    """Whether sums can be made of it; true counts as 1."""
    return dtype.is_numeric() or dtype == pl.Boolean


def _unit(name: str, schema: pl.Schema) -> pl.Expr:
    """NaN names nobody, like null."""
    return pl.col(name).fill_nan(None) if schema[name].is_float() else pl.col(name)


def _number(name: str) -> pl.Expr:
    return without_minus_zero(pl.col(name).cast(pl.Float64))


def _label(name: str, schema: pl.Schema) -> pl.Expr:
    if schema[name].is_float():
        return without_minus_zero(pl.col(name))
    if isinstance(schema[name], pl.Categorical | pl.Enum):
        return pl.col(name).cast(pl.String)
    return pl.col(name)
