"""The benchmark's own world: researchers, checkers, projects and extracts, by the usual steps."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from benchmarks.sessions.people import researcher, study, write_extract
from output_checks import Data
from tre.config import Config
from tre.safe_people.person import Person
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.tre import SYSTEM, Tre, open_tre
from tre.training.demo_kinds import ONS
from tre.vocabulary import PersonId, ProjectId, Role

RECORDS = 2_000
MOST_A_PROJECT = 3
"""Researchers of one project."""

_COLUMNS = {
    "person_id": ("string", "The project's own pseudonym of a person."),
    "sex": ("string", "As the school census records it."),
    "diagnosis": ("string", "First diagnosis, by ICD-10 block."),
    "region": ("string", "Where they live."),
    "year": ("number", "Academic year."),
    "attainment": ("number", "Attainment 8, 0 to 90."),
}
_VALUES = {
    "sex": ("Female", "Male"),
    "diagnosis": ("F20-F29", "F30-F39", "F40-F48", "F80-F89", "F90-F98", "none"),
    "region": ("Lambeth", "Southwark", "Lewisham", "Croydon"),
    "year": (2015, 2016, 2017, 2018),
}
TABLES = (
    ("diagnosis", "sex"),
    ("region", "sex"),
    ("year", "sex"),
    ("diagnosis", "region"),
    ("year", "region"),
    ("diagnosis", "year"),
)
"""The dimensions of the tables that a project's people have made."""

CODE = b"linked.group_by('diagnosis', 'sex').len()\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A table as a session makes it, in the form in which JSON carries it."""

    name: str
    content: str
    declaration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Who is there. researchers: each with their project. made: every project's tables."""

    researchers: tuple[tuple[PersonId, ProjectId], ...]
    checkers: tuple[PersonId, ...]
    made: dict[ProjectId, tuple[Made, ...]]


def record_world(config: Config, people: int, seed: int) -> World:
    """Record so many people, three researchers for every two checkers; nobody has a password.

    They sign in at a stand-in for the hub. Every project has an extract of its own, and in its
    workspace the tables that were made of it and the code.
    """
    today = datetime.now(UTC).date()
    checking = max(2, people * 2 // 5)
    checkers = tuple(f"checker-{number:02}" for number in range(1, checking + 1))
    asking = tuple(f"researcher-{number:02}" for number in range(1, people - checking + 1))
    tre = open_tre(config)
    try:
        for person in checkers:
            record_person(tre, SYSTEM, _checker(person, today))
        for person in asking:
            record_person(tre, SYSTEM, researcher(person, today))
        groups = {
            f"study-{at // MOST_A_PROJECT + 1:02}": asking[at : at + MOST_A_PROJECT]
            for at in range(0, len(asking), MOST_A_PROJECT)
        }
        made = {
            project: _record_project(tre, project, members, seed)
            for project, members in groups.items()
        }
    finally:
        tre.close()
    return World(
        researchers=tuple((one, project) for project, those in groups.items() for one in those),
        checkers=checkers,
        made=made,
    )


def _record_project(
    tre: Tre, project: ProjectId, members: Sequence[PersonId], seed: int
) -> tuple[Made, ...]:
    today = tre.now().date()
    record_project(tre, SYSTEM, study(project, members, _COLUMNS, today))
    frame = _records(f"{seed} {project}")
    write_extract(tre.folders.extracts(project), project, frame, _COLUMNS, today)
    made = tuple(_made(frame, dimensions) for dimensions in TABLES)
    workspace = tre.folders.workspace(project)
    workspace.mkdir(parents=True, exist_ok=True)
    for table in made:
        (workspace / table.name).write_text(table.content, encoding="utf-8")
    (workspace / "tables.py").write_bytes(CODE)
    for person in members:
        tre.folders.outbox(project, person).mkdir(parents=True)
        tre.folders.replies(project, person).mkdir(parents=True)
    return made


def _made(frame: pl.DataFrame, dimensions: tuple[str, str]) -> Made:
    table = Data.read(frame, unit="person_id", name="linked").table(*dimensions, policy="srs")
    protected = table.protect("suppress")
    return Made(
        name=f"{'-by-'.join(dimensions)}.csv",
        content=protected.to_csv(),
        declaration=protected.declaration.to_json(),
    )


def _records(seed: str) -> pl.DataFrame:
    """One row a person; nobody in it exists."""
    chance = random.Random(seed)  # noqa: S311 - invented records
    columns = {name: chance.choices(values, k=RECORDS) for name, values in _VALUES.items()}
    return pl.DataFrame(
        {"person_id": [f"{chance.getrandbits(64):016x}" for _ in range(RECORDS)]}
        | columns
        | {"attainment": [round(chance.uniform(0, 90), 1) for _ in range(RECORDS)]}
    )


def _checker(person: PersonId, today: date) -> Person:
    """Of no project, so that nobody's results are their own."""
    began = datetime.combine(today - timedelta(days=100), datetime.min.time(), UTC)
    return Person(
        id=person,
        name=person,
        organisation=ONS,
        roles=frozenset({Role.OUTPUT_CHECKER}),
        account_since=began,
        second_factor_since=began,
    )
