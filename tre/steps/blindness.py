"""Keep the ledger from telling a checker what the other one has answered, before both have."""

from collections.abc import Iterable
from dataclasses import replace

from tre.safe_outputs.visibility import is_open_to_checkers
from tre.steps.acting import Act, known_project
from tre.steps.in_question import may_still_vote, subject_of_request
from tre.store.ledger import LedgerEntry
from tre.store.requests import read_requests
from tre.store.tables import requests
from tre.vocabulary import Action, RequestId, Role

REVIEWING = frozenset({str(Action.VOTE), str(Action.COMMENT), str(Action.SUBMIT_REVIEW)})
HIDDEN = "outputs:review:hidden"
"""The tag that stands in the place of those of REVIEWING: something was done, and not what."""


def blinded(act: Act, entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Hide what others did in turns that are not decided, on requests the asker may vote on.

    Whatever other role the asker has: somebody may be a checker and an auditor. Their own entries
    stay as they are, and so does everything once both reviews are in.
    """
    listed = tuple(entries)
    if Role.OUTPUT_CHECKER not in act.actor.roles:
        return listed
    open_turns = _open_turns(act, {entry.request for entry in listed if _is_about_a_review(entry)})
    return tuple(
        replace(entry, tag=HIDDEN, outcome="done", details={})
        if _is_to_be_hidden(act, entry, open_turns)
        else entry
        for entry in listed
    )


def _is_about_a_review(entry: LedgerEntry) -> bool:
    return entry.tag in REVIEWING and entry.request is not None


def _is_to_be_hidden(
    act: Act, entry: LedgerEntry, open_turns: dict[RequestId, frozenset[int]]
) -> bool:
    """An entry without its turn, a refusal, is hidden as long as any turn is."""
    if not _is_about_a_review(entry) or entry.request is None or entry.actor == act.actor.id:
        return False
    turns = open_turns.get(entry.request, frozenset())
    turn = entry.details.get("turn")
    return bool(turns) if turn is None else turn in turns


def _open_turns(act: Act, ids: set[RequestId | None]) -> dict[RequestId, frozenset[int]]:
    """Give the turns that are not decided, of the requests that the asker may still vote on."""
    numbers = [number for number in ids if number is not None]
    found: dict[RequestId, frozenset[int]] = {}
    for request in read_requests(act.connection, requests.c.id.in_(numbers)):
        every = range(1, request.turn + 1)
        turns = frozenset(turn for turn in every if not is_open_to_checkers(request, turn))
        project = known_project(act.connection, request.project)
        subject = subject_of_request(act.tre, act.connection, act.actor, request, project)
        if turns and may_still_vote(act.tre, subject, act.actor):
            found[request.id] = turns
    return found
