"""Dates: coarser, or moved by a number of days that only the project's key tells."""

import hmac

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.column import Column
from tre.safe_data.pseudonyms import SHORTEST_KEY

_PURPOSE = b"days by which dates are moved\0"


def to_month(column: Column) -> pl.Series:
    """The first day of the month, as a date."""
    column.must_be("a date", pl.Date, pl.Datetime)
    return column.values.cast(pl.Date).dt.month_start()


def to_year(column: Column) -> pl.Series:
    """The calendar year, as an integer."""
    column.must_be("a date", pl.Date, pl.Datetime)
    return column.values.dt.year().cast(pl.Int64)


def shifted(column: Column) -> pl.Series:
    """Every date moved by its person's own number of days; intervals and order stay."""
    column.must_be("a date", pl.Date, pl.Datetime)
    days = column.moves[column.treatment.days]
    name = column.values.name
    both = pl.DataFrame({name: column.values, "_days": days})
    return both.select(pl.col(name) + pl.duration(days="_days"))[name]


def shift_days(people: pl.Series, key: bytes, most: int) -> pl.Series:
    """How many days each person's dates are moved: -most to +most, each as likely.

    The same for a person wherever the key and `most` are the same, so that dates in several
    tables of a project stay in order; another project's key moves them otherwise. Zero is one of
    the numbers: nobody can say of a date that it is not the true one.
    Raises UnusableRequestError for a key of fewer than 16 bytes.
    """
    if len(key) < SHORTEST_KEY:
        message = f"a project's key has at least {SHORTEST_KEY} bytes, not {len(key)}"
        raise UnusableRequestError(message)
    each = people.unique().sort()
    moved = [_days(str(person), key, most) for person in each]
    days = pl.Series(moved, dtype=pl.Int64)
    # Of nobody, polars would keep the type of the people.
    return people.replace_strict(each, days).cast(pl.Int64).alias("days")


def _days(person: str, key: bytes, most: int) -> int:
    digest = hmac.digest(key, _PURPOSE + person.encode(), "sha256")
    return int.from_bytes(digest[:16], "big") % (2 * most + 1) - most
