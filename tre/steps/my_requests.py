"""My requests, whatever became of them."""

from tre.steps.acting import acting
from tre.steps.queue import rows_of
from tre.steps.tre import Tre
from tre.steps.views import QueueRow
from tre.store.requests import requests_of
from tre.vocabulary import Action, PersonId


def my_requests(tre: Tre, actor: PersonId) -> tuple[QueueRow, ...]:
    """List one's own requests, the newest first; nothing is asked but who one is.

    That they looked is on the ledger.
    """
    with acting(tre, actor, Action.VIEW_REQUEST) as act:
        rows = tuple(rows_of(act, requests_of(act.connection, person=actor)))
        act.record({"requests": len(rows)})
    return rows
