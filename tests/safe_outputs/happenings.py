"""Histories of requests as lists of happenings, for the tests of the managers' figures."""

from datetime import UTC, datetime
from typing import Any

from tre.safe_outputs.figure import Figure
from tre.safe_outputs.figures import Asked, figures
from tre.safe_outputs.figures_history import CREATED, REVIEWED, TAGS, VOTED, Happening
from tre.safe_outputs.figures_period import Month, Period
from tre.safe_outputs.release_request import State, VoteChoice
from tre.safe_outputs.states import Event

YES, NO, OPEN = VoteChoice.APPROVED, VoteChoice.CHANGES_REQUESTED, VoteChoice.UNDECIDED
NOW = datetime(2026, 4, 10, 12, tzinfo=UTC)
PERIOD = Period(since=Month(year=2026, month=3), until=Month(year=2026, month=4))


def at(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def happened(
    tag: str, when: datetime, state: State | None = None, who: str = "ada", **more: Any
) -> Happening:
    told: dict[str, Any] = {"request": 1, "project": "psychosis", "turn": 1} | more
    return Happening(at=when, actor=who, tag=tag, state=state, **told)


def created(when: datetime, **more: Any) -> Happening:
    return happened(CREATED, when, State.DRAFT, **more)


def submitted(when: datetime, **more: Any) -> Happening:
    return happened(TAGS[Event.SUBMIT], when, State.SUBMITTED, **more)


def voted(when: datetime, who: str, choice: VoteChoice, **more: Any) -> Happening:
    return happened(VOTED, when, who=who, choice=choice, file=more.pop("file", 7), **more)


def reviewed(when: datetime, who: str, state: State, **more: Any) -> Happening:
    return happened(REVIEWED, when, state, who, **more)


def returned(when: datetime, **more: Any) -> Happening:
    return happened(TAGS[Event.RETURN], when, State.RETURNED, "cora", **more)


def approved(when: datetime, **more: Any) -> Happening:
    return happened(TAGS[Event.APPROVE], when, State.APPROVED, "cora", **more)


def two_reviews(when: datetime, first: VoteChoice, second: VoteChoice, **more: Any):
    """Cora answers and submits, then Deniz."""
    turn = {name: value for name, value in more.items() if name != "file"}
    return (
        voted(when, "cora", first, **more),
        reviewed(when, "cora", State.PARTIALLY_REVIEWED, **turn),
        voted(when, "deniz", second, **more),
        reviewed(when, "deniz", State.REVIEWED, **turn),
    )


def made(*happenings: Happening, **more: Any) -> dict[str, Figure]:
    told: dict[str, Any] = {"checks": {}, "period": PERIOD, "now": NOW} | more
    return {one.name: one for one in figures(Asked(happenings=happenings, **told))}


def table(figure: Figure) -> dict[str, dict[str, Any]]:
    """By row and column, what is not 0 and not nothing."""
    return {
        row.label: {
            column: value
            for column, value in zip(figure.columns, (*row.values, *row.more), strict=True)
            if value
        }
        for row in figure.rows
    }
