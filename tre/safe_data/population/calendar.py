"""Days, ages and school years, for whole arrays of people.

A day is a whole number of days since 1 January 1970. A school year is named by the calendar year
in which it begins, on 1 September: 2018 is 2018/19.
"""

from datetime import date

import numpy as np
import polars as pl

from tre.decision import UnusableRequestError

FEWEST_PEOPLE, MOST_PEOPLE = 1_000, 3_000_000
FIRST_SCHOOL_YEAR, LAST_SCHOOL_YEAR = 2007, 2024
YEAR_GROUPS = range(12)
KS1_YEAR_GROUP, KS2_YEAR_GROUP, KS4_YEAR_GROUP = 2, 6, 11


def day(year: int, month: int = 1, of_month: int = 1) -> int:
    """The day with this date."""
    return (date(year, month, of_month) - date(1970, 1, 1)).days


FIRST_DAY, LAST_DAY = day(2007, 9, 1), day(2025, 8, 31)
"""Of what the registers hold: the first school year on record begins, the last one ends."""


def years(days: np.ndarray) -> np.ndarray:
    """The calendar year of each day."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def months(days: np.ndarray) -> np.ndarray:
    """The month of each day, 1 to 12."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1


def days_of_month(days: np.ndarray) -> np.ndarray:
    """The day of the month, 1 to 31."""
    whole = days.astype("datetime64[D]")
    return (whole - whole.astype("datetime64[M]")).astype(np.int64) + 1


def from_parts(year: np.ndarray, month: np.ndarray, of_month: np.ndarray) -> np.ndarray:
    """The day with this year, month and day of the month; a 31 April becomes 1 May."""
    start = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]")
    return start.astype(np.int64) + of_month - 1


def ages(born: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Age in whole years on a day; negative before birth."""
    had_birthday = months(on) * 32 + days_of_month(on) >= months(born) * 32 + days_of_month(born)
    return years(on) - years(born) - ~had_birthday


def birth_cohort(born: np.ndarray) -> np.ndarray:
    """The school year in which a child born on this day is in Reception (year group 0)."""
    return years(born) + 4 + (months(born) >= 9)


def school_year_of(days: np.ndarray) -> np.ndarray:
    """The school year in which a day lies; August still belongs to the one before."""
    return years(days) - (months(days) < 9)


def school_year_name(first: int) -> str:
    """2018 becomes 2018/19."""
    return f"{first}/{(first + 1) % 100:02d}"


def school_year_names(first: np.ndarray) -> pl.Series:
    """The same of each school year on record."""
    names = [school_year_name(year) for year in range(FIRST_SCHOOL_YEAR, LAST_SCHOOL_YEAR + 1)]
    return pl.Series(names).gather(first - FIRST_SCHOOL_YEAR)


def require_people(people: int) -> None:
    """Refuse a world too small to learn a linkage from, or too large for the simulator."""
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        message = f"a world has from {FEWEST_PEOPLE:,} to {MOST_PEOPLE:,} people, not {people:,}"
        raise UnusableRequestError(message)
