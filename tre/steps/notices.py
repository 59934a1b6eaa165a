"""What happened that concerns me: my requests, my accreditation, my account."""

from sqlalchemy import RowMapping, select

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
        select(rows, requests.c.title.label("request_title"))
        .join(requests, requests.c.id == rows.c.request, isouter=True)
        .where(rows.c.person == actor)
        .order_by(rows.c.id.desc())
        .limit(MOST)
    )
    with tre.store.reading() as connection:
        known_person(connection, actor)
        found = connection.execute(query).mappings().all()
    return tuple(_view(row) for row in found)


def _view(row: RowMapping) -> NoticeView:
    """A notice of a request bears the request's title, as it is now."""
    of_request = f"/requests/{row['request']}" if row["request"] else "/"
    return NoticeView(
        at=row["at"],
        request=row["request"],
        title=row["request_title"] or row["title"],
        text=row["text"],
        path=row["path"] or of_request,
    )
