"""What an attack is, who makes it, what should hold it, and what can come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tre.attack.families import Family

if TYPE_CHECKING:
    from tre.attack.target import Target


class Outcome(StrEnum):
    """What came of an attack. Not run: it could not be tried, so nothing is known."""

    HELD = "held"
    IN_PART = "held in part"
    OPEN = "open"
    NOT_RUN = "not run"


class Attacker(StrEnum):
    """Who makes an attack."""

    CODE = "a researcher's code in a sealed kernel"
    BROWSER = "a hostile browser"
    COLLEAGUE = "a hostile colleague on the project"
    PAGE = "a hostile page elsewhere"
    FILE = "a hostile file"


class Holder(StrEnum):
    """Which part of the environment should hold an attack."""

    KERNEL = "kernel"
    SERVER = "server"
    HUB = "hub"
    DESK = "desk"
    POLICY = "policy"


class CannotAttackError(Exception):
    """An attack could not be tried: its control failed, or something it needs is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one attack, and the evidence for it in a sentence."""

    outcome: Outcome
    evidence: str


def held(evidence: str) -> Seen:
    """The attack was refused, and it was seen how."""
    return Seen(outcome=Outcome.HELD, evidence=evidence)


def held_in_part(evidence: str) -> Seen:
    """Something of it succeeded; the evidence says what, and what limits it."""
    return Seen(outcome=Outcome.IN_PART, evidence=evidence)


def is_open(evidence: str) -> Seen:
    """The attack succeeded."""
    return Seen(outcome=Outcome.OPEN, evidence=evidence)


def not_run(evidence: str) -> Seen:
    """Nothing was learnt; the evidence says why."""
    return Seen(outcome=Outcome.NOT_RUN, evidence=evidence)


def name_of(function: Callable[..., object]) -> str:
    """A function's own name, by which it is called in a kernel and spoken of in evidence."""
    return str(getattr(function, "__name__", function))


Run = Callable[["Target"], Seen]
"""Makes an attack; raises CannotAttackError where it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack.

    id: short and stable, for `--only`. title: a few words. tries: one sentence.
    run: makes it, with a control of the same kind that must succeed.
    expected: what should come of it on a world that is set up as documented.
    because: for what is held in part, why no more can be had; "" otherwise.
    """

    id: str
    family: Family
    title: str
    tries: str
    attacker: Attacker
    holder: Holder
    run: Run
    expected: Outcome = Outcome.HELD
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One attack and what came of it, with how long it took."""

    attack: Attack
    seen: Seen
    seconds: float
