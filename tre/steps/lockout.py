"""After how many failures an account is locked, and for how long: pure, the clock passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_FAILURES = 5
LOCKED_MINUTES = 15
"""The first time; each further time twice as long, until somebody signs in."""

LONGEST_LOCK = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The failures since the last success, and until when no attempt counts.

    lockouts: how often the account was locked since the last success.
    """

    failures: int = 0
    locked_until: datetime | None = None
    lockouts: int = 0

    def is_locked(self, now: datetime) -> bool:
        """Whether even the right password is refused now."""
        return self.locked_until is not None and now < self.locked_until

    def after_failure(self, now: datetime) -> "Attempts":
        """Count a failure; one made while locked neither counts nor makes it longer."""
        if self.is_locked(now):
            return self
        failures = 1 if self.locked_until is not None else self.failures + 1
        if failures < MOST_FAILURES:
            return Attempts(failures=failures, lockouts=self.lockouts)
        return Attempts(
            failures=failures,
            locked_until=now + lock_length(self.lockouts),
            lockouts=self.lockouts + 1,
        )


def lock_length(lockouts: int) -> timedelta:
    """Say how long an account is locked that was locked so often before: 15 minutes, 30, 60, ..."""
    # A day is reached with the seventh doubling; more doublings would only make large numbers.
    return min(timedelta(minutes=LOCKED_MINUTES) * 2 ** min(lockouts, 7), LONGEST_LOCK)
