"""Release what was approved and is stuck: after a stop in the middle, or a disk that was full."""

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import OWNERS, Owner
from tre.steps.release import release
from tre.steps.tre import Tre
from tre.store.requests import read_requests
from tre.store.tables import requests
from tre.vocabulary import RequestId

STUCK = tuple(state for state, owner in OWNERS.items() if owner is Owner.SYSTEM)


def retry_releases(tre: Tre) -> dict[RequestId, State]:
    """Try every request that waits for the system once more; the states they are in then.

    A release that fails again stays failed, with the newest reason, where everybody sees it.
    """
    with tre.store.reading() as connection:
        waiting = read_requests(connection, requests.c.state.in_([str(state) for state in STUCK]))
    outcomes: dict[RequestId, State] = {}
    for request in waiting:
        try:
            outcomes[request.id] = release(tre, request.id)
        except OvertakenError:  # somebody else has released it meanwhile
            continue
    return outcomes
