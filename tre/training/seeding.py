"""Turn the demonstration's people and projects into the values that the Five Safes know."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tre.safe_people.person import Accreditation, AccreditationLevel, Passport, Person
from tre.safe_projects.project import GrantedDataset, Membership, Project
from tre.training.demo import (
    DECLARATION_VERSION,
    DemoAccreditation,
    DemoPassport,
    DemoPerson,
    DemoProject,
)

_ACCREDITATION_YEARS = {AccreditationLevel.FULL: 5, AccreditationLevel.PROVISIONAL: 3}
_PASSPORT_YEARS = 3
_TRAINING_YEARS = 5


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


def project_on(demo: DemoProject, today: date) -> Project:
    """Describe a demonstration project as it stands on the day."""
    starts = _before(today, demo.years_ago)
    ends = starts + timedelta(days=round(demo.lasts_years * 365.25))
    # Members stay named after the end, to answer for what was released.
    named_until = ends + timedelta(days=2 * 365)
    return Project(
        id=demo.id,
        title=demo.title,
        summary=demo.summary,
        state=demo.state,
        starts=starts,
        ends=ends,
        legal_gateway=demo.legal_gateway,
        ethics_reference=demo.ethics_reference,
        public_benefit=demo.public_benefit,
        practice=demo.practice,
        members=tuple(
            Membership(person=member, since=starts, until=named_until, lead=member == demo.lead)
            for member in demo.members
        ),
        datasets=tuple(
            GrantedDataset(
                dataset=grant.dataset,
                controller=grant.controller,
                variables=grant.variables,
                granted_on=starts,
                place=demo.place,
                passport_trust=demo.passport_trust,
            )
            for grant in demo.grants
        ),
        meeting=demo.meeting,
        shift_dates=demo.shift_dates,
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
