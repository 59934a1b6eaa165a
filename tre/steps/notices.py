"""What happened to my requests."""

from sqlalchemy import select

from tre.steps.acting import known_person
from tre.steps.tre import Tre
from tre.steps.views import NoticeView
from tre.store.tables import notices as rows
from tre.store.tables import requests
from tre.vocabulary import PersonId

MOST = 20


def notices(tre: Tre, actor: PersonId) -> tuple[NoticeView, ...]:
    """List the newest notices first, at most MOST."""
    query = (
        select(rows.c.at, rows.c.request, rows.c.text, requests.c.title)
        .join(requests, requests.c.id == rows.c.request)
        .where(rows.c.person == actor)
        .order_by(rows.c.id.desc())
        .limit(MOST)
    )
    with tre.store.reading() as connection:
        known_person(connection, actor)
        found = connection.execute(query).mappings().all()
    return tuple(NoticeView(**row) for row in found)
