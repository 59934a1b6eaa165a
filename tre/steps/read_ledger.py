"""Look things up in the ledger."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.steps.acting import Act, acting
from tre.steps.blindness import REVIEWING, blinded
from tre.steps.tre import Tre
from tre.store.ledger import LedgerEntry
from tre.store.ledger_reading import Search, found, how_many
from tre.vocabulary import Action, PersonId, ProjectId, RequestId

MOST = 1_000
"""Entries that one look gives at most."""

MOST_EXPORTED = 250_000
"""Entries that one file gets at most; more are not cut off but refused."""

EXPORT = "audit:ledger:export"
"""The ledger's tag of entries that were written to a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLook:
    """A page of the ledger.

    total: of all that the search finds, older and newer. older: the number before which the next
    page begins, None where this is the last.
    """

    entries: tuple[LedgerEntry, ...]
    total: int
    older: int | None


def read_ledger(  # noqa: PLR0913 - each is a way to narrow the search
    tre: Tre,
    actor: PersonId,
    *,
    person: PersonId | None = None,
    project: ProjectId | None = None,
    request: RequestId | None = None,
    limit: int = 200,
    before: int | None = None,
) -> tuple[LedgerEntry, ...]:
    """Give entries, the newest first, as `search_ledger` does."""
    search = Search(person=person, project=project, request=request)
    return search_ledger(tre, actor, search, limit=limit, before=before)


def search_ledger(
    tre: Tre, actor: PersonId, search: Search, *, limit: int = 200, before: int | None = None
) -> tuple[LedgerEntry, ...]:
    """Give what a search finds, the newest first; everybody may look for what concerns them.

    A checker does not learn from it what another one answered in a turn that is not decided.
    before: only entries with a smaller number.
    """
    return look_through_ledger(tre, actor, search, limit=limit, before=before).entries


def look_through_ledger(
    tre: Tre, actor: PersonId, search: Search, *, limit: int, before: int | None = None
) -> LedgerLook:
    """Give what `search_ledger` does, and how much there is in all."""
    most = max(1, min(limit, MOST))
    with _looking(tre, actor, search) as act:
        act.require(Subject(person=search.person))
        listed = _blinded(act, search, before, most + 1)
        total = how_many(act.connection, search) - _hidden(act, search)
        shown = listed[:most]
        act.record({"entries": len(shown)} | _narrowed(search), person=search.person)
    older = shown[-1].number if len(listed) > most else None
    return LedgerLook(entries=shown, total=total, older=older)


def export_ledger(tre: Tre, actor: PersonId, search: Search) -> tuple[LedgerEntry, ...]:
    """Give all that a search finds, the oldest first, to be written to a file.

    Raises UnusableRequestError where that is more than MOST_EXPORTED entries.
    """
    with _looking(tre, actor, search) as act:
        act.require(Subject(person=search.person))
        listed = _blinded(act, search, None, MOST_EXPORTED + 1)
        if len(listed) > MOST_EXPORTED:
            message = (
                f"more than {MOST_EXPORTED:,} entries fit: narrow the search, by dates for example"
            )
            raise UnusableRequestError(message)
        told = {"entries": len(listed)} | _narrowed(search)
        act.record(told, tag=EXPORT, person=search.person)
    return listed[::-1]


def _looking(tre: Tre, actor: PersonId, search: Search) -> AbstractContextManager[Act]:
    return acting(tre, actor, Action.VIEW_LEDGER, project=search.project, request=search.request)


def _blinded(act: Act, search: Search, before: int | None, limit: int) -> tuple[LedgerEntry, ...]:
    """Look until there is enough: what is hidden must not be found by what it hides."""
    kept: list[LedgerEntry] = []
    while True:
        batch = found(act.connection, search, before=before, limit=limit - len(kept))
        kept += [entry for entry in blinded(act, batch) if search.still_holds(entry)]
        if not batch or len(kept) >= limit:
            return tuple(kept)
        before = batch[-1].number


def _hidden(act: Act, search: Search) -> int:
    """Count what would be found by what is hidden: it is not there for whoever asks."""
    tags = [tag for tag in REVIEWING if tag.startswith(search.tag or "")]
    listed = [each for tag in tags for each in found(act.connection, replace(search, tag=tag))]
    return sum(not search.still_holds(entry) for entry in blinded(act, listed))


def _narrowed(search: Search) -> dict[str, str]:
    """What the ledger keeps of a search beside whom and what it was about."""
    names = [field.name for field in fields(search)][3:]
    said = {name: getattr(search, name) for name in names}
    return {name: str(value) for name, value in said.items() if value is not None}
