"""Spans of whole years, of which both named days count."""

from datetime import MAXYEAR, date, timedelta


def years_after(day: date, years: int) -> date:
    """Give the same day some years later; 29 February becomes the 28th.

    Nothing lasts beyond the year 9999, after which there are no dates here.
    """
    if day.year + years > MAXYEAR:
        return date.max
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 2, 28)
    return day.replace(year=day.year + years)


def last_day_of(since: date, years: int) -> date:
    """Give the last day of a span of whole years that begins on a day."""
    return years_after(since, years) - timedelta(days=1)
