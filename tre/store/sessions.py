"""Which sessions are open, as rows."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from tre.store.tables import sessions
from tre.vocabulary import PersonId, ProjectId


def open_session(
    connection: Connection, person: PersonId, project: ProjectId, at: datetime
) -> None:
    """Record an open session; one of the same person in the same project takes its place."""
    close_session(connection, person, project)
    connection.execute(insert(sessions).values(person=person, project=project, started_at=at))


def close_session(connection: Connection, person: PersonId, project: ProjectId) -> bool:
    """Forget an open session; whether there was one."""
    which = (sessions.c.person == person, sessions.c.project == project)
    return bool(connection.execute(delete(sessions).where(*which)).rowcount)


def open_sessions(connection: Connection) -> tuple[tuple[PersonId, ProjectId], ...]:
    """List who has a session open in which project, the oldest first."""
    query = select(sessions.c.person, sessions.c.project).order_by(sessions.c.started_at)
    return tuple((row.person, row.project) for row in connection.execute(query))
