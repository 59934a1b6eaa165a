"""The wheels that sessions may install, as rows: what each was when it was added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tre.store.tables import wheels
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedWheel:
    """A wheel as it was added: its file's name and SHA-256, by whom and when."""

    file: str
    name: str
    version: str
    sha256: str
    size_bytes: int
    added_by: PersonId
    added_at: datetime


def read_wheels(connection: Connection) -> tuple[AddedWheel, ...]:
    """List the wheels by name and file."""
    query = select(wheels).order_by(wheels.c.name, wheels.c.file)
    return tuple(AddedWheel(**row) for row in connection.execute(query).mappings())


def add_wheel(connection: Connection, wheel: Mapping[str, Any]) -> None:
    """Keep what a wheel is; the caller has looked that none of that name is there."""
    connection.execute(insert(wheels).values(dict(wheel)))


def remove_wheel(connection: Connection, file: str) -> bool:
    """Forget a wheel; whether there was one."""
    return bool(connection.execute(delete(wheels).where(wheels.c.file == file)).rowcount)
