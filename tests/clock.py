"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When every test begins: a Monday morning."""


class FakeClock:
    """Call it for the time; `move` it on by days, hours, minutes or seconds."""

    def __init__(self, at: datetime = MONDAY):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        """Go on (or back, with a negative number)."""
        self.at += timedelta(**by)
