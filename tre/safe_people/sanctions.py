"""Bans on a person or on the whole of an organisation: how long, and whether in force."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person, Sanction
from tre.vocabulary import PersonId, Safe


class Breach(StrEnum):
    """How grave a breach is."""

    MINOR = "minor breach"
    SERIOUS = "serious breach"
    DELIBERATE = "deliberate breach"
    UNDER_INQUIRY = "under inquiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachLength:
    """How long a sanction for a breach usually lasts; None: until it is lifted."""

    days: int | None
    example: str


USUAL_LENGTHS = {
    Breach.MINOR: BreachLength(days=30, example="left a screen unlocked, or reported late"),
    Breach.SERIOUS: BreachLength(days=182, example="shared an account, or took notes of records"),
    Breach.DELIBERATE: BreachLength(days=1_826, example="tried to find out who somebody is"),
    Breach.UNDER_INQUIRY: BreachLength(days=None, example="access stops until it is known more"),
}
"""ILLUSTRATIVE: the lengths are the simulator's own; an installation writes those of its
agreement with the data's owners here. The TRE manager may name another day each time."""

SANCTIONS = Rule(
    name="sanctions",
    safe=Safe.PEOPLE,
    sentence="No sanction is in force on the person or on their organisation.",
    source="ONS, sanctions for breaches",
)


def is_free_of_sanctions(person: Person, on: date) -> Decision:
    """Refuse once for every sanction that is in force on the day, both named days included."""
    decision = ALLOWED
    for sanction in person.sanctions:
        if is_in_force(sanction, on):
            decision = decision.also(SANCTIONS.refuses(_sentence(person, sanction)))
    return decision


def is_in_force(sanction: Sanction, on: date) -> bool:
    """Whether the day lies in the sanction's time; without an end it lasts until lifted."""
    if sanction.lifted_on is not None and sanction.lifted_on <= on:
        return False
    return sanction.since <= on and (sanction.until is None or on <= sanction.until)


def usual_end(breach: Breach, since: date) -> date | None:
    """Give the last day of a sanction that begins on a day; None: until it is lifted."""
    days = USUAL_LENGTHS[breach].days
    return None if days is None else since + timedelta(days=days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whom a sanction reaches: those it is on, and those who worked under one of them."""

    barred: tuple[PersonId, ...]
    without_supervisor: tuple[PersonId, ...]


def reached_by(
    people: Collection[Person], *, person: PersonId | None, organisation: str | None
) -> Reached:
    """Say whom a sanction on a person or an organisation reaches, by sign-in name."""
    barred = sorted(p.id for p in people if p.id == person or p.organisation == organisation)
    under = sorted(p.id for p in people if p.supervisor in barred and p.id not in barred)
    return Reached(barred=tuple(barred), without_supervisor=tuple(under))


def _sentence(person: Person, sanction: Sanction) -> str:
    """Say who is banned and until when; why an organisation is banned is not its people's."""
    until = f"until {sanction.until:%d %B %Y}" if sanction.until else "until it is lifted"
    if sanction.on_organisation:
        return (
            f"your organisation, {person.organisation}, is barred {until}. Ask your "
            "organisation's contact for the TRE what it must do."
        )
    return (
        f"you are barred {until} ({sanction.reason}). The TRE manager can tell you what must "
        "happen before it is lifted."
    )
