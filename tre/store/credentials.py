"""How people prove who they are: password hashes and one-time code secrets, as rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tre.store.tables import credentials
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """password_hash: argon2. last_step: the last one-time code's time step that was used."""

    password_hash: str
    totp_secret: str
    last_step: int
    failures: int
    locked_until: datetime | None


def read_credentials(connection: Connection, person: PersonId) -> Credentials | None:
    """Read a person's credentials; None where they have none, or nobody has that name."""
    query = select(credentials).where(credentials.c.person == person)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return Credentials(**{name: row[name] for name in Credentials.__dataclass_fields__})


def write_credentials(connection: Connection, person: PersonId, kept: Credentials) -> None:
    """Record a person's credentials, in the place of what was there."""
    values = {name: getattr(kept, name) for name in Credentials.__dataclass_fields__}
    found = connection.execute(
        update(credentials).where(credentials.c.person == person).values(values)
    )
    if not found.rowcount:
        connection.execute(insert(credentials).values(person=person, **values))
