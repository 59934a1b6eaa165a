"""The years that a project was granted of each dataset: no event of another year is given.

Rows that describe a person, and happen in no year, are given whole: who somebody is, and what the
Census says of them. What is summed over a pupil's school years is summed over the granted ones.
"""

from collections.abc import Mapping

import polars as pl

from tre.safe_data.linkages import linkages
from tre.safe_data.variable import TableDescription

Years = tuple[int | None, int | None]
"""The first and the last calendar year, both included; None for no limit."""

EVERY_YEAR: Years = (None, None)

PERSONS = frozenset({"patients", "linked"})
"""Tables with a row a person that have a day in them, and happen in no year."""

OF_SCHOOL_YEARS = ("attainment", "absence", "absence_reasons", "exclusions")
"""Tables by school year, which counts as the year in which it begins: 2018/19 is 2018."""

_BY_YEAR = {"referrals": "referral_year"}


def dated_by(table: TableDescription) -> str | None:
    """The column that says when a row of the table happened; None where it is in no year.

    It is the first day that the catalogue lists of the table: an admission counts when it begins.
    """
    if table.name in PERSONS:
        return None
    if table.name in OF_SCHOOL_YEARS:
        return "school_year"
    days = (variable.name for variable in table.variables if variable.type == "date")
    return _BY_YEAR.get(table.name) or next(days, None)


def within(frame: pl.DataFrame, column: str | None, years: Years) -> pl.DataFrame:
    """Keep the rows of these years; where there is a limit, a row without a day is left out.

    column: of days, of calendar years, or of school years as 2018/19; None keeps every row.
    """
    since, until = years
    if column is None or years == EVERY_YEAR:
        return frame
    kept = pl.lit(value=True)
    year = _year(frame, column)
    if since is not None:
        kept &= year >= since
    if until is not None:
        kept &= year <= until
    return frame.filter(kept.fill_null(value=False) & year.is_not_null())


def _year(frame: pl.DataFrame, column: str) -> pl.Expr:
    kind = frame.schema[column]
    if kind in (pl.Date, pl.Datetime):
        return pl.col(column).dt.year()
    if kind == pl.String:
        return pl.col(column).str.slice(0, 4).cast(pl.Int32, strict=False)
    return pl.col(column).cast(pl.Int32)


def years_of(table: str, granted: Mapping[str, Years]) -> Years:
    """The years granted of the dataset that a table is of."""
    for one in linkages():
        if any(table == described.name for described in one.granted()):
            return granted.get(one.id, EVERY_YEAR)
    return granted.get("cris", EVERY_YEAR)
