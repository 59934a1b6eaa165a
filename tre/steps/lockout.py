"""After how many failures an account is locked, and for how long: pure, the clock passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_FAILURES = 5
LOCKED_MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The failures since the last success, and until when no attempt counts."""

    failures: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether even the right password is refused now."""
        return self.locked_until is not None and now < self.locked_until

    def after_failure(self, now: datetime) -> "Attempts":
        """Count a failure; one made while locked neither counts nor makes it longer."""
        if self.is_locked(now):
            return self
        failures = 1 if self.locked_until is not None else self.failures + 1
        if failures < MOST_FAILURES:
            return Attempts(failures=failures)
        return Attempts(failures=failures, locked_until=now + timedelta(minutes=LOCKED_MINUTES))
