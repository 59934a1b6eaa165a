"""The states of a release request and every way between them, as one table."""

from dataclasses import dataclass
from enum import StrEnum

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import State


class Owner(StrEnum):
    """Whose turn it is to do something with a request."""

    AUTHOR = "author"
    REVIEWERS = "reviewers"
    SYSTEM = "system"
    NOBODY = "nobody"


class Event(StrEnum):
    """What moves a request from one state to another."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    SUBMIT_REVIEW = "submit review"
    RETURN = "return"
    REJECT = "reject"
    APPROVE = "approve"
    RELEASE = "release"
    FAIL = "fail"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One way: where it leads, who owns the request then, what the books and people are told.

    tag: the ledger's, safe:subject:action. notice: what the author's side is told, "" for nothing.
    """

    to: State
    owner: Owner
    tag: str
    notice: str


OWNERS = {
    State.DRAFT: Owner.AUTHOR,
    State.SUBMITTED: Owner.REVIEWERS,
    State.PARTIALLY_REVIEWED: Owner.REVIEWERS,
    State.REVIEWED: Owner.REVIEWERS,
    State.RETURNED: Owner.AUTHOR,
    State.APPROVED: Owner.SYSTEM,
    State.FAILED: Owner.SYSTEM,
    State.RELEASED: Owner.NOBODY,
    State.WITHDRAWN: Owner.NOBODY,
    State.REJECTED: Owner.NOBODY,
    State.REVOKED: Owner.NOBODY,
}
"""Who owns a request in each state."""


def _to(state: State, tag: str, notice: str = "") -> Transition:
    return Transition(to=state, owner=OWNERS[state], tag=tag, notice=notice)


_SUBMITTED = _to(State.SUBMITTED, "outputs:request:submit", "Your request waits for two checkers.")
_WITHDRAWN = _to(State.WITHDRAWN, "outputs:request:withdraw", "Your request was withdrawn.")
_RETURNED = _to(
    State.RETURNED,
    "outputs:request:return",
    "Your request came back with remarks: answer them and submit it again.",
)
_RELEASED = _to(
    State.RELEASED, "outputs:request:release", "Your results are released: download the bundle."
)
_FAILED = _to(
    State.FAILED,
    "outputs:request:release-failed",
    "Your request is approved, but writing its bundle failed; it is tried again.",
)

TRANSITIONS: dict[tuple[State, Event], Transition] = {
    (State.DRAFT, Event.SUBMIT): _SUBMITTED,
    (State.DRAFT, Event.WITHDRAW): _WITHDRAWN,
    (State.SUBMITTED, Event.SUBMIT_REVIEW): _to(State.PARTIALLY_REVIEWED, "outputs:review:submit"),
    (State.SUBMITTED, Event.RETURN): _RETURNED,
    (State.PARTIALLY_REVIEWED, Event.SUBMIT_REVIEW): _to(State.REVIEWED, "outputs:review:submit"),
    (State.PARTIALLY_REVIEWED, Event.RETURN): _RETURNED,
    (State.REVIEWED, Event.SUBMIT_REVIEW): _to(State.REVIEWED, "outputs:review:submit"),
    (State.REVIEWED, Event.APPROVE): _to(
        State.APPROVED, "outputs:request:approve", "Your request is approved."
    ),
    (State.REVIEWED, Event.REJECT): _to(
        State.REJECTED, "outputs:request:reject", "Your request was rejected: read the reason."
    ),
    (State.REVIEWED, Event.RETURN): _RETURNED,
    (State.RETURNED, Event.SUBMIT): _SUBMITTED,
    (State.RETURNED, Event.WITHDRAW): _WITHDRAWN,
    (State.APPROVED, Event.RELEASE): _RELEASED,
    (State.APPROVED, Event.FAIL): _FAILED,
    (State.FAILED, Event.RELEASE): _RELEASED,
    (State.FAILED, Event.FAIL): _FAILED,
    (State.FAILED, Event.RETURN): _RETURNED,
    (State.RELEASED, Event.REVOKE): _to(
        State.REVOKED,
        "outputs:release:revoke",
        "A mistake was found: the release was revoked, stop using its files.",
    ),
}
"""(state, event) → where it leads; a pair that is not here cannot happen."""

FINAL = frozenset({State.WITHDRAWN, State.REJECTED, State.REVOKED})
"""States that nothing leads out of."""


def step(state: State, event: Event) -> State:
    """Give the state that follows; raises OvertakenError where the event cannot happen now.

    It is that error since the one who asks saw another state, which somebody has changed.
    """
    return transition(state, event).to


def transition(state: State, event: Event) -> Transition:
    """Look up one way, with its owner, tag and notice; raises OvertakenError like `step`."""
    found = TRANSITIONS.get((state, event))
    if found is None:
        possible = ", ".join(f"“{e}”" for e in events_from(state)) or "nothing"
        message = f"a request that is {state} cannot “{event}”; possible now: {possible}"
        raise OvertakenError(message)
    return found


def events_from(state: State) -> tuple[Event, ...]:
    """List what can happen in a state, in the order of the events."""
    return tuple(event for event in Event if (state, event) in TRANSITIONS)


def states_before(event: Event) -> tuple[State, ...]:
    """List the states in which an event can happen, in the order of the states."""
    return tuple(state for state in State if (state, event) in TRANSITIONS)


def mermaid() -> str:
    """Draw the table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {_node(State.DRAFT)}"]
    lines += [f'    state "{state}" as {_node(state)}' for state in State if " " in state]
    lines += [
        f"    {_node(state)} --> {_node(way.to)}: {event}"
        for (state, event), way in TRANSITIONS.items()
    ]
    lines += [f"    {_node(state)} --> [*]" for state in State if state in FINAL]
    return "\n".join(lines) + "\n"


def _node(state: State) -> str:
    return state.replace(" ", "_")
