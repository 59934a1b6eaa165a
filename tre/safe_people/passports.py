"""The documents with which an NHS trust lets an outside researcher use its patients' data."""

from collections.abc import Collection
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person
from tre.vocabulary import Safe

PASSPORT = Rule(
    name="NHS passport",
    safe=Safe.PEOPLE,
    sentence="A research passport, honorary research contract or letter of access of every NHS "
    "trust whose data the project holds is in date.",
    source="founding document; NHS research passport scheme",
)


def holds_passports(person: Person, trusts: Collection[str], on: date) -> Decision:
    """Refuse once for each trust that has not let the person in on the day.

    trusts: the NHS trusts whose data the project holds, as its granted datasets name them.
    """
    decision = ALLOWED
    for trust in sorted(set(trusts)):
        if not _is_let_in(person, trust, on):
            decision = decision.also(PASSPORT.refuses(_sentence(person, trust, on)))
    return decision


def _is_let_in(person: Person, trust: str, on: date) -> bool:
    return any(
        passport.trust == trust and passport.since <= on <= passport.until
        for passport in person.passports
    )


def _sentence(person: Person, trust: str, on: date) -> str:
    ask = (
        f"Ask the research office of {trust} for a research passport, an honorary research "
        "contract or a letter of access, and send it to the TRE manager."
    )
    ended = [p for p in person.passports if p.trust == trust and p.until < on]
    if ended:
        last = max(ended, key=lambda passport: passport.until)
        return f"your {last.kind} of {trust} ran out on {last.until:%d %B %Y}. {ask}"
    return f"this project holds data of {trust}, and no document of theirs lets you in. {ask}"
