"""Search the ledger."""

from sqlalchemy import ColumnElement, Connection, or_, select

from tre.store.ledger import LedgerEntry, read_entry
from tre.store.tables import ledger
from tre.vocabulary import PersonId, ProjectId, RequestId


def entries(
    connection: Connection,
    *,
    person: PersonId | None = None,
    project: ProjectId | None = None,
    request: RequestId | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> tuple[LedgerEntry, ...]:
    """Read entries that fulfil all conditions given, the newest first.

    person: who acted, or whom it was done to. before: only entries with a smaller number.
    """
    conditions: list[ColumnElement[bool]] = []
    if person is not None:
        conditions.append(or_(ledger.c.actor == person, ledger.c.person == person))
    if project is not None:
        conditions.append(ledger.c.project == project)
    if request is not None:
        conditions.append(ledger.c.request == request)
    if before is not None:
        conditions.append(ledger.c.number < before)
    query = select(ledger).where(*conditions).order_by(ledger.c.number.desc()).limit(limit)
    return tuple(read_entry(row) for row in connection.execute(query).mappings())
