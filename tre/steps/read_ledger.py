"""Look things up in the ledger."""

from tre.five_safes import Subject
from tre.steps.acting import acting
from tre.steps.blindness import blinded
from tre.steps.tre import Tre
from tre.store.ledger import LedgerEntry
from tre.store.ledger_reading import entries
from tre.vocabulary import Action, PersonId, ProjectId, RequestId

MOST = 1_000
"""Entries that one look gives at most."""


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
    """Give entries, the newest first; everybody may look for what concerns themselves.

    A checker does not learn from it what another one answered in a turn that is not decided.
    person: who acted or whom it was done to. before: only entries with a smaller number.
    """
    with acting(tre, actor, Action.VIEW_LEDGER, project=project, request=request) as act:
        act.require(Subject(person=person))
        found = entries(
            act.connection,
            person=person,
            project=project,
            request=request,
            before=before,
            limit=max(1, min(limit, MOST)),
        )
        found = blinded(act, found)
        act.record({"entries": len(found)}, person=person)
    return found
