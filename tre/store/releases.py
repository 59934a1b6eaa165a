"""What was released, as rows."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tre.store.tables import releases
from tre.vocabulary import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A bundle that left; revoked ones stay on the record."""

    name: str
    sha256: str
    size_bytes: int
    released_at: datetime
    revoked_at: datetime | None = None
    revoked_because: str | None = None


def read_release(connection: Connection, request: RequestId) -> Release | None:
    """Read a request's release, or None before there is one."""
    query = select(releases).where(releases.c.request == request)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Release(**{f.name: row[f.name] for f in fields(Release)})


def add_release(connection: Connection, request: RequestId, release: Release) -> None:
    """Keep that a bundle was released."""
    values: dict[str, Any] = {f.name: getattr(release, f.name) for f in fields(Release)}
    connection.execute(insert(releases).values(request=request, **values))


def set_revoked(connection: Connection, request: RequestId, at: datetime, because: str) -> None:
    """Keep that a release was revoked, and why."""
    changed = update(releases).where(releases.c.request == request)
    connection.execute(changed.values(revoked_at=at, revoked_because=because))
