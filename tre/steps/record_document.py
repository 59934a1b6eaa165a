"""Record what somebody has brought: a passed training, a passport or contract of a trust."""

from dataclasses import replace
from datetime import date

from tre.decision import NotThereError, UnusableRequestError
from tre.five_safes import Subject
from tre.safe_data.catalogue import catalogue
from tre.safe_people.accreditation import TRAINING_YEARS
from tre.safe_people.passports import as_known, is_usable_passport
from tre.safe_people.person import Passport
from tre.safe_people.years import last_day_of
from tre.steps.acting import acting, known_person
from tre.steps.telling import News, tell
from tre.steps.texts import usable_line
from tre.steps.tre import Tre
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId


def record_passport(tre: Tre, actor: PersonId, person: PersonId, passport: Passport) -> None:
    """Add a research passport, honorary contract or letter of access to somebody's record.

    A trust of the catalogue is known in whatever capitals it was typed. Raises
    RefusedError for a document whose days or reference cannot be.
    """
    asking = {one.passport_trust for one in catalogue() if one.passport_trust}
    trust = as_known(usable_line(passport.trust, what="name of the trust"), asking)
    reference = usable_line(passport.reference, what="reference") if passport.reference else ""
    passport = replace(passport, trust=trust, reference=reference)
    with acting(tre, actor, Action.RECORD_DOCUMENT) as act:
        act.require(Subject(person=person), is_usable_passport(passport))
        found = known_person(act.connection, person)
        if passport in found.passports:
            message = "this document is recorded already"
            raise UnusableRequestError(message)
        write_person(act.connection, replace(found, passports=(*found.passports, passport)))
        details = {"kind": str(passport.kind), "until": passport.until.isoformat()}
        act.record(details, person=person)
        text = f"Your {passport.kind} of {trust} is recorded, until {passport.until:%d %B %Y}."
        news = News(title="A document of yours is recorded", text=text, path="/me")
        tell(act.tre, act.connection, person, news)


def take_passport_away(
    tre: Tre, actor: PersonId, person: PersonId, *, trust: str, reference: str
) -> None:
    """Take a document out of somebody's record, as when the trust has withdrawn it."""
    with acting(tre, actor, Action.RECORD_DOCUMENT) as act:
        act.require(Subject(person=person))
        found = known_person(act.connection, person)
        kept = tuple(p for p in found.passports if (p.trust, p.reference) != (trust, reference))
        if kept == found.passports:
            message = f"{person!r} has no such document"
            raise NotThereError(message)
        write_person(act.connection, replace(found, passports=kept))
        act.record({"withdrawn": len(found.passports) - len(kept)}, person=person)
        text = f"Your document of {trust} is withdrawn. Ask its research office why."
        news = News(title="A document of yours is withdrawn", text=text, path="/me")
        tell(act.tre, act.connection, person, news)


def record_training(tre: Tre, actor: PersonId, person: PersonId, passed: date) -> date:
    """Record that somebody passed Safe Researcher Training; give the last day on which it counts.

    Raises UnusableRequestError for a day to come, or one from which it counts no more.
    """
    today = tre.now().date()
    until = last_day_of(passed, TRAINING_YEARS)
    if passed > today or until < today:
        message = (
            f"training counts for {TRAINING_YEARS} years from the day it was passed; "
            f"{passed:%d %B %Y} cannot be that day"
        )
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.RECORD_DOCUMENT) as act:
        act.require(Subject(person=person))
        found = known_person(act.connection, person)
        write_person(act.connection, replace(found, training_passed=passed, training_until=until))
        act.record({"kind": "training", "until": until.isoformat()}, person=person)
        text = f"Your Safe Researcher Training is recorded, until {until:%d %B %Y}."
        news = News(title="Your training is recorded", text=text, path="/me")
        tell(act.tre, act.connection, person, news)
    return until
