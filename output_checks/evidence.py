"""What lies behind every cell: one polars pass over the data, by distinct unit.

Contributions are summed exactly, as 128-bit whole numbers, so that no result depends on the
order of rows or the number of threads.
"""

from collections.abc import Sequence
from math import floor, log2

import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import UnreadableDataError
from output_checks.statistics import Statistic

_USUAL_SCALE = 2.0**70
"""Steps per one of the variable's unit: exact for numbers between 1e-5 and 1e16 in absolute sum."""
_ROOM = 2.0**125
_UNIT = "unit of this row"
_NUMBER = "number of this row"

_FROM_RECORDS = (
    pl.len().cast(pl.Int64).alias("records"),
    pl.col(_NUMBER).count().cast(pl.Int64).alias("records_with_value"),
    pl.col("exact").sum().alias("sum"),
    pl.col(_NUMBER).min().alias("least"),
    pl.col(_NUMBER).max().alias("most"),
)
_UNITS_AGAIN = (
    pl.col("records", "records_with_value", "sum").sum(),
    pl.col("least").min(),
    pl.col("most").max(),
)
_HAS = pl.col("records_with_value") > 0
_ABSOLUTE = pl.col("sum").abs().filter(_HAS)
_FROM_UNITS = (
    pl.len().cast(pl.Int64).alias("units"),
    _HAS.sum().cast(pl.Int64).alias("units_with_value"),
    pl.col("records", "records_with_value", "sum").sum(),
    pl.col("least").min(),
    pl.col("most").max(),
    _ABSOLUTE.sum().alias("total_absolute"),
    _ABSOLUTE.top_k(2).alias("two_largest"),
    (_HAS & (pl.col("sum") < 0)).sum().cast(pl.Int64).alias("negative"),
    (_HAS & (pl.col("sum") > 0)).sum().cast(pl.Int64).alias("positive"),
    pl.col("sum").filter(_HAS).min().alias("least_sum"),
    pl.col("sum").filter(_HAS).max().alias("most_sum"),
)
_ADDED = ("units", "units_with_value", "records", "records_with_value", "sum")
_FROM_CELLS = (
    pl.col(*_ADDED, "total_absolute", "negative", "positive").sum(),
    pl.col("least", "least_sum").min(),
    pl.col("most", "most_sum").max(),
    pl.col("two_largest").explode(empty_as_null=True).drop_nulls().top_k(2),
)


def gather(  # noqa: PLR0913
    frame: pl.LazyFrame,
    *,
    keysets: Sequence[tuple[str, ...]],
    unit: str | None,
    of: str | None,
    per: str | None,  # noqa: ARG001
    weight: str | None,  # noqa: ARG001
    statistics: Sequence[Statistic],  # noqa: ARG001
) -> tuple[list[pl.DataFrame], bool]:
    """Evidence for the cells of every set of keys, and whether a unit is in several cells.

    keysets: the finest first, every other one a part of it.
    Returns frames with the columns of a set of keys and the evidence. Sums are in the variable's
    own unit.
    Raises UnreadableDataError for missing units and for infinite values.
    """
    keys = keysets[0]
    people = _people(frame, keys, unit, of, _USUAL_SCALE)
    scale = _scale_for(people)
    if scale != _USUAL_SCALE:
        people = _people(frame, keys, unit, of, scale)
    if people[_UNIT].null_count():
        missing = people.filter(pl.col(_UNIT).is_null())["records"].sum()
        raise UnreadableDataError(
            f'the unit column "{unit}" is missing in {missing:,} rows; whose they are must be '
            f"known: leave them out with where='\"{unit}\" IS NOT NULL'"
        )
    overlaps = unit is not None and people[_UNIT].n_unique() < people.height
    cells = people.group_by(list(keys)).agg(_FROM_UNITS)
    frames = [_cells_of(one, keys, cells, people if overlaps else None) for one in keysets]
    return [_finished(one, scale) for one in frames], overlaps


def _people(
    frame: pl.LazyFrame, keys: Sequence[str], unit: str | None, of: str | None, scale: float
) -> pl.DataFrame:
    """One row per cell and unit."""
    number = (pl.lit(None) if of is None else pl.col(of)).cast(pl.Float64).fill_nan(None)
    exact = (number * scale).round().cast(pl.Int128, strict=False)
    chosen = frame.with_columns(number.alias(_NUMBER), exact.alias("exact"))
    if unit is None:
        chosen = chosen.with_row_index(_UNIT)
    else:
        chosen = chosen.with_columns(pl.col(unit).alias(_UNIT))
    query = chosen.select(*keys, _UNIT, _NUMBER, "exact").group_by(*keys, _UNIT)
    try:
        return query.agg(_FROM_RECORDS).collect()
    except PolarsError as error:
        message = (
            f"the data cannot be read, or an expression does not fit: {str(error).splitlines()[0]}"
        )
        raise UnreadableDataError(message) from error


def _scale_for(people: pl.DataFrame) -> float:
    """The usual scale, or the finest power of two with which no sum can overflow."""
    greatest = people.select(
        pl.max_horizontal(pl.col("least").abs().max(), pl.col("most").abs().max())
    ).item()
    if greatest == float("inf"):
        raise UnreadableDataError(
            "the variable holds infinite values, of which no sum can be judged; make them "
            "missing with derive, or leave them out with where"
        )
    most = float(greatest or 0.0) * max(int(people["records"].sum()), 1)
    return _USUAL_SCALE if most * _USUAL_SCALE < _ROOM else 2.0 ** floor(log2(_ROOM / most))


def _cells_of(
    chosen: tuple[str, ...], keys: Sequence[str], cells: pl.DataFrame, people: pl.DataFrame | None
) -> pl.DataFrame:
    if len(chosen) == len(keys):
        return cells
    if people is None:
        return _grouped(cells, chosen, _FROM_CELLS)
    again = people.group_by(*chosen, _UNIT).agg(_UNITS_AGAIN)
    return _grouped(again, chosen, _FROM_UNITS)


def _grouped(frame: pl.DataFrame, keys: tuple[str, ...], what: tuple[pl.Expr, ...]) -> pl.DataFrame:
    if keys:
        return frame.group_by(list(keys)).agg(what)
    return frame.with_columns(pl.lit(0).alias(_UNIT)).group_by(_UNIT).agg(what).drop(_UNIT)


def _finished(cells: pl.DataFrame, scale: float) -> pl.DataFrame:
    """Whole-number sums back in the variable's unit, and which cells hold one value only."""

    def back(column: pl.Expr) -> pl.Expr:
        return column.cast(pl.Float64) / scale

    # top_k gives the largest in no order
    return (
        cells.with_columns(pl.col("two_largest").list.sort(descending=True))
        .with_columns(
            back(pl.col("sum")),
            back(pl.col("total_absolute")),
            back(pl.col("two_largest").list.get(0, null_on_oob=True)).alias("largest"),
            back(pl.col("two_largest").list.get(1, null_on_oob=True)).alias("second_largest"),
            all_equal=(pl.col("least") == pl.col("most"))
            | (pl.col("least_sum") == pl.col("most_sum")),
        )
        .drop("two_largest", "least_sum", "most_sum", "least", "most")
        .with_columns(
            pl.when(pl.col("records_with_value") > 0)
            .then(pl.col("sum") / pl.col("records_with_value"))
            .alias("value of mean")
        )
        .rename({"sum": "value of sum"})
    )
