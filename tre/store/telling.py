"""What people are told: notices, the mail that carries them, and reminders, as rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tre.store.people_tables import mail, reminders
from tre.store.tables import notices, people
from tre.vocabulary import PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An e-mail that waits to be sent. tries: how often it could not be."""

    number: int
    address: str
    subject: str
    text: str
    written_at: datetime
    tries: int


def write_notice(
    connection: Connection,
    person: PersonId,
    at: datetime,
    *,
    request: RequestId | None = None,
    **told: str,
) -> None:
    """Put a notice on somebody's desk.

    told: title, text and path, the page of the desk that it is about.
    """
    values = {"person": person, "request": request, "at": at}
    connection.execute(insert(notices).values(**values, **told))


def write_mail(
    connection: Connection, person: PersonId, *, subject: str, text: str, at: datetime
) -> bool:
    """Have an e-mail sent to somebody; whether they have an address."""
    query = select(people.c.email).where(people.c.id == person)
    address = connection.execute(query).scalar_one_or_none()
    if not address:
        return False
    values = {"person": person, "address": address, "subject": subject, "text": text}
    due = {"written_at": at, "next_try_at": at, "tries": 0, "failure": ""}
    connection.execute(insert(mail).values(**values, **due))
    return True


def due_mail(connection: Connection, now: datetime, most: int) -> tuple[Letter, ...]:
    """Read the mail that should be sent now, the oldest first."""
    query = (
        select(mail)
        .where(mail.c.sent_at.is_(None), mail.c.next_try_at <= now)
        .order_by(mail.c.id)
        .limit(most)
    )
    return tuple(
        Letter(
            number=row["id"],
            address=row["address"],
            subject=row["subject"],
            text=row["text"],
            written_at=row["written_at"],
            tries=row["tries"],
        )
        for row in connection.execute(query).mappings()
    )


def change_mail(connection: Connection, number: int, **values: Any) -> None:
    """Keep what became of an e-mail."""
    connection.execute(update(mail).where(mail.c.id == number).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderKey:
    """What makes a reminder the same as another: each is sent once."""

    person: PersonId
    kind: str
    what: str
    last_day: date
    days: int


def note_reminder(connection: Connection, key: ReminderKey, at: datetime) -> bool:
    """Keep that a reminder goes out now; whether nobody had sent it before."""
    values = {name: getattr(key, name) for name in ReminderKey.__slots__}
    same = [reminders.c[name] == value for name, value in values.items()]
    if connection.execute(select(reminders.c.days).where(*same)).first() is not None:
        return False
    connection.execute(insert(reminders).values(sent_at=at, **values))
    return True
