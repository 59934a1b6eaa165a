"""What is left to do when a project has ended and its last session is over."""

import logging
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tre.decision import NotThereError, UnusableRequestError
from tre.safe_projects.project import ProjectState
from tre.steps.archive_workspace import archive_workspace
from tre.steps.destroy_extract import destroy_extract
from tre.steps.make_extract import CURRENT
from tre.steps.taking_turns import alone
from tre.steps.tre import SYSTEM, Tre
from tre.store.ledger import Line
from tre.store.project_changes import Archive, add_archive, read_archives
from tre.store.projects import read_projects
from tre.store.sessions import open_sessions
from tre.vocabulary import ProjectId

ARCHIVE_TAG = "projects:workspace:archive"
REASON = "the project has ended"

log = logging.getLogger("tre.steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How far the ending of a project has come.

    open_sessions: sessions that the hub has still to stop; until then nothing is archived.
    archive: of the workspace, None before it is made. destroyed: versions of the extract.
    """

    open_sessions: int
    archive: Archive | None
    destroyed: tuple[str, ...] = ()


def finish_ending(tre: Tre, project: ProjectId) -> Ending:
    """Archive the workspace and destroy the extracts of a project that has ended.

    It follows from the ending, and the environment does it as soon as no session is open; what was
    done before is not done again. Raises UnusableRequestError for a project that goes on, or where
    the disk does not let us.
    """
    with tre.store.reading() as connection:
        found = read_projects(connection, [project]).get(project)
        running = sum(of == project for _, of in open_sessions(connection))
        archive = read_archives(connection).get(project)
    if found is None or found.state is not ProjectState.ENDED:
        message = f"{project} has not ended"
        raise UnusableRequestError(message)
    if running:
        return Ending(open_sessions=running, archive=archive)
    with alone(
        tre.folders.extracts(project).with_name(f".{project}.ending"),
        f"the ending of {project} is under way; look again",
    ):
        archive = archive or _archive(tre, project)
        destroyed = _destroy(tre, project)
    return Ending(open_sessions=0, archive=archive, destroyed=destroyed)


def finish_endings(tre: Tre) -> tuple[ProjectId, ...]:
    """Finish every ending that waited for its last session; the projects that were finished.

    One that cannot be finished is logged and tried again, and does not stop the others.
    """
    with tre.store.reading() as connection:
        archived = read_archives(connection)
        ended = [p.id for p in read_projects(connection).values() if p.state is ProjectState.ENDED]
    done = []
    for project in ended:
        if project in archived and not _versions(tre, project):
            continue
        try:
            if not finish_ending(tre, project).open_sessions:
                done.append(project)
        except UnusableRequestError as error:
            log.warning("the ending of %s waits: %s", project, error)
    return tuple(done)


def _archive(tre: Tre, project: ProjectId) -> Archive:
    """Archive, keep the hash on the ledger, and only then remove what was archived."""
    workspace = tre.folders.workspace(project)
    made = archive_workspace(workspace, tre.folders.archive(project), project)
    archive = Archive(
        sha256=made.sha256, files=made.files, size_bytes=made.size_bytes, archived_at=tre.now()
    )
    with tre.store.writing() as change:
        add_archive(change.connection, project, archive)
        details = {"sha256": made.sha256, "files": made.files, "bytes": made.size_bytes}
        change.record(
            Line(at=tre.now(), actor=SYSTEM, tag=ARCHIVE_TAG, project=project, details=details)
        )
    _remove(workspace)
    return archive


def _remove(workspace: Path) -> None:
    """Remove a workspace however deep its folders are: a session may nest thousands."""
    command = ["rm", "-rf", "--one-file-system", "--", str(workspace)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        log.warning("%s was not removed whole: %s", workspace.name, done.stderr.strip()[-500:])


def _destroy(tre: Tre, project: ProjectId) -> tuple[str, ...]:
    """Destroy every version of the extract, each with the hashes of its files on the ledger."""
    gone = []
    for version in _versions(tre, project):
        try:
            destroy_extract(tre, SYSTEM, project, version, REASON)
        except NotThereError:  # somebody else has destroyed it meanwhile
            continue
        gone.append(version)
    (tre.folders.extracts(project) / CURRENT).unlink(missing_ok=True)
    return tuple(gone)


def _versions(tre: Tre, project: ProjectId) -> list[str]:
    folder = tre.folders.extracts(project)
    return sorted(file.parent.name for file in folder.glob("*/manifest.json"))
