"""A project's states from its first draft to its end, and every way between them, as one table."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tre.decision import ALLOWED, Decision, OvertakenError, Rule
from tre.safe_projects.project import Project, ProjectState
from tre.vocabulary import Safe

STATE = Rule(
    name="state of the project",
    safe=Safe.PROJECTS,
    sentence="The project is in a state in which the act makes sense.",
    source="ONS project accreditation; table of states",
)


class Owner(StrEnum):
    """Who must do something next."""

    LEAD = "the project's lead"
    LAY_GROUP = "the lay group"
    DATA_OWNERS = "the data owners"
    PANEL = "the panel"
    MANAGER = "the TRE manager"
    NOBODY = "nobody"


class Event(StrEnum):
    """What happens to a project."""

    SUBMIT = "submit"
    ADVISE = "advise"
    ANSWER = "answer the advice"
    DECIDE_DATA = "decide on a dataset"
    GRANT_ALL = "grant all data"
    VOTE = "vote"
    ACCREDIT = "accredit"
    REFUSE = "refuse"
    RETURN = "return with questions"
    WITHDRAW = "withdraw"
    CHANGE = "change"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One way: where it leads, whose turn it is then, the ledger's tag, what the lead is told."""

    to: ProjectState
    owner: Owner
    tag: str
    notice: str


_S = ProjectState

OWNERS = {
    _S.APPLIED: Owner.MANAGER,
    _S.DRAFT: Owner.LEAD,
    _S.WITH_LAY_GROUP: Owner.LAY_GROUP,
    _S.ADVISED: Owner.LEAD,
    _S.WITH_OWNERS: Owner.DATA_OWNERS,
    _S.WITH_PANEL: Owner.PANEL,
    _S.RETURNED: Owner.LEAD,
    _S.ACCREDITED: Owner.LEAD,
    _S.SUSPENDED: Owner.MANAGER,
    _S.ENDED: Owner.NOBODY,
    _S.REFUSED: Owner.NOBODY,
    _S.WITHDRAWN: Owner.NOBODY,
}
"""Whose turn it is in each state."""


def _to(state: ProjectState, tag: str, notice: str = "") -> Transition:
    return Transition(to=state, owner=OWNERS[state], tag=tag, notice=notice)


_WITHDRAWN = _to(_S.WITHDRAWN, "projects:application:withdraw", "The application was withdrawn.")
_RETURNED = "The application came back with questions: answer them and hand it in again."
_RETURNED_BY_OWNER = _to(_S.RETURNED, "projects:data:return", _RETURNED)
_ENDED = _to(
    _S.ENDED,
    "projects:project:end",
    "The project has ended: nobody can enter it, and its data are destroyed.",
)

TRANSITIONS: dict[tuple[ProjectState, Event], Transition] = {
    (_S.DRAFT, Event.SUBMIT): _to(
        _S.WITH_LAY_GROUP,
        "projects:application:submit",
        "The application is with the Service User and Carer Advisory Group.",
    ),
    (_S.DRAFT, Event.WITHDRAW): _WITHDRAWN,
    (_S.WITH_LAY_GROUP, Event.ADVISE): _to(
        _S.ADVISED,
        "projects:advice:give",
        "The Service User and Carer Advisory Group has given its advice: answer it.",
    ),
    (_S.WITH_LAY_GROUP, Event.WITHDRAW): _WITHDRAWN,
    (_S.ADVISED, Event.ANSWER): _to(
        _S.WITH_OWNERS, "projects:advice:answer", "The application is with the data owners."
    ),
    (_S.ADVISED, Event.WITHDRAW): _WITHDRAWN,
    (_S.WITH_OWNERS, Event.DECIDE_DATA): _to(_S.WITH_OWNERS, "projects:data:decide"),
    (_S.WITH_OWNERS, Event.RETURN): _RETURNED_BY_OWNER,
    (_S.WITH_OWNERS, Event.GRANT_ALL): _to(
        _S.WITH_PANEL,
        "projects:data:granted",
        "Every data owner has granted their data; the application is with the panel.",
    ),
    (_S.WITH_OWNERS, Event.WITHDRAW): _WITHDRAWN,
    (_S.WITH_PANEL, Event.VOTE): _to(_S.WITH_PANEL, "projects:panel:vote"),
    (_S.WITH_PANEL, Event.ACCREDIT): _to(
        _S.ACCREDITED,
        "projects:panel:accredit",
        "The panel has accredited the project: read its conditions.",
    ),
    (_S.WITH_PANEL, Event.REFUSE): _to(
        _S.REFUSED, "projects:panel:refuse", "The panel has refused the project: read the reasons."
    ),
    (_S.WITH_PANEL, Event.RETURN): _to(_S.RETURNED, "projects:panel:return", _RETURNED),
    (_S.WITH_PANEL, Event.WITHDRAW): _WITHDRAWN,
    (_S.RETURNED, Event.SUBMIT): _to(
        _S.WITH_OWNERS, "projects:application:submit", "The application is with the data owners."
    ),
    (_S.RETURNED, Event.WITHDRAW): _WITHDRAWN,
    (_S.ACCREDITED, Event.CHANGE): _to(
        _S.ACCREDITED, "projects:change:make", "A change to the project has come into force."
    ),
    (_S.ACCREDITED, Event.SUSPEND): _to(
        _S.SUSPENDED,
        "projects:project:suspend",
        "The project is suspended: sessions stop, requests stand still. Read the reason.",
    ),
    (_S.ACCREDITED, Event.END): _ENDED,
    (_S.SUSPENDED, Event.CHANGE): _to(
        _S.SUSPENDED, "projects:change:make", "A change to the project has come into force."
    ),
    (_S.SUSPENDED, Event.RESUME): _to(
        _S.ACCREDITED, "projects:project:resume", "The project goes on: its gate is open again."
    ),
    (_S.SUSPENDED, Event.END): _ENDED,
    (_S.APPLIED, Event.END): _ENDED,
}
"""(state, event) → where it leads; a pair that is not here cannot happen."""

FINAL = frozenset({_S.ENDED, _S.REFUSED, _S.WITHDRAWN})
"""States that nothing leads out of."""

PRIVATE = frozenset({_S.DRAFT, _S.WITHDRAWN})
"""States in which only the people named on it know that there is an application."""

PUBLIC = (_S.ACCREDITED, _S.SUSPENDED, _S.ENDED)
"""States in which a project stands in the public register: from its accreditation on."""


def transition(state: ProjectState, event: Event) -> Transition:
    """Look up one way; raises OvertakenError where the event cannot happen now.

    It is that error since the one who asks saw another state, which somebody has changed.
    """
    found = TRANSITIONS.get((state, event))
    if found is None:
        possible = ", ".join(f"“{each}”" for each in events_from(state)) or "nothing"
        message = f"a project that is {state} cannot “{event}”; possible now: {possible}"
        raise OvertakenError(message)
    return found


def events_from(state: ProjectState) -> tuple[Event, ...]:
    """List what can happen in a state, in the order of the events."""
    return tuple(event for event in Event if (state, event) in TRANSITIONS)


def states_before(*events: Event) -> tuple[ProjectState, ...]:
    """List the states in which any of the events can happen, in the order of the states."""
    return tuple(s for s in ProjectState if any((s, event) in TRANSITIONS for event in events))


def is_in_state(project: Project, states: Collection[ProjectState]) -> Decision:
    """Ask for one of the states."""
    if project.state in states:
        return ALLOWED
    wanted = " or ".join(str(state) for state in ProjectState if state in states)
    return STATE.refuses(
        f"“{project.title}” is {project.state}, and this needs it to be {wanted}. "
        f"{_NEXT[OWNERS[project.state]]}"
    )


_NEXT = {
    Owner.LEAD: "It is with its lead.",
    Owner.LAY_GROUP: "It is with the Service User and Carer Advisory Group.",
    Owner.DATA_OWNERS: "It is with the data owners.",
    Owner.PANEL: "It is with the panel.",
    Owner.MANAGER: "It is with the TRE manager.",
    Owner.NOBODY: "Nothing more can be done with it; a new study needs a new application.",
}


def mermaid() -> str:
    """Draw the table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {_node(_S.DRAFT)}"]
    lines += [f'    state "{state}" as {_node(state)}' for state in ProjectState if " " in state]
    lines += [
        f"    {_node(state)} --> {_node(way.to)}: {event}"
        for (state, event), way in TRANSITIONS.items()
    ]
    lines += [f"    {_node(state)} --> [*]" for state in ProjectState if state in FINAL]
    return "\n".join(lines) + "\n"


def _node(state: ProjectState) -> str:
    return state.replace(" ", "_")
