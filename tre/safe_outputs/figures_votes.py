"""What two checkers answered on the same output, blind to each other, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tre.safe_outputs.figures_history import ANSWERS, REVIEWED, VOTED, Happening, by_request
from tre.safe_outputs.release_request import VoteChoice
from tre.safe_outputs.votes import CHECKERS_NEEDED
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the automatic check said of a file. rules: those that found something, each once."""

    verdict: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The first two answers on one output, given before either checker saw the other's.

    at: when the second review came in, with which the two saw each other's answers.
    """

    file: int
    at: datetime
    checkers: tuple[PersonId, PersonId]
    differed: bool


class Outcome(StrEnum):
    """What the votes on an output came to when its request was decided."""

    APPROVED = "approved"
    CHANGES = "changes requested"
    NOT_AGREED = "not agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What two or more checkers held of an output when its request was last decided."""

    file: int
    at: datetime
    outcome: Outcome


_Answer = tuple[VoteChoice, int]


@dataclass(slots=True)
class _Review:
    """A request's votes as they stand while its history is read.

    latest: each checker's latest vote on each file, with its turn. given: the answers that the
    reviewers of each turn had given when they submitted their review, in the order of reviews.
    """

    latest: dict[tuple[int, PersonId], _Answer] = field(default_factory=dict)
    given: dict[int, dict[PersonId, dict[int, VoteChoice]]] = field(default_factory=dict)

    def vote(self, one: Happening) -> None:
        if one.file is not None and one.choice is not None:
            self.latest[one.file, one.actor] = (one.choice, one.turn)

    def review(self, one: Happening) -> bool:
        """Keep what a reviewer answered; whether theirs is the second review of the turn."""
        of_turn = self.given.setdefault(one.turn, {})
        if one.actor in of_turn:
            return False
        of_turn[one.actor] = {
            file: choice
            for (file, who), (choice, turn) in self.latest.items()
            if who == one.actor and turn == one.turn and choice is not VoteChoice.UNDECIDED
        }
        return len(of_turn) == CHECKERS_NEEDED

    def in_force(self, turn: int) -> dict[int, list[VoteChoice]]:
        """The answers on each file that count: of this turn, and approvals from before."""
        found: dict[int, list[VoteChoice]] = {}
        for (file, _), (choice, given) in self.latest.items():
            counts = given == turn or choice is VoteChoice.APPROVED
            if counts and choice is not VoteChoice.UNDECIDED:
                found.setdefault(file, []).append(choice)
        return found


def compared(happenings: Sequence[Happening]) -> tuple[Compared, ...]:
    """Compare the first two answers on every output, each output once.

    Only answers of the same turn, as they stood when each checker submitted their review: both
    were blind. Turns with a single review are not in it, and nobody learns one answer from it.
    """
    found: dict[int, Compared] = {}
    for own in by_request(happenings).values():
        for one, seen in _read(own):
            if one.tag == REVIEWED:
                for each in _two(one, seen):
                    found.setdefault(each.file, each)
    return tuple(found.values())


def _two(one: Happening, seen: _Review) -> Iterable[Compared]:
    (first, answers), (second, others) = seen.given[one.turn].items()
    low, high = sorted((first, second))
    for file in answers.keys() & others.keys():
        yield Compared(
            file=file, at=one.at, checkers=(low, high), differed=answers[file] != others[file]
        )


def decided(happenings: Sequence[Happening]) -> tuple[Decided, ...]:
    """Say what the checkers held of every output when its request was last decided.

    A return before two reviews were in decides nothing about its outputs.
    """
    found: dict[int, Decided] = {}
    for own in by_request(happenings).values():
        for one, seen in _read(own):
            if one.tag in ANSWERS and len(seen.given.get(one.turn, {})) >= CHECKERS_NEEDED:
                for file, choices in seen.in_force(one.turn).items():
                    if len(choices) >= CHECKERS_NEEDED:
                        found[file] = Decided(file=file, at=one.at, outcome=_outcome(choices))
    return tuple(found.values())


def _read(own: Sequence[Happening]) -> Iterable[tuple[Happening, _Review]]:
    """Go through one request's history: each event with the votes as they stand after it.

    Of the reviews only the second of each turn is an event.
    """
    seen = _Review()
    for one in own:
        if one.tag == VOTED:
            seen.vote(one)
        elif one.tag == REVIEWED:
            is_second = seen.review(one)
            if not is_second:
                continue
        yield one, seen


def _outcome(choices: Iterable[VoteChoice]) -> Outcome:
    different = set(choices)
    if different == {VoteChoice.APPROVED}:
        return Outcome.APPROVED
    return Outcome.CHANGES if different == {VoteChoice.CHANGES_REQUESTED} else Outcome.NOT_AGREED


Checks = Mapping[int, Checked]
"""The automatic check of each file, by the file's number."""
