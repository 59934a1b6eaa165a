"""Make a project's extract: what it was granted and nothing else, under pseudonyms of its own."""

import itertools
from pathlib import Path

from tre.safe_data import world
from tre.safe_data.world import Manifest
from tre.safe_projects.project import Project
from tre.steps.acting import acting, known_project
from tre.steps.in_question import project_in_question
from tre.steps.transfers import keep_transfers
from tre.steps.tre import Tre
from tre.store.files import write_whole
from tre.store.keys import secret
from tre.vocabulary import Action, PersonId, ProjectId

CURRENT = "current"
"""The file, beside an extract's versions, that names the one that sessions see."""


def make_extract(tre: Tre, actor: PersonId, project: ProjectId) -> Manifest:
    """Make a new version of a project's extract from the latest linkage.

    Sessions that start afterwards see it; those that run keep what they have. Raises
    RefusedError with every reason, NotThereError for a project that is not there.
    """
    granted = _decided(tre, actor, project)
    manifest = world.make_extract(
        tre.folders.parties,
        project=project,
        variables=granted_variables(granted),
        key=secret(tre.folders.keys, pseudonym_key(project)),
        on=tre.now().date(),
        into=next_version(tre, project),
    )
    settle_extract(tre, actor, project, manifest)
    return manifest


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


def pseudonym_key(project: ProjectId) -> str:
    """The key file that a project's pseudonyms are made with; gone when the project ends."""
    return f"project-{project}.key"


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
