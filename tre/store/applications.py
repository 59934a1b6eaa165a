"""Applications for accreditation, and who was asked to supervise whom, as rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update

from tre.safe_people.applications import (
    OPEN,
    Application,
    ApplicationState,
    Basis,
    Evidence,
)
from tre.safe_people.person import AccreditationLevel
from tre.store.people_tables import accreditation_applications as applications
from tre.store.people_tables import supervisions
from tre.vocabulary import PersonId, ProjectId

ASKED, CONFIRMED, DECLINED, OVER = "asked", "confirmed", "declined", "over"
"""The answers of a supervisor; over: somebody else was asked instead."""


def begin_application(connection: Connection, person: PersonId, at: datetime) -> int:
    """Begin an empty application; its number."""
    values = {
        "person": person,
        "state": str(ApplicationState.DRAFT),
        "begun_at": at,
        "reason": "",
        **_told(Evidence()),
    }
    key: Any = connection.execute(insert(applications).values(values)).inserted_primary_key
    return int(key[0])


def write_evidence(connection: Connection, number: int, told: Evidence) -> None:
    """Keep what an applicant tells, in the place of what was told before."""
    change = update(applications).where(applications.c.id == number)
    connection.execute(change.values(_told(told)))


def move_application(
    connection: Connection, application: Application, to: ApplicationState, **also: object
) -> bool:
    """Move an application on, with columns that change; whether it was still where it was read."""
    which = (
        applications.c.id == application.number,
        applications.c.state == str(application.state),
    )
    change = update(applications).where(*which).values(state=str(to), **also)
    return bool(connection.execute(change).rowcount)


def read_application(connection: Connection, number: int) -> Application | None:
    """Read one application, or None where there is none of that number."""
    found = _read(connection, select(applications).where(applications.c.id == number))
    return found[0] if found else None


def applications_of(connection: Connection, person: PersonId) -> tuple[Application, ...]:
    """Read somebody's applications, the newest first."""
    query = select(applications).where(applications.c.person == person)
    return _read(connection, query.order_by(applications.c.id.desc()))


def open_applications(connection: Connection) -> tuple[Application, ...]:
    """Read the applications that are not decided, the longest waiting first."""
    states = sorted(str(state) for state in OPEN)
    query = select(applications).where(applications.c.state.in_(states))
    return _read(connection, query.order_by(applications.c.submitted_at, applications.c.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """Somebody was asked to supervise somebody on a project; answer: one of those above."""

    number: int
    person: PersonId
    supervisor: PersonId
    project: ProjectId
    asked_at: datetime
    answer: str
    answered_at: datetime | None


def ask_supervision(
    connection: Connection,
    person: PersonId,
    supervisor: PersonId,
    project: ProjectId,
    at: datetime,
) -> int:
    """Ask somebody to supervise; what was asked before and not answered is over."""
    waiting = (supervisions.c.person == person, supervisions.c.answer == ASKED)
    connection.execute(update(supervisions).where(*waiting).values(answer=OVER, answered_at=at))
    values = {"person": person, "supervisor": supervisor, "project": project}
    asked = insert(supervisions).values(asked_at=at, answer=ASKED, **values)
    key: Any = connection.execute(asked).inserted_primary_key
    return int(key[0])


def answer_supervision(connection: Connection, number: int, answer: str, at: datetime) -> bool:
    """Keep a supervisor's answer; whether it was still waited for."""
    which = (supervisions.c.id == number, supervisions.c.answer == ASKED)
    change = update(supervisions).where(*which).values(answer=answer, answered_at=at)
    return bool(connection.execute(change).rowcount)


def supervisions_about(connection: Connection, person: PersonId) -> tuple[Supervision, ...]:
    """Read what somebody asked of supervisors, or was asked as one, the newest first."""
    is_about = (supervisions.c.person == person) | (supervisions.c.supervisor == person)
    query = select(supervisions).where(is_about).order_by(supervisions.c.id.desc())
    return tuple(_supervision(row) for row in connection.execute(query).mappings())


def _supervision(row: RowMapping) -> Supervision:
    return Supervision(
        number=row["id"], **{name: row[name] for name in Supervision.__slots__ if name != "number"}
    )


def _told(told: Evidence) -> dict[str, Any]:
    values = {name: getattr(told, name) for name in Evidence.__slots__}
    return values | {"level": str(told.level), "basis": str(told.basis)}


def _read(connection: Connection, query: Select[Any]) -> tuple[Application, ...]:
    return tuple(_application(row) for row in connection.execute(query).mappings())


def _application(row: RowMapping) -> Application:
    told = {name: row[name] for name in Evidence.__slots__}
    told |= {"level": AccreditationLevel(row["level"]), "basis": Basis(row["basis"])}
    return Application(
        number=row["id"],
        person=row["person"],
        state=ApplicationState(row["state"]),
        evidence=Evidence(**told),
        begun_at=row["begun_at"],
        submitted_at=row["submitted_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )
