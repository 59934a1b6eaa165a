"""The documents with which an NHS trust lets an outside researcher use its patients' data."""

from collections.abc import Collection, Iterable
from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Passport, Person
from tre.safe_people.years import last_day_of
from tre.vocabulary import Safe

LONGEST_YEARS = 3
"""How long a document can be good for (NHS research passport scheme)."""

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


def as_known(trust: str, known: Iterable[str]) -> str:
    """Spell a trust's name as datasets do, where it is one of theirs but for capitals and spaces.

    known: the trusts whose documents datasets ask for. A name that is none of these stays.
    """
    typed = _plain(trust)
    return next((name for name in sorted(known) if _plain(name) == typed), trust)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _is_let_in(person: Person, trust: str, on: date) -> bool:
    return any(
        passport.trust == trust and passport.since <= on <= passport.until
        for passport in person.passports
    )


def is_usable_passport(passport: Passport) -> Decision:
    """Ask a document that is recorded for its days, its reference and a length it can have."""
    decision = ALLOWED
    if passport.until < passport.since:
        decision = decision.also(
            PASSPORT.refuses("the document ends before it begins. Read its dates again.")
        )
    elif passport.until > last_day_of(passport.since, LONGEST_YEARS):
        decision = decision.also(
            PASSPORT.refuses(
                f"a document of a trust lasts {LONGEST_YEARS} years or the length of a project, "
                f"and at most {LONGEST_YEARS} years at a time. Name an earlier last day."
            )
        )
    if not passport.reference.strip():
        decision = decision.also(
            PASSPORT.refuses("the document's reference is missing. It stands on the document.")
        )
    return decision


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
