"""Which months and which project somebody wants figures of, as it stands in an address."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tre.decision import UnusableRequestError
from tre.vocabulary import ProjectId

MONTHS_AT_FIRST = 12
MOST_MONTHS = 60
"""Five years: a picture of more is not read."""

FIELDS = ("since", "until", "project")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Month:
    """A month of the calendar, in UTC; written as 2026-03."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def words(self) -> str:
        """How a person says it, shortly: Mar 2026."""
        return f"{date(self.year, self.month, 1):%b %Y}"

    @property
    def number(self) -> int:
        """Months since year 0, to count with."""
        return self.year * 12 + self.month - 1


def month_of(moment: datetime) -> Month:
    """Give the month of a moment."""
    return Month(year=moment.year, month=moment.month)


def counted(number: int) -> Month:
    """Give the month of a number as `Month.number` counts it."""
    return Month(year=number // 12, month=number % 12 + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first month to the last, both included; of one project, or of all (None)."""

    since: Month
    until: Month
    project: ProjectId | None = None

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month of it, in order."""
        return tuple(counted(n) for n in range(self.since.number, self.until.number + 1))

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is in it."""
        return self.since <= month_of(moment) <= self.until


def read_period(
    typed: Iterable[tuple[str, str]], *, now: datetime, projects: Collection[ProjectId]
) -> Period:
    """Read what stands in an address; without months, the twelve up to this one.

    Raises UnusableRequestError with everything that is not known or cannot be meant.
    """
    told = [(name, text.strip()) for name, text in typed if text.strip()]
    names = [name for name, _ in told]
    wrong = [f"{name!r} is said twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    wrong += [
        f"there is no field {name[:40]!r}; there are {', '.join(FIELDS)}"
        for name in dict.fromkeys(names)
        if name not in FIELDS
    ]
    given = dict(told)
    project = given.get("project")
    if project is not None and project not in projects:
        listed = ", ".join(projects) or "none, since nothing was asked for yet"
        wrong.append(f"project cannot be {project[:60]!r}; it is one of: {listed}")
    if wrong:
        raise UnusableRequestError("; ".join(wrong))
    return _usable(given, month_of(now), project)


def _usable(given: dict[str, str], this: Month, project: ProjectId | None) -> Period:
    until = _month("until", given["until"]) if "until" in given else None
    since = _month("since", given["since"]) if "since" in given else None
    if until is None:
        until = max(this, since) if since else this
    if since is None:
        since = counted(max(until.number - MONTHS_AT_FIRST + 1, 12))
    if since > until:
        message = f"the first month ({since}) is after the last ({until})"
        raise UnusableRequestError(message)
    if until.number - since.number >= MOST_MONTHS:
        message = f"{since} to {until} are more than {MOST_MONTHS} months; ask for fewer"
        raise UnusableRequestError(message)
    return Period(since=since, until=until, project=project)


def _month(name: str, text: str) -> Month:
    found = re.fullmatch(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])", text, re.ASCII)
    if found is None:
        message = f"{name} is a month like 2026-03, not {text[:20]!r}"
        raise UnusableRequestError(message)
    return Month(year=int(found[1]), month=int(found[2]))
