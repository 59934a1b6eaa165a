"""Search the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select

from tre.store.ledger import LedgerEntry, read_entry
from tre.store.tables import ledger
from tre.vocabulary import PersonId, ProjectId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for in the ledger; all that is given must hold, and nothing given means all.

    person: who acted, or whom it was done to. tag: how the tag begins. outcome: done or refused.
    since, until: the first and the last day, both included, in UTC.
    """

    person: PersonId | None = None
    project: ProjectId | None = None
    request: RequestId | None = None
    tag: str | None = None
    outcome: str | None = None
    since: date | None = None
    until: date | None = None

    def still_holds(self, entry: LedgerEntry) -> bool:
        """Whether an entry of which something was hidden may be found by what was hidden."""
        return entry.tag.startswith(self.tag or "") and self.outcome in {None, entry.outcome}


def entries(
    connection: Connection,
    *,
    person: PersonId | None = None,
    project: ProjectId | None = None,
    request: RequestId | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> tuple[LedgerEntry, ...]:
    """Read entries that fulfil all conditions given, the newest first; as `found`."""
    search = Search(person=person, project=project, request=request)
    return found(connection, search, before=before, limit=limit)


def found(
    connection: Connection, search: Search, *, before: int | None = None, limit: int | None = None
) -> tuple[LedgerEntry, ...]:
    """Read what a search finds, the newest first.

    before: only entries with a smaller number.
    """
    conditions = _conditions(search)
    if before is not None:
        conditions.append(ledger.c.number < before)
    query = select(ledger).where(*conditions).order_by(ledger.c.number.desc()).limit(limit)
    return tuple(read_entry(row) for row in connection.execute(query).mappings())


def how_many(connection: Connection, search: Search) -> int:
    """Count what a search finds."""
    query = select(func.count()).select_from(ledger).where(*_conditions(search))
    return connection.execute(query).scalar_one()


def turned_back(connection: Connection) -> Iterator[tuple[int, datetime, datetime]]:
    """Give each entry whose time lies before the last one's: number, that time, its own."""
    before = func.lag(ledger.c.at).over(order_by=ledger.c.number).label("before")
    each = select(ledger.c.number, ledger.c.at, before).subquery()
    query = select(each.c.number, each.c.before, each.c.at).where(each.c.at < each.c.before)
    for number, last, at in connection.execute(query.order_by(each.c.number)):
        yield number, datetime.fromisoformat(last), datetime.fromisoformat(at)


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    """Every moment is written in UTC, in one form: as texts they sort as moments do."""
    conditions: list[ColumnElement[bool]] = []
    if search.person is not None:
        conditions.append(or_(ledger.c.actor == search.person, ledger.c.person == search.person))
    for column in (ledger.c.project, ledger.c.request, ledger.c.outcome):
        wanted = getattr(search, column.name)
        if wanted is not None:
            conditions.append(column == wanted)
    if search.tag is not None:
        conditions.append(ledger.c.tag.startswith(search.tag, autoescape=True))
    if search.since is not None:
        conditions.append(ledger.c.at >= search.since.isoformat())
    if search.until is not None and search.until < date.max:
        conditions.append(ledger.c.at < (search.until + timedelta(days=1)).isoformat())
    return conditions
