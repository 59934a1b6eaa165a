"""A request's age against the service level, in working days (Monday to Friday)."""

from datetime import date, datetime, timedelta

SERVICE_LEVEL_WORKING_DAYS = 5
"""Within how many working days checkers answer."""

_WORKING_DAYS_A_WEEK = 5


def age_in_working_days(submitted: datetime, now: datetime) -> int:
    """Count the working days that began after the day of submission, up to today.

    Submitted on a Friday, the next Monday is day 1. Bank holidays count as working days.
    A `now` before the submission gives 0.
    """
    return working_days_between(submitted.date(), now.date())


def working_days_between(first: date, last: date) -> int:
    """Count the Mondays to Fridays after the first day, up to and including the last."""
    days = max((last - first).days, 0)
    weeks, rest = divmod(days, 7)
    more = sum(
        (first + timedelta(days=day)).weekday() < _WORKING_DAYS_A_WEEK for day in range(1, rest + 1)
    )
    return weeks * _WORKING_DAYS_A_WEEK + more


def due_on(submitted: datetime) -> date:
    """Give the last day on which the answer is within the service level."""
    day, left = submitted.date(), SERVICE_LEVEL_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _WORKING_DAYS_A_WEEK
    return day


def is_late(submitted: datetime, now: datetime) -> bool:
    """Whether the service level has passed."""
    return age_in_working_days(submitted, now) > SERVICE_LEVEL_WORKING_DAYS
