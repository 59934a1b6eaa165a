"""What lets a person work and runs out: what is next, in how many days, and when to remind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tre.safe_people.account import HOURS_WITHOUT_SECOND_FACTOR
from tre.safe_people.accreditation import is_provisional, last_day
from tre.safe_people.declarations import DECLARATIONS, DeclarationVersion
from tre.safe_people.person import Person

REMIND_DAYS = (60, 30, 7)
"""How many days before the last one a reminder goes out (access rules)."""


class Kind(StrEnum):
    """What runs out."""

    SECOND_FACTOR = "second factor"
    ACCREDITATION = "accreditation"
    SUPERVISION = "supervision"
    TRAINING = "training"
    DECLARATION = "declaration"
    PASSPORT = "passport"
    MEMBERSHIP = "membership"
    PROJECT = "project"


NEXT_STEP = {
    Kind.SECOND_FACTOR: ("Switch it on", "/me/second-factor"),
    Kind.ACCREDITATION: ("Renew it", "/me/accreditation"),
    Kind.SUPERVISION: ("Name a supervisor", "/me/supervisor"),
    Kind.TRAINING: (
        "Take Safe Researcher Training again, and send the certificate to the TRE manager",
        "",
    ),
    Kind.DECLARATION: ("Sign the new version", "/me/declaration"),
    Kind.PASSPORT: (
        "Ask the trust's research office to extend it, and send it to the TRE manager",
        "",
    ),
    Kind.MEMBERSHIP: ("Ask the project's lead to extend it", ""),
    Kind.PROJECT: ("Its lead asks the panel for an extension", "/projects"),
}
"""What to do before something runs out, and the page on which it is done ("" for none)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Something that counts up to a last day, that day included."""

    kind: Kind
    what: str
    last_day: date

    def days_left(self, on: date) -> int:
        """How many more days it counts after this one; 0 on the last day, negative after it."""
        return (self.last_day - on).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something of a project with a last day: a membership of it, or the project itself."""

    kind: Kind
    title: str
    last_day: date


def runs_out(
    person: Person,
    on: date,
    *,
    supervisor: Person | None = None,
    of_projects: Collection[Dated] = (),
    versions: tuple[DeclarationVersion, ...] = DECLARATIONS,
) -> tuple[Expiry, ...]:
    """List what runs out for a person, the nearest last day first; what is over is left out."""
    found = [
        *_of_second_factor(person),
        *_of_accreditation(person),
        *_of_supervision(person, on, supervisor),
        *_of_training(person),
        *_of_declaration(person, versions),
        *_of_passports(person),
        *(Expiry(kind=d.kind, what=d.title, last_day=d.last_day) for d in of_projects),
    ]
    return tuple(
        sorted(
            (each for each in found if each.days_left(on) >= 0),
            key=lambda each: (each.last_day, each.kind, each.what),
        )
    )


def reminder_due(expiry: Expiry, on: date) -> int | None:
    """Give the reminder that is due: the smallest of REMIND_DAYS that the days left have reached.

    None where it is too early, or over. A day on which nobody was reminded is made good on the
    next one; what was missed before the reminder that is due now is not sent any more.
    """
    left = expiry.days_left(on)
    reached = [days for days in REMIND_DAYS if 0 <= left <= days]
    return min(reached, default=None)


def reminder_words(expiry: Expiry, on: date) -> str:
    """Say what runs out, when, and what to do."""
    left = expiry.days_left(on)
    when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
    todo, _ = NEXT_STEP[expiry.kind]
    return f"{expiry.what} ends {when}, on {expiry.last_day:%d %B %Y}. {todo}."


def _of_second_factor(person: Person) -> list[Expiry]:
    """Tell a new account how long it may be without one."""
    if person.second_factor_since is not None:
        return []
    what = "The time in which you switch on a second factor"
    last = person.account_since + timedelta(hours=HOURS_WITHOUT_SECOND_FACTOR)
    return [Expiry(kind=Kind.SECOND_FACTOR, what=what, last_day=last.date())]


def _of_accreditation(person: Person) -> list[Expiry]:
    held = person.accreditation_after or person.accreditation
    if held is None:
        return []
    what = f"Your {held.level} accreditation"
    return [Expiry(kind=Kind.ACCREDITATION, what=what, last_day=last_day(held))]


def _of_supervision(person: Person, on: date, supervisor: Person | None) -> list[Expiry]:
    if supervisor is None or not is_provisional(person, on):
        return []
    held = supervisor.accreditation_after or supervisor.accreditation
    if held is None:
        return []
    what = f"The time for which {supervisor.name} can supervise you"
    return [Expiry(kind=Kind.SUPERVISION, what=what, last_day=last_day(held))]


def _of_training(person: Person) -> list[Expiry]:
    if person.training_until is None:
        return []
    what = "Your Safe Researcher Training"
    return [Expiry(kind=Kind.TRAINING, what=what, last_day=person.training_until)]


def _of_declaration(person: Person, versions: tuple[DeclarationVersion, ...]) -> list[Expiry]:
    """Tell of a later version that is still to come into force."""
    signed = next((v for v in versions if v.version == person.declaration_version), None)
    if signed is None:
        return []
    later = [v for v in versions if v.since > signed.since]
    if not later:
        return []
    what = f"The declaration that you signed (version {signed.version})"
    last = min(v.since for v in later) - timedelta(days=1)
    return [Expiry(kind=Kind.DECLARATION, what=what, last_day=last)]


def _of_passports(person: Person) -> list[Expiry]:
    """Tell of the last document of each trust."""
    last: dict[str, Expiry] = {}
    for passport in person.passports:
        what = f"Your {passport.kind} of {passport.trust}"
        found = Expiry(kind=Kind.PASSPORT, what=what, last_day=passport.until)
        known = last.get(passport.trust)
        if known is None or found.last_day > known.last_day:
            last[passport.trust] = found
    return list(last.values())
