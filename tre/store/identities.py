"""As whom an identity provider knows people, as rows."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from tre.store.people_tables import identities
from tre.vocabulary import PersonId


def person_known_as(connection: Connection, issuer: str, subject: str) -> PersonId | None:
    """Give the person whom a provider knows under a subject; None where it is nobody's."""
    query = select(identities.c.person).where(
        identities.c.issuer == issuer, identities.c.subject == subject
    )
    return connection.execute(query).scalar_one_or_none()


def keep_identity(
    connection: Connection, person: PersonId, issuer: str, subject: str, at: datetime
) -> None:
    """Keep as whom a provider knows somebody, in the place of what was kept of that provider."""
    before = (identities.c.issuer == issuer, identities.c.person == person)
    connection.execute(delete(identities).where(*before))
    values = {"issuer": issuer, "subject": subject, "person": person}
    connection.execute(insert(identities).values(linked_at=at, **values))
