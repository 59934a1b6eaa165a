"""Ingress requests as rows: read as the values of Safe Settings, files moved by compare-and-set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, update

from tre.decision import OvertakenError
from tre.safe_settings.ingress.request import (
    FILE_TRANSITIONS,
    Event,
    FileState,
    IngressFile,
    IngressId,
    IngressRequest,
)
from tre.safe_settings.ingress.rules import Finding, Severity
from tre.store.tables import ingress_files, ingress_requests
from tre.vocabulary import PersonId, ProjectId


def add_ingress(
    connection: Connection, project: ProjectId, author: PersonId, words: tuple[str, str],
    at: datetime,
) -> IngressId:  # fmt: skip
    """Begin an ingress request, words being its purpose and source; its number."""
    purpose, source = words
    values = {"project": project, "author": author, "purpose": purpose, "source": source}
    added = connection.execute(insert(ingress_requests).values(created_at=at, **values))
    return _number(added.inserted_primary_key)


def add_ingress_file(connection: Connection, request: IngressId, file: IngressFile) -> int:
    """Add a file's row; its number (the one in the value is not looked at)."""
    values = asdict(file) | {"request": request, "state": str(file.state)}
    del values["id"]
    added = connection.execute(insert(ingress_files).values(values))
    return _number(added.inserted_primary_key)


def read_ingress(connection: Connection, request: IngressId) -> IngressRequest | None:
    """Read one ingress request with its files, or None where there is none of that number."""
    found = read_ingresses(connection, ingress_requests.c.id == request)
    return found[0] if found else None


def read_ingresses(
    connection: Connection, *conditions: ColumnElement[bool], most: int = 500
) -> tuple[IngressRequest, ...]:
    """Read the requests that fulfil all conditions on `ingress_requests`, newest first."""
    query = select(ingress_requests).where(*conditions)
    query = query.order_by(ingress_requests.c.id.desc()).limit(most)
    rows = connection.execute(query).mappings().all()
    files = _files(connection, [row["id"] for row in rows])
    return tuple(IngressRequest(files=tuple(files[row["id"]]), **row) for row in rows)


def waiting_ingresses(connection: Connection) -> tuple[IngressRequest, ...]:
    """Read the requests with a file that waits, the oldest first."""
    waiting = select(ingress_files.c.request).where(ingress_files.c.state == str(FileState.WAITING))
    return tuple(reversed(read_ingresses(connection, ingress_requests.c.id.in_(waiting))))


def count_waiting(connection: Connection, author: PersonId, project: ProjectId) -> int:
    """Count somebody's requests of a project with a file that waits."""
    query = (
        select(func.count(func.distinct(ingress_requests.c.id)))
        .join(ingress_files, ingress_files.c.request == ingress_requests.c.id)
        .where(
            ingress_requests.c.author == author,
            ingress_requests.c.project == project,
            ingress_files.c.state == str(FileState.WAITING),
        )
    )
    return connection.execute(query).scalar_one()


def count_since(
    connection: Connection, author: PersonId, project: ProjectId, since: datetime
) -> int:
    """Count somebody's requests of a project since a moment, whatever became of them."""
    query = select(func.count()).where(
        ingress_requests.c.author == author,
        ingress_requests.c.project == project,
        ingress_requests.c.created_at > since,
    )
    return connection.execute(query).scalar_one()


def move_file(
    connection: Connection, file: IngressFile, event: Event, *, by: PersonId, at: datetime,
    reason: str = "",
) -> FileState:  # fmt: skip
    """Move a file on by the table of transitions, if it still waits; its new state.

    Raises OvertakenError where somebody else was first.
    """
    to = FILE_TRANSITIONS[file.state, event]
    moved = (
        update(ingress_files)
        .where(ingress_files.c.id == file.id, ingress_files.c.state == str(file.state))
        .values(state=str(to), decided_by=by, decided_at=at, reason=reason)
    )
    if not connection.execute(moved).rowcount:
        message = f"file {file.id} was decided about by somebody else; look at it again"
        raise OvertakenError(message)
    return to


def _files(connection: Connection, ids: Iterable[int]) -> dict[int, list[IngressFile]]:
    query = select(ingress_files).where(ingress_files.c.request.in_(sorted(set(ids))))
    by_request: dict[int, list[IngressFile]] = defaultdict(list)
    for row in connection.execute(query.order_by(ingress_files.c.id)).mappings():
        by_request[row["request"]].append(_file(row))
    return by_request


def _file(row: RowMapping) -> IngressFile:
    fields = {name: value for name, value in row.items() if name != "request"}
    fields["findings"] = tuple(_finding(found) for found in row["findings"])
    fields |= {"removed": tuple(row["removed"]), "state": FileState(row["state"])}
    return IngressFile(**fields)


def _finding(found: Mapping[str, Any]) -> Finding:
    fields: dict[str, Any] = {**found, "severity": Severity(found["severity"])}
    return Finding(**fields)


def _number(key: Any) -> int:
    return int(key[0])
