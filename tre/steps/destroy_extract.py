"""Destroy a version of a project's extract, and keep the proof."""

from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_projects.project import ProjectState
from tre.steps.acting import acting, known_project
from tre.steps.extracts import extract_of
from tre.steps.in_question import project_in_question
from tre.steps.make_extract import making_extract, project_key
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, ProjectId

LISTED = "data:extract:list"
"""The ledger's tag of a look at which versions there are."""


def extract_versions(
    tre: Tre, actor: PersonId, project: ProjectId
) -> tuple[world.ExtractVersion, ...]:
    """List the versions that are there, and which of them must be destroyed.

    Raises RefusedError with every reason, NotThereError for a project that is not there.
    """
    with acting(tre, actor, Action.DESTROY_EXTRACT) as act:
        act.require(project_in_question(act, project))
        act.record(tag=LISTED)
    current = extract_of(tre, project)
    found = world.extract_versions(tre.folders.extracts(project), current.name if current else None)
    return tuple(_as_it_is_today(tre, project, one) if one.current else one for one in found)


def _as_it_is_today(
    tre: Tre, project: ProjectId, current: world.ExtractVersion
) -> world.ExtractVersion:
    """The version that sessions see, with how many people of it object since."""
    extract = tre.folders.extracts(project) / current.version
    key, today = project_key(tre, project), tre.now().date()
    count = world.objecting_in(tre.folders.parties, extract, key, today)
    return replace(current, objecting=count)


def destroy_extract(
    tre: Tre, actor: PersonId, project: ProjectId, version: str, reason: str
) -> dict[str, str]:
    """Destroy a version; the ledger keeps its name, who was counted in it, and every file's hash.

    Returns the SHA-256 of each file that is gone, by name. Raises UnusableRequestError without a
    reason, or for the version that sessions see while the project goes on; NotThereError for a
    version that is not there; RefusedError with every reason.
    """
    if not reason.strip():
        message = "say why it is destroyed: the ledger keeps the reason"
        raise UnusableRequestError(message)
    with making_extract(tre, project):
        _decide(tre, actor, project, version)
        manifest, hashes = world.destroy_extract(tre.folders.extracts(project), version)
        with acting(tre, actor, Action.DESTROY_EXTRACT) as act:
            act.require(project_in_question(act, project))
            act.record(
                {
                    "version": version,
                    "reason": reason.strip(),
                    "people": manifest.people,
                    "destroyed": hashes,
                    "as_made": {table.file: table.sha256 for table in manifest.tables},
                }
            )
    return hashes


def _decide(tre: Tre, actor: PersonId, project: ProjectId, version: str) -> None:
    """Ask before anything is touched."""
    with acting(tre, actor, Action.DESTROY_EXTRACT) as act:
        act.require(project_in_question(act, project))
        found = known_project(act.connection, project)
    current = extract_of(tre, project)
    is_over = found.state is ProjectState.ENDED
    if current is not None and current.name == version and not is_over:
        message = (
            f"{version} is the version that sessions of {project} see: make a new one first "
            f"(tre project extract {project})"
        )
        raise UnusableRequestError(message)
