"""Where letters lie, and the names that they and their outboxes may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tre.vocabulary import PersonId, ProjectId

LETTER = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """One person's outbox on one project: the only proof of who is asking.

    folder: written by the session. taken: where the courier moves letters, out of its reach.
    replies: read by the session, written by the courier alone.
    """

    project: ProjectId
    person: PersonId
    folder: Path
    taken: Path
    replies: Path


def outboxes(home: Path) -> Iterator[Outbox]:
    """List the outboxes of a data home, in the order of their names.

    A folder whose name cannot be a project's or a person's is passed over.
    """
    for project in _folders(home / "outboxes"):
        for person in _folders(project):
            yield outbox(home, project.name, person.name)


def outbox(home: Path, project: ProjectId, person: PersonId) -> Outbox:
    """Say where one person's letters lie."""
    return Outbox(
        project=project,
        person=person,
        folder=home / "outboxes" / project / person,
        taken=home / "outboxes" / ".taken" / project / person,
        replies=home / "replies" / project / person,
    )


def rubbish(home: Path) -> Path:
    """Where what is done with waits to be swept, on the same disk as the outboxes."""
    return home / "outboxes" / ".rubbish"


def _folders(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    named = (each for each in inside if _ID.fullmatch(each.name))
    return [each for each in named if each.is_dir() and not each.is_symlink()]
