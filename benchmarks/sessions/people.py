"""The benchmark's own people, their project and its extract, recorded by the steps."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from tre.config import Config
from tre.safe_data.extracts.manifest import Column, ExtractTable, Manifest
from tre.safe_people.person import Accreditation, AccreditationLevel, Passport, PassportKind, Person
from tre.safe_projects.project import GrantedDataset, Membership, Place, Project, ProjectState
from tre.steps.extracts import extract_of
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.second_factor import new_secret
from tre.steps.tre import SYSTEM, open_tre
from tre.training.accounts import new_password
from tre.training.demo_kinds import DECLARATION_VERSION, DFE, KINGS, SLAM
from tre.vocabulary import PersonId, ProjectId, Role

PROJECT: ProjectId = "measured-study"
RECORDS = 100_000
Columns = Mapping[str, tuple[str, str]]
"""By name, the type of a column and what it means; the first is the unit."""

_DIAGNOSES = ("F20-F29", "F30-F39", "F40-F48", "F80-F89", "F90-F98", "none")
_COLUMNS = {
    "person_id": ("string", "The project's own pseudonym of a person."),
    "sex": ("string", "As the school census records it."),
    "diagnosis": ("string", "First diagnosis, by ICD-10 block."),
    "year": ("number", "Academic year."),
    "attainment": ("number", "Attainment 8, 0 to 90."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Who can sign in: one password, and each person's secret for one-time codes.

    extract: the folder of the data that they all work on.
    """

    password: str
    secrets: dict[PersonId, str]
    extract: Path


def record_people(config: Config, people: int) -> Accounts:
    """Record so many accredited researchers and the one project of which all are members."""
    password, today = new_password(), datetime.now(UTC).date()
    secrets = {f"person-{number:02}": new_secret() for number in range(1, people + 1)}
    tre = open_tre(config)
    try:
        for person, secret in secrets.items():
            record_person(tre, SYSTEM, researcher(person, today), password, secret)
        record_project(tre, SYSTEM, study(PROJECT, tuple(secrets), _COLUMNS, today))
        write_extract(tre.folders.extracts(PROJECT), PROJECT, _records(), _COLUMNS, today)
        extract = extract_of(tre, PROJECT)
        assert extract is not None
    finally:
        tre.close()
    return Accounts(password=password, secrets=secrets, extract=extract)


def researcher(person: PersonId, today: date) -> Person:
    """Somebody whom nothing keeps from a project's data."""
    since, until = today - timedelta(days=100), today + timedelta(days=1000)
    began = datetime.combine(since, datetime.min.time(), UTC)
    passport = Passport(kind=PassportKind.RESEARCH_PASSPORT, trust=SLAM, since=since, until=until)
    full = Accreditation(level=AccreditationLevel.FULL, since=since, until=until)
    return Person(
        id=person,
        name=person,
        organisation=KINGS,
        roles=frozenset({Role.RESEARCHER}),
        account_since=began,
        second_factor_since=began,
        accreditation=full,
        training_passed=since,
        training_until=until,
        declaration_version=DECLARATION_VERSION,
        passports=(passport,),
    )


def study(project: ProjectId, people: Sequence[PersonId], columns: Columns, today: date) -> Project:
    """A project that has begun, of which all these people are members, with all these columns."""
    starts, ends = today - timedelta(days=100), today + timedelta(days=100)
    granted = GrantedDataset(
        dataset="npd",
        controller=DFE,
        variables=tuple(f"linked.{name}" for name in list(columns)[1:]),
        granted_on=starts,
        place=Place.SAFE_ROOM,
        passport_trust=SLAM,
    )
    return Project(
        id=project,
        title=f"What {project} asks",
        summary="Opened by the benchmark, on invented records.",
        state=ProjectState.ACCREDITED,
        starts=starts,
        ends=ends,
        legal_gateway="Digital Economy Act 2017, section 64",
        ethics_reference="none: invented records",
        public_benefit="Whoever runs an environment knows what it needs.",
        practice=False,
        members=tuple(
            Membership(person=person, since=starts, until=ends, lead=person == people[0])
            for person in people
        ),
        datasets=(granted,),
    )


def write_extract(
    folder: Path, project: ProjectId, frame: pl.DataFrame, columns: Columns, today: date
) -> None:
    """Write records as the current version of a project's extract, with the manifest of one."""
    version = folder / f"{today}-1"
    version.mkdir(parents=True)
    file = version / "linked.parquet"
    frame.write_parquet(file)
    table = ExtractTable(
        name="linked",
        description="Invented records.",
        file=file.name,
        rows=len(frame),
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        columns=tuple(
            Column(name=name, type=kind, description=said, codes=(), source="invented")
            for name, (kind, said) in columns.items()
        ),
    )
    manifest = Manifest(
        project=project,
        version=version.name,
        made_on=today,
        unit="person_id",
        policy="srs",
        synthetic=False,
        sources=(),
        place="ONS Secure Research Service",
        people=frame["person_id"].n_unique(),
        variables=tuple(f"linked.{name}" for name in frame.columns),
        tables=(table,),
    )
    (version / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    (folder / "current").write_text(f"{version.name}\n", encoding="utf-8")


def _records() -> pl.DataFrame:
    chance = random.Random(2026)  # noqa: S311 - invented records
    people = [f"{chance.getrandbits(64):016x}" for _ in range(RECORDS // 4)]
    return pl.DataFrame(
        {
            "person_id": people * 4,
            "sex": chance.choices(("Female", "Male"), k=RECORDS),
            "diagnosis": chance.choices(_DIAGNOSES, k=RECORDS),
            "year": [2015 + at // len(people) for at in range(RECORDS)],
            "attainment": [round(chance.uniform(0, 90), 1) for _ in range(RECORDS)],
        }
    )
