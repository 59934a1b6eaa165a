"""Changes to projects, the move of a project between states, and archives, as rows."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from tre.decision import OvertakenError
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import Change, ChangeKind, ChangeState, ChangeWord
from tre.safe_projects.project import Project, ProjectState
from tre.store.project_applications import asked_from_plain, asked_to_plain
from tre.store.project_tables import project_changes, workspace_archives
from tre.store.tables import people, person_roles, projects, releases, requests
from tre.vocabulary import PersonId, ProjectId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What became of the workspace of a project that has ended: one file, by its hash."""

    sha256: str
    files: int
    size_bytes: int
    archived_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A result that has left: its title and day, and whether it was revoked since."""

    project: ProjectId
    request: int
    title: str
    on: date
    revoked: bool


def move_project(connection: Connection, project: Project, to: ProjectState) -> None:
    """Move a project on from where it was read; raises OvertakenError where it is no longer."""
    found = connection.execute(
        update(projects)
        .where(projects.c.id == project.id, projects.c.state == str(project.state))
        .values(state=str(to))
    )
    if not found.rowcount:
        message = f"“{project.title}” is not {project.state} any more; look at it again"
        raise OvertakenError(message)


def read_changes(
    connection: Connection, projects: Collection[ProjectId] | None = None
) -> tuple[Change, ...]:
    """Read changes, the oldest first, of all projects or of some."""
    query = select(project_changes).order_by(project_changes.c.number)
    if projects is not None:
        query = query.where(project_changes.c.project.in_(sorted(projects)))
    return tuple(_change(row) for row in connection.execute(query).mappings())


def add_change(connection: Connection, change: Change) -> int:
    """Keep a change that is proposed, and give its number."""
    values = {
        "project": change.project,
        "kind": str(change.kind),
        "state": str(change.state),
        "proposed_by": change.proposed_by,
        "proposed_at": change.proposed_at,
        "reason": change.reason,
        "what": {
            "member": change.member,
            "asked": asked_to_plain(change.asked) if change.asked else None,
            "until": change.until.isoformat() if change.until else None,
        },
        "words": [],
    }
    return connection.execute(
        insert(project_changes).values(values).returning(project_changes.c.number)
    ).scalar_one()


def move_change(connection: Connection, before: Change, after: Change) -> None:
    """Keep what a change has become; raises OvertakenError where somebody was faster."""
    table = project_changes
    words = [asdict(word) | {"at": word.at.isoformat()} for word in after.words]
    found = connection.execute(
        update(table)
        .where(table.c.number == before.number, table.c.state == str(before.state))
        .values(state=str(after.state), words=words)
    )
    if not found.rowcount:
        message = "somebody else has met this change; look at it again"
        raise OvertakenError(message)


def people_with(
    connection: Connection, role: Role, organisations: Collection[str] | None = None
) -> tuple[PersonId, ...]:
    """Name those with a role, by id; only of some organisations where they are given."""
    query = select(people.c.id).join(person_roles, person_roles.c.person == people.c.id)
    query = query.where(person_roles.c.role == str(role)).order_by(people.c.id)
    if organisations is not None:
        query = query.where(people.c.organisation.in_(sorted(organisations)))
    return tuple(connection.execute(query).scalars())


def read_released(connection: Connection, project: ProjectId | None = None) -> tuple[Released, ...]:
    """What projects have released, the newest first; what was revoked stays listed as that."""
    columns = (requests.c.project, requests.c.id, requests.c.title)
    query = (
        select(*columns, releases.c.released_at, releases.c.revoked_at)
        .join(requests, requests.c.id == releases.c.request)
        .order_by(releases.c.released_at.desc(), requests.c.id.desc())
    )
    if project is not None:
        query = query.where(requests.c.project == project)
    return tuple(
        Released(
            project=row["project"],
            request=row["id"],
            title=row["title"],
            on=row["released_at"].date(),
            revoked=row["revoked_at"] is not None,
        )
        for row in connection.execute(query).mappings()
    )


def read_archives(connection: Connection) -> dict[ProjectId, Archive]:
    """Read what became of workspaces, by project."""
    rows = connection.execute(select(workspace_archives)).mappings()
    return {
        row["project"]: Archive(**{k: v for k, v in row.items() if k != "project"}) for row in rows
    }


def add_archive(connection: Connection, project: ProjectId, archive: Archive) -> None:
    """Keep what became of a workspace; once, for good."""
    connection.execute(insert(workspace_archives).values(project=project, **asdict(archive)))


def _change(row: RowMapping) -> Change:
    what: dict[str, Any] = row["what"]
    return Change(
        number=row["number"],
        project=row["project"],
        kind=ChangeKind(row["kind"]),
        state=ChangeState(row["state"]),
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        reason=row["reason"],
        member=what["member"],
        asked=asked_from_plain(what["asked"]) if what["asked"] else None,
        until=date.fromisoformat(what["until"]) if what["until"] else None,
        words=tuple(_word(word) for word in row["words"]),
    )


def _word(plain: dict[str, Any]) -> ChangeWord:
    values: dict[str, Any] = plain | {
        "at": datetime.fromisoformat(plain["at"]),
        "choice": Choice(plain["choice"]),
        "conditions": tuple(plain["conditions"]),
        "variables": tuple(plain["variables"]),
    }
    return ChangeWord(**values)
