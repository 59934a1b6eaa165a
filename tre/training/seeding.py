"""Turn the demonstration's people and practice project into values that the Five Safes know."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tre.safe_people.person import Accreditation, AccreditationLevel, Passport, Person
from tre.safe_projects.project import Membership, Place, Project, ProjectState
from tre.training.demo import (
    DECLARATION_VERSION,
    PRACTICE,
    TRAINEE,
    TRAINER,
    DemoAccreditation,
    DemoPassport,
    DemoPerson,
)

_ACCREDITATION_YEARS = {AccreditationLevel.FULL: 5, AccreditationLevel.PROVISIONAL: 3}
_PASSPORT_YEARS = 3
_TRAINING_YEARS = 5
_PRACTICE_YEARS = 5


def person_on(demo: DemoPerson, today: date) -> Person:
    """Describe a demonstration person as they stand on the day."""
    accredited = demo.accreditation
    # Training is taken before accreditation and renewed: it is in date even where that is not.
    trained = today - timedelta(days=500) if accredited else None
    return Person(
        id=demo.id,
        name=demo.name,
        organisation=demo.organisation,
        roles=frozenset({demo.role}),
        account_since=_midnight(today - timedelta(days=520)),
        second_factor_since=_midnight(today - timedelta(days=520)),
        accreditation=_accreditation(accredited, today) if accredited else None,
        training_passed=trained,
        training_until=_years_after(trained, _TRAINING_YEARS) if trained else None,
        declaration_version=DECLARATION_VERSION if accredited else None,
        passports=(_passport(demo.passport, today),) if demo.passport else (),
        email=f"{demo.id}@example.org",
    )


def newcomer_on(demo: DemoPerson, now: datetime) -> Person:
    """Describe somebody who gets an account and, where accredited, training only now."""
    today = now.date()
    known = person_on(demo, today)
    return replace(
        known,
        account_since=now,
        second_factor_since=now,
        training_passed=today if demo.accreditation else None,
        training_until=_years_after(today, _TRAINING_YEARS) if demo.accreditation else None,
    )


def practice_on(study: Project, today: date) -> Project:
    """Describe the practice project as it stands on the day: the study, on invented people.

    Nobody needs accreditation or a passport for it, and it is used anywhere.
    """
    ends = _years_after(today, _PRACTICE_YEARS)
    return Project(
        id=PRACTICE,
        title=f"Practice: {study.title[0].lower()}{study.title[1:]}",
        summary=(
            "The same study on a synthetic twin of its extract: nobody in it exists, and nobody "
            "needs accreditation to learn here."
        ),
        state=ProjectState.ACCREDITED,
        starts=today,
        ends=ends,
        legal_gateway="None needed: the data are synthetic",
        ethics_reference="None needed: the data are synthetic",
        public_benefit="Researchers who know output checking before they meet real data.",
        practice=True,
        members=(
            Membership(person=TRAINER, since=today, until=ends, lead=True),
            Membership(person=TRAINEE, since=today, until=ends),
        ),
        datasets=tuple(
            replace(granted, place=Place.ASSURED_HOME, passport_trust=None)
            for granted in study.datasets
        ),
    )


def _accreditation(demo: DemoAccreditation, today: date) -> Accreditation:
    since = _before(today, demo.years_ago)
    until = _years_after(since, _ACCREDITATION_YEARS[demo.level])
    return Accreditation(level=demo.level, since=since, until=until)


def _passport(demo: DemoPassport, today: date) -> Passport:
    since = _before(today, demo.years_ago)
    until = _years_after(since, _PASSPORT_YEARS)
    return Passport(kind=demo.kind, trust=demo.trust, since=since, until=until)


def _before(today: date, years: float) -> date:
    return today - timedelta(days=round(years * 365.25))


def _years_after(day: date, years: int) -> date:
    """The last day of a span of whole years; 29 February ends on the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last) - timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
