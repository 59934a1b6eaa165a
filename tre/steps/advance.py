"""Move a request on: its state, the ledger's line and the author's notice, all at once."""

from collections.abc import Mapping
from typing import Any

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.states import Event, transition
from tre.steps.acting import Act
from tre.steps.telling import News, tell
from tre.store.requests import move


def refuse_old_page(request: ReleaseRequest, seen_turn: int | None) -> None:
    """Raise OvertakenError where a reviewer judges an earlier turn than the present one.

    seen_turn: the turn on the page that the reviewer has before them; None where it is not known.
    """
    if seen_turn is not None and seen_turn != request.turn:
        message = f"request {request.id} is in turn {request.turn} now; look at it again"
        raise OvertakenError(message)


def advance(
    act: Act,
    request: ReleaseRequest,
    event: Event,
    *,
    details: Mapping[str, Any] | None = None,
    **also: object,
) -> None:
    """Take the way that an event leads, if the request is still where it was read.

    also: columns of the request that change with it. Raises OvertakenError where it is not.
    """
    way = transition(request.state, event)
    move(act.connection, request, way.to, **also)
    turn = also.get("turn", request.turn)
    act.record({"turn": turn, "state": str(way.to), **(details or {})}, tag=way.tag)
    if way.notice and way.to is not request.state:  # a release that fails again is no news
        # The request's own title stays here: mail leaves the environment, and nobody reviews it.
        title = f"Request {request.id} is {way.to}"
        news = News(title=title, text=way.notice, path=f"/requests/{request.id}")
        tell(act.tre, act.connection, request.author, news, request=request.id)
