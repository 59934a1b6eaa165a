"""Make a project's extract: what it was granted and nothing else, under pseudonyms of its own."""

import hmac
import itertools
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tre.safe_data import world
from tre.safe_data.world import Manifest
from tre.safe_projects.project import Project
from tre.steps.acting import acting, known_project
from tre.steps.in_question import project_in_question
from tre.steps.taking_turns import alone
from tre.steps.transfers import keep_transfers
from tre.steps.tre import Tre
from tre.steps.world_record import read_world
from tre.store.files import write_once, write_whole
from tre.store.keys import secret
from tre.vocabulary import Action, PersonId, ProjectId

CURRENT = "current"
"""The file, beside an extract's versions, that names the one that sessions see."""
_KEY_LABEL = b"tre-simulator: pseudonym key of a project in a built world, 1"


def make_extract(tre: Tre, actor: PersonId, project: ProjectId) -> Manifest:
    """Make a new version of a project's extract from the latest linkage.

    Sessions that start afterwards see it; those that run keep what they have. Raises
    RefusedError with every reason, NotThereError for a project that is not there, OvertakenError
    while another version of it is being made.
    """
    granted = _decided(tre, actor, project)
    with making_extract(tre, project):
        manifest = world.make_extract(
            tre.folders.parties,
            project=project,
            variables=granted_variables(granted),
            key=project_key(tre, project),
            on=tre.now().date(),
            into=next_version(tre, project),
            meeting=granted.meeting,
            shift_dates=granted.shift_dates,
            years=granted_years(granted),
        )
        settle_extract(tre, actor, project, manifest)
    return manifest


@contextmanager
def making_extract(tre: Tre, project: ProjectId) -> Generator[None]:
    """Make one version of a project's extract at a time: two at once would take one name.

    Raises OvertakenError while another is being made.
    """
    lock = tre.folders.extracts(project).with_name(f".{project}.lock")
    with alone(lock, f"an extract of {project} is being made already; wait until it is done"):
        yield


def next_version(tre: Tre, project: ProjectId) -> Path:
    """Name the folder of a project's next version: the day, and the how manieth of that day."""
    folder = tre.folders.extracts(project)
    day = tre.now().date()
    names = (f"{day}-{number}" for number in itertools.count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def granted_variables(project: Project) -> tuple[str, ...]:
    """Every variable that was granted to the project, each once, as `table.variable`."""
    names = (name for grant in project.datasets for name in grant.variables)
    return tuple(dict.fromkeys(names))


def granted_years(project: Project) -> dict[str, tuple[int | None, int | None]]:
    """The first and last calendar year granted of each dataset that has a limit."""
    spans = {one.dataset: (one.since_year, one.until_year) for one in project.datasets}
    return {dataset: span for dataset, span in spans.items() if span != (None, None)}


def pseudonym_key(project: ProjectId) -> str:
    """The key file that a project's pseudonyms are made with; gone when the project ends."""
    return f"project-{project}.key"


def project_key(tre: Tre, project: ProjectId) -> bytes:
    """The project's own key: in a built world it follows from the seed, elsewhere from chance.

    So two builds of one seed give the same extracts. See decision 10 for why that gives nothing
    away.
    """
    name, built = pseudonym_key(project), read_world(tre.config.home)
    if built is not None:
        derived = hmac.digest(_KEY_LABEL, f"{built.seed}\0{project}".encode(), "sha256")
        write_once(tre.folders.keys / name, derived.hex().encode(), mode=0o600)
    return secret(tre.folders.keys, name)


def settle_extract(tre: Tre, actor: PersonId, project: ProjectId, manifest: Manifest) -> None:
    """Let sessions see a finished version, and write to the ledger what is in it."""
    with acting(tre, actor, Action.MAKE_EXTRACT) as act:
        act.require(project_in_question(act, project))
        act.record(
            {
                "version": manifest.version,
                "synthetic": manifest.synthetic,
                "tables": {table.name: table.rows for table in manifest.tables},
                "sha256": {table.name: table.sha256 for table in manifest.tables},
                "variables": list(manifest.variables),
                "years": {name: list(span) for name, span in manifest.years.items()},
                "made_from": {one.linkage: one.version for one in manifest.sources},
                "place": manifest.place,
            }
        )
        keep_transfers(act, manifest.transfers)
        current = tre.folders.extracts(project) / CURRENT
        write_whole(current, f"{manifest.version}\n".encode(), mode=0o644)


def _decided(tre: Tre, actor: PersonId, project: ProjectId) -> Project:
    """Ask before the work begins: it takes long, and holds no transaction open."""
    with acting(tre, actor, Action.MAKE_EXTRACT) as act:
        act.require(project_in_question(act, project))
        return known_project(act.connection, project)
