"""The people and projects of the tests' own little world, as they stand on its first Monday."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tre.safe_people.person import (
    Accreditation,
    AccreditationLevel,
    Passport,
    PassportKind,
    Person,
)
from tre.safe_projects.project import GrantedDataset, Membership, Place, Project, ProjectState
from tre.vocabulary import Role

KINGS = "King's College London"
ONS = "Office for National Statistics"
SLAM = "South London and Maudsley NHS Foundation Trust"

STUDY = "early-onset-psychosis"
ENDED = "covid-pathways"
PRACTICE = "practice-early-onset-psychosis"

_BEGAN = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)


def _person(id_: str, name: str, organisation: str, role: Role, **more: Any) -> Person:
    return Person(
        id=id_,
        name=name,
        organisation=organisation,
        roles=frozenset({role}),
        account_since=_BEGAN,
        second_factor_since=_BEGAN,
        **more,
    )


def _researcher(id_: str, name: str, since: date, passports: tuple[Passport, ...]) -> Person:
    """Full accreditation lasts five years."""
    until = since.replace(year=since.year + 5) - timedelta(days=1)
    accreditation = Accreditation(level=AccreditationLevel.FULL, since=since, until=until)
    return _person(
        id_,
        name,
        KINGS,
        Role.RESEARCHER,
        accreditation=accreditation,
        training_passed=date(2025, 1, 6),
        training_until=date(2030, 1, 5),
        declaration_version="2025-1",
        passports=passports,
    )


PASSPORT = Passport(
    kind=PassportKind.RESEARCH_PASSPORT,
    trust=SLAM,
    since=date(2025, 1, 6),
    until=date(2028, 1, 5),
)

ADA = _researcher("ada", "Ada Mensah", date(2024, 1, 8), (PASSPORT,))
BOLA = _researcher("bola", "Bola Adeyemi", date(2021, 1, 11), ())
CORA = _person("cora", "Cora Lindqvist", ONS, Role.OUTPUT_CHECKER)
DENIZ = _person("deniz", "Deniz Kaya", ONS, Role.OUTPUT_CHECKER)
EMI = _person("emi", "Emi Sato", ONS, Role.OUTPUT_CHECKER)
TESS = _person("tess", "Tess Oduya", KINGS, Role.TRAINER)
FINN = _person("finn", "Finn Walsh", KINGS, Role.RESEARCHER)
MIA = _person("mia", "Mia Castellanos", SLAM, Role.TRE_MANAGER)
LENA = _person("lena", "Lena Fischer", SLAM, Role.DATA_LINKER)
OMAR = _person("omar", "Omar Haddad", ONS, Role.AUDITOR)

PEOPLE = (ADA, BOLA, CORA, DENIZ, EMI, TESS, FINN, MIA, LENA, OMAR)


def _grant(dataset: str, controller: str, variables: tuple[str, ...]) -> GrantedDataset:
    return GrantedDataset(
        dataset=dataset,
        controller=controller,
        variables=variables,
        granted_on=date(2025, 1, 6),
        place=Place.SAFE_ROOM,
        passport_trust=SLAM,
    )


_GRANTS = (
    _grant("cris", SLAM, ("linked.diagnosis_group",)),
    _grant("npd", "Department for Education", ("linked.sex", "linked.ks4_attainment8")),
)


def _project(
    id_: str, title: str, starts: date, ends: date, members: tuple[str, ...], *, practice: bool
) -> Project:
    return Project(
        id=id_,
        title=title,
        summary="How mental health in childhood and school attainment go together.",
        state=ProjectState.ACCREDITED,
        starts=starts,
        ends=ends,
        legal_gateway="Digital Economy Act 2017, section 64",
        ethics_reference="18/SC/0372",
        public_benefit="Schools and services learn when to step in.",
        practice=practice,
        members=tuple(
            Membership(person=person, since=starts, until=ends, lead=person == members[0])
            for person in members
        ),
        datasets=_GRANTS,
    )


PROJECTS = (
    _project(
        STUDY,
        "Early-onset psychosis and attainment",
        date(2025, 1, 6),
        date(2027, 1, 5),
        ("ada", "bola"),
        practice=False,
    ),
    _project(
        ENDED,
        "Clinical and educational pathways before, during and after Covid-19",
        date(2022, 1, 3),
        date(2025, 1, 2),
        ("ada",),
        practice=False,
    ),
    _project(
        PRACTICE,
        "Practice: early-onset psychosis and attainment",
        date(2025, 1, 6),
        date(2027, 1, 5),
        ("tess", "finn"),
        practice=True,
    ),
)
