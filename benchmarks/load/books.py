"""The check afterwards: does the ledger, by itself, say what became of every request?

Pure functions: lines of the ledger and what else is known go in, problems in words come out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.load.acts import WHAT, Act
from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import TRANSITIONS, Event
from tre.safe_people.system import SYSTEM_ID
from tre.vocabulary import Action, PersonId, RequestId

EVENTS: Mapping[str, Event] = {way.tag: event for (_, event), way in TRANSITIONS.items()}
"""Which event a line stands for."""

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the ledger, of what was done and not of what was refused."""

    number: int
    actor: PersonId
    tag: str
    request: RequestId | None
    details: Mapping[str, Any]


def problems_of_states(lines: Iterable[Line], states: Mapping[RequestId, str]) -> list[str]:
    """Replay every request's events: each must be possible in the state that the last one left.

    states: what the database says in the end. So no request was ever in two states at once: of
    two events that both left one state, the second could not happen in what the first had made.
    """
    problems: list[str] = []
    now: dict[RequestId, State] = {}
    for line in lines:
        if line.request is not None:
            problems += _replay(line, line.request, now)
    for request in sorted(now.keys() | states.keys()):
        replayed, kept = now.get(request), states.get(request)
        if replayed != kept:
            problems.append(
                f"request {request} is {kept or 'not there'} in the database, and "
                f"{replayed or 'not there'} by the ledger"
            )
    return problems


def _replay(line: Line, request: RequestId, now: dict[RequestId, State]) -> list[str]:
    """Take one request one line further; what is wrong with that line."""
    before = now.get(request)
    where = f"line {line.number}: request {request}"
    if line.tag == Action.CREATE_REQUEST:
        now[request] = State.DRAFT
        return [] if before is None else [f"{where} was created a second time"]
    if line.tag not in EVENTS:
        return []
    event, said = EVENTS[line.tag], State(line.details["state"])
    now[request] = said
    if before is None:
        return [f"{where}: “{event}” before it was created"]
    way = TRANSITIONS.get((before, event))
    if way is None:
        return [f"{where} was {before}, where “{event}” cannot happen"]
    if way.to is not said:
        return [f"{where} is {said} after “{event}”, which leads to {way.to}"]
    return []


def problems_of_acts(
    lines: Iterable[Line], confirmed: Iterable[Act], unsure: Iterable[Act] = ()
) -> list[str]:
    """Hold what people were told against what is written: each exactly as often as the other.

    unsure: what was asked and never answered; it may stand in the ledger or not.
    """
    written, told = Counter(acts_in(lines)), Counter(confirmed)
    lost, added = _less(told, written), _less(written, told + Counter(unsure))
    return [
        *(f"confirmed, and not in the ledger so often: {_said(act)}" for act in lost),
        *(f"in the ledger, and not confirmed so often: {_said(act)}" for act in added),
    ]


def acts_in(lines: Iterable[Line]) -> list[Act]:
    """What people did to requests, by the ledger."""
    kinds = {str(action): what for action, what in WHAT.items()}
    return [
        Act(
            actor=line.actor,
            tag=line.tag,
            request=line.request,
            what=kinds[line.tag](line.details),
        )
        for line in lines
        if line.request is not None and line.tag in kinds and line.actor != SYSTEM_ID
    ]


def problems_of_releases(
    lines: Sequence[Line],
    bundles: Mapping[RequestId, Sequence[str]],
    downloaded: Iterable[tuple[RequestId, str]],
) -> list[str]:
    """Ask for exactly one release of every approved request, and for its very bytes.

    bundles: the SHA-256 of the files in each request's release folder. downloaded: the request
    and the SHA-256 of what came out of it at a browser.
    """
    approved = Counter(each.request for each in lines if each.tag == Action.APPROVE_REQUEST)
    released: dict[RequestId, list[str]] = {}
    for line in lines:
        if line.tag == Action.RELEASE_REQUEST and line.request is not None:
            released.setdefault(line.request, []).append(str(line.details["bundle_sha256"]))
    problems = [
        f"request {request} was approved {approved[request]} times and released "
        f"{len(released.get(request, []))} times"
        for request in sorted({*approved, *released} - {None}, key=lambda number: number or 0)
        if (approved[request], len(released.get(request or 0, []))) != (1, 1)
    ]
    problems += [
        f"the release folder of request {request} does not hold what was released"
        for request in sorted(released.keys() | bundles.keys())
        if sorted(released.get(request, [])) != sorted(bundles.get(request, []))
    ]
    return problems + [
        f"what was downloaded of request {request} is not what was released"
        for request, sha256 in downloaded
        if sha256 not in released.get(request, [])
    ]


def _less(one: Counter[Act], other: Counter[Act]) -> list[Act]:
    """Of which acts there are more in one than in the other; the first few."""
    return sorted(one - other)[:SHOWN_AT_MOST]


def _said(act: Act) -> str:
    return f"{act.tag} of request {act.request} by {act.actor} {act.what}".rstrip()
