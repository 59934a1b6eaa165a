"""The stages in which a world is built; each can be done again without harm."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from tre.safe_data import world as safe_data
from tre.safe_data.world import Progress
from tre.steps.budget import set_budget
from tre.steps.demo_applicants import bring_applicants
from tre.steps.demo_outcomes import bring_outcomes
from tre.steps.demo_studies import bring_studies
from tre.steps.extracts import extract_of
from tre.steps.make_extract import make_extract
from tre.steps.practice_twin import practice_twin
from tre.steps.projects import load_project
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.run_linkage import run_linkage
from tre.steps.second_factor import new_secret
from tre.steps.tre import SYSTEM, Tre
from tre.steps.world_record import World
from tre.store.files import write_once
from tre.training.accounts import DemoKeys, keys_file, new_password, read_keys, write_keys
from tre.training.demo import LINKER, MANAGER, PEOPLE, PRACTICE, STUDY, TRAINER
from tre.training.lessons import lessons
from tre.training.seeding import person_on, practice_on
from tre.training.studies import with_data
from tre.vocabulary import ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A world under construction. tell: the stage's own progress, 0 to 1."""

    tre: Tre
    world: World
    tell: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One piece of the work. weight: about how many seconds it takes for 20,000 people."""

    name: str
    weight: float
    do: Callable[[Building], None]
    needs_sdv: bool = False


def sdv_is_there() -> bool:
    """Whether SDV is installed; nothing is imported, which would take ten seconds."""
    return find_spec("sdv") is not None


def _registers(building: Building) -> None:
    """Simulate into a folder beside, which takes its place when it is whole."""
    parties = building.tre.folders.parties
    part = parties.with_name("parties.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    safe_data.build(
        part, people=building.world.people, seed=building.world.seed, progress=building.tell
    )
    shutil.rmtree(parties, ignore_errors=True)
    part.rename(parties)


def _people_and_projects(building: Building) -> None:
    """Record the people, with keys that a second try keeps; they apply for and judge projects."""
    tre, today = building.tre, building.world.built_on
    if not keys_file(tre.config.home).exists():
        drawn = {demo.id: new_secret() for demo in PEOPLE}
        write_keys(tre.config.home, DemoKeys(password=new_password(), totp_secrets=drawn))
    keys = read_keys(tre.config.home)
    for demo in PEOPLE:
        record_person(
            tre, SYSTEM, person_on(demo, today), keys.password, keys.totp_secrets[demo.id]
        )
    bring_studies(tre)
    record_project(tre, SYSTEM, practice_on(load_project(tre, STUDY), today))
    for project in _worked_in():
        set_budget(tre, SYSTEM, project, PRIVACY_BUDGET)


PRIVACY_BUDGET = 3.0
"""The epsilon that private counts of a project may cost in all."""


def _worked_in() -> tuple[ProjectId, ...]:
    """The projects that somebody works in, or has worked in."""
    return (*with_data(), PRACTICE)


def _linkages(building: Building) -> None:
    """Run every linkage once; one that a stopped build has run already is not run again."""
    every = safe_data.linkages()
    for number, one in enumerate(every):
        if safe_data.has_run(building.tre.folders.parties, one.id):
            continue

        def tell(text: str, share: float, number: int = number) -> None:
            building.tell(text, (number + share) / len(every))

        run_linkage(building.tre, LINKER, one.id, progress=tell)


def _extracts(building: Building) -> None:
    """Make an extract for every study that was accredited; one that is there is not made again."""
    every = with_data()
    for number, project in enumerate(every):
        building.tell(f"making the extract of {project}", number / len(every))
        if extract_of(building.tre, project) is None:
            make_extract(building.tre, LINKER, project)


def _practice_twin(building: Building) -> None:
    building.tell("learning the shape of the extract for its synthetic twin", 0.0)
    practice_twin(building.tre, TRAINER, PRACTICE, of=STUDY, progress=building.tell)


def _lessons(building: Building) -> None:
    """Put the starter notebooks into every workspace; what is there already is left alone."""
    for project in _worked_in():
        workspace = building.tre.folders.workspace(project)
        workspace.mkdir(mode=0o755, parents=True, exist_ok=True)
        for lesson in lessons():
            write_once(workspace / lesson.name, lesson.read_bytes(), mode=0o644)


def _outcomes(building: Building) -> None:
    building.tell("releasing, suspending and ending studies, and applying for accreditation", 0.0)
    bring_applicants(building.tre, MANAGER)
    bring_outcomes(building.tre)


STAGES: tuple[Stage, ...] = (
    Stage(name="people and projects", weight=2, do=_people_and_projects),
    Stage(name="population and registers", weight=10, do=_registers),
    Stage(name="linkages", weight=40, do=_linkages),
    Stage(name="extracts", weight=6, do=_extracts),
    Stage(name="lessons", weight=0.1, do=_lessons),
    Stage(name="applications", weight=1, do=_outcomes),
    Stage(name="synthetic twin for practice", weight=30, do=_practice_twin, needs_sdv=True),
)
"""In order; the last needs SDV and can be added later.

A complete world is known by these names: under another one, a stage is done to it again.
"""
