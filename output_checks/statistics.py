"""The statistics a table may show, as one table of facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from output_checks.errors import DeclarationError, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """How a statistic is made from the evidence.

    value: from the evidence columns. needs_variable: whether it is of something.
    is_whole: whole numbers of people. shows_counts: a reader sees how many are in each cell.
    """

    value: pl.Expr
    needs_variable: bool
    is_whole: bool
    shows_counts: bool


STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        "count": Statistic(
            value=pl.col("units"), needs_variable=False, is_whole=True, shows_counts=True
        ),
        "mean": Statistic(
            value=pl.when(pl.col("records_with_value") > 0).then(
                pl.col("sum") / pl.col("records_with_value")
            ),
            needs_variable=True,
            is_whole=False,
            shows_counts=False,
        ),
        "sum": Statistic(
            value=pl.when(pl.col("records_with_value") > 0).then(pl.col("sum")).otherwise(0.0),
            needs_variable=True,
            is_whole=False,
            shows_counts=False,
        ),
    }
)


def statistic_named(name: str, of: str | None) -> Statistic:
    """Look a statistic up and see that it has a variable where it needs one.

    Raises DeclarationError.
    """
    if name not in STATISTICS:
        raise DeclarationError(unknown("statistic", name, STATISTICS))
    found = STATISTICS[name]
    if found.needs_variable and not of:
        raise DeclarationError(f'statistic "{name}" needs a variable: of="…"')
    if of and not found.needs_variable:
        raise DeclarationError(f'statistic "{name}" takes no variable, but of={of!r} was given')
    return found
