"""What happened that concerns me: my requests, my accreditation, my account."""

from sqlalchemy import RowMapping, select

from tre.steps.acting import acting
from tre.steps.tre import Tre
from tre.steps.views import NoticeView
from tre.store.tables import notices as rows
from tre.store.tables import requests
from tre.vocabulary import Action, PersonId

MOST = 20

TAG = "people:notices:view"


def notices(tre: Tre, actor: PersonId) -> tuple[NoticeView, ...]:
    """List the newest notices first, at most MOST; that they looked is on the ledger."""
    query = (
        select(rows, requests.c.title.label("request_title"))
        .join(requests, requests.c.id == rows.c.request, isouter=True)
        .where(rows.c.person == actor)
        .order_by(rows.c.id.desc())
        .limit(MOST)
    )
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        found = act.connection.execute(query).mappings().all()
        act.record({"notices": len(found)}, tag=TAG, person=actor)
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
