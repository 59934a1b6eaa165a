"""One day in a small world in which everything holds; tests break one fact at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tests.safe_outputs.requests import a_request
from tests.safe_settings.ingress_requests import an_ingress
from tre.five_safes import Subject
from tre.safe_outputs.release_request import State
from tre.safe_people.person import (
    Accreditation,
    AccreditationLevel,
    Passport,
    PassportKind,
    Person,
)
from tre.safe_projects.project import (
    GrantedDataset,
    Membership,
    Place,
    Project,
    ProjectState,
)
from tre.vocabulary import Role

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
TODAY = NOW.date()
SLAM = "South London and Maudsley NHS Foundation Trust"
KINGS = "King's College London"
ONS = "Office for National Statistics"

FULL = Accreditation(
    level=AccreditationLevel.FULL, since=date(2024, 1, 1), until=date(2028, 12, 31)
)
PROVISIONAL = Accreditation(
    level=AccreditationLevel.PROVISIONAL, since=date(2025, 1, 1), until=date(2027, 12, 31)
)
PASSPORT = Passport(
    kind=PassportKind.RESEARCH_PASSPORT,
    trust=SLAM,
    since=date(2025, 1, 1),
    until=date(2027, 12, 31),
)


def staff(name: str, *roles: Role, **changes: Any) -> Person:
    """Somebody with an account in order, and nothing else."""
    person = Person(
        id=name,
        name=name.title(),
        organisation=ONS,
        roles=frozenset(roles),
        account_since=datetime(2025, 1, 1, tzinfo=UTC),
        second_factor_since=datetime(2025, 1, 1, tzinfo=UTC),
    )
    return replace(person, **changes)


def researcher(name: str = "ada", **changes: Any) -> Person:
    """A full accredited researcher, with everything in date and SLaM's passport."""
    person = staff(
        name,
        Role.RESEARCHER,
        organisation=KINGS,
        accreditation=FULL,
        training_passed=date(2024, 1, 1),
        training_until=date(2028, 12, 31),
        declaration_version="2025-1",
        passports=(PASSPORT,),
    )
    return replace(person, **changes)


def member(person: str, **changes: Any) -> Membership:
    named = Membership(person=person, since=date(2026, 1, 1), until=date(2026, 12, 31))
    return replace(named, **changes)


def dataset(**changes: Any) -> GrantedDataset:
    cris = GrantedDataset(
        dataset="cris",
        controller=SLAM,
        variables=("linked.sex", "linked.group"),
        granted_on=date(2026, 1, 1),
        place=Place.ASSURED_OFFICE,
        passport_trust=SLAM,
    )
    return replace(cris, **changes)


def project(**changes: Any) -> Project:
    psychosis = Project(
        id="psychosis",
        title="Early-onset psychosis and attainment",
        summary="Does early-onset psychosis lower attainment?",
        state=ProjectState.ACCREDITED,
        starts=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        legal_gateway="Digital Economy Act 2017",
        ethics_reference="23/LO/0001",
        public_benefit="Better support at school.",
        practice=False,
        members=(member("ada", lead=True), member("bola")),
        datasets=(dataset(),),
    )
    return replace(psychosis, **changes)


def practice(**changes: Any) -> Project:
    """A practice project: no panel, no grants; the trainee and the trainer are on it."""
    synthetic = project(
        id="practice",
        title="Practice: early-onset psychosis",
        state=ProjectState.APPLIED,
        practice=True,
        members=(member("finn"), member("tess")),
        datasets=(),
    )
    return replace(synthetic, **changes)


def subject(state: State | None = None, **changes: Any) -> Subject:
    """The project in a safe room, with ada's request in a state where one is given."""
    everything = Subject(
        project=project(),
        request=None if state is None else a_request(state=state),
        ingress=an_ingress(),
        place=Place.SAFE_ROOM,
        people={"ada": researcher()},
    )
    return replace(everything, **changes)
