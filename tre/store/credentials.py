"""How people prove who they are: passwords, one-time code secrets, recovery codes, as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from tre.store.people_tables import recovery_codes
from tre.store.tables import credentials
from tre.vocabulary import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """How one person proves who they are.

    password_hash: argon2. totp_secret: "" until a second factor was switched on; pending_secret:
    shown to be scanned and not confirmed yet. last_step: the last one-time code's time step that
    was used. lockouts: how often the account was locked since the last success. changed_at: when
    their owner last changed password or second factor; None where they never did.
    """

    password_hash: str
    totp_secret: str
    last_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None
    pending_secret: str = ""
    lockouts: int = 0
    changed_at: datetime | None = None


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


def replace_recovery_codes(
    connection: Connection, person: PersonId, sha256s: Iterable[str]
) -> None:
    """Keep a new set of recovery codes, by their hashes; the old ones count no more."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    for sha256 in sha256s:
        connection.execute(insert(recovery_codes).values(person=person, sha256=sha256))


def use_recovery_code(connection: Connection, person: PersonId, sha256: str, at: datetime) -> bool:
    """Use up a recovery code; whether it was one of theirs that nobody had used."""
    used = update(recovery_codes).where(
        recovery_codes.c.person == person,
        recovery_codes.c.sha256 == sha256,
        recovery_codes.c.used_at.is_(None),
    )
    return bool(connection.execute(used.values(used_at=at)).rowcount)


def recovery_codes_left(connection: Connection, person: PersonId) -> int:
    """Count the recovery codes that were not used."""
    query = select(func.count()).where(
        recovery_codes.c.person == person, recovery_codes.c.used_at.is_(None)
    )
    return connection.execute(query).scalar_one()
