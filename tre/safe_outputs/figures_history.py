"""What happened to requests, event by event, and how long each one stood where."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tre.safe_outputs.release_request import State, VoteChoice
from tre.safe_outputs.return_reasons import NOT_SAID
from tre.safe_outputs.states import OWNERS, TRANSITIONS, Event, Owner
from tre.safe_outputs.working_days import (
    SERVICE_LEVEL_WORKING_DAYS,
    age_in_working_days,
    working_days_between,
)
from tre.vocabulary import Action, PersonId, ProjectId, RequestId

CREATED = str(Action.CREATE_REQUEST)
VOTED = str(Action.VOTE)
REVIEWED = str(Action.SUBMIT_REVIEW)
TAGS = {
    event: next(way.tag for (_, of), way in TRANSITIONS.items() if of is event) for event in Event
}
"""The ledger's tag of each event that moves a request."""

ANSWERS = frozenset({TAGS[Event.RETURN], TAGS[Event.REJECT], TAGS[Event.APPROVE]})
"""What takes a request out of the reviewers' hands."""

EVERY_TAG = (CREATED, VOTED, *dict.fromkeys(TAGS.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the ledger about a request, in the ledger's order.

    state: the one that it led to; None for a vote. file, choice: of a vote. because: of a return.
    """

    request: RequestId
    project: ProjectId
    at: datetime
    actor: PersonId
    tag: str
    turn: int
    state: State | None = None
    file: int | None = None
    choice: VoteChoice | None = None
    because: str = NOT_SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A request stood in a state; until is None where it still does."""

    request: RequestId
    state: State
    since: datetime
    until: datetime | None

    @property
    def working_days(self) -> int:
        """How long, once it is over: the working days that began meanwhile."""
        return working_days_between(self.since.date(), self.until.date()) if self.until else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A request waited for an answer from being submitted on; answered is None where it waits."""

    submitted: datetime
    answered: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the answer came after the service level's last day, or has not by now."""
        age = age_in_working_days(self.submitted, self.answered or now)
        return age > SERVICE_LEVEL_WORKING_DAYS


def by_request(happenings: Iterable[Happening]) -> dict[RequestId, list[Happening]]:
    """Sort what happened by the request, each in the order in which it was given."""
    found: defaultdict[RequestId, list[Happening]] = defaultdict(list)
    for one in happenings:
        found[one.request].append(one)
    return dict(found)


def stays(happenings: Sequence[Happening]) -> tuple[Stay, ...]:
    """Give every stay in a state that is somebody's, of the author, the reviewers or the system.

    What leads from a state into the same one, such as a release that fails again, is one stay.
    """
    found: list[Stay] = []
    for own in by_request(happenings).values():
        moves = [one for one in own if one.state is not None]
        starts = [m for m, before in zip(moves, [None, *moves], strict=False) if _moved(m, before)]
        ends = [*(one.at for one in starts[1:]), None]
        found += [
            Stay(request=start.request, state=start.state, since=start.at, until=end)
            for start, end in zip(starts, ends, strict=True)
            if start.state is not None and OWNERS[start.state] is not Owner.NOBODY
        ]
    return tuple(found)


def waits(happenings: Sequence[Happening]) -> tuple[Wait, ...]:
    """Give every wait for an answer: one for each time that a request was submitted."""
    found: list[Wait] = []
    for own in by_request(happenings).values():
        for place, one in enumerate(own):
            if one.tag == TAGS[Event.SUBMIT]:
                later = (other.at for other in own[place:] if other.tag in ANSWERS)
                found.append(Wait(submitted=one.at, answered=next(later, None)))
    return tuple(found)


def _moved(one: Happening, before: Happening | None) -> bool:
    return before is None or before.state is not one.state
