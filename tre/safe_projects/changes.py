"""Changes to an accredited project: who decides each kind, and what it makes of the project."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tre.decision import OvertakenError
from tre.safe_projects.application import AskedDataset, Choice
from tre.safe_projects.project import GrantedDataset, Membership, Project
from tre.vocabulary import PersonId, ProjectId


class ChangeKind(StrEnum):
    """What may change in a project that is accredited."""

    ADD_MEMBER = "add a member"
    REMOVE_MEMBER = "remove a member"
    MORE_DATA = "more data"
    LESS_DATA = "less data"
    EXTENSION = "extension"


class ChangeState(StrEnum):
    """Where a proposed change stands."""

    WITH_OWNER = "with the data owner"
    WITH_CHAIR = "with the panel's chair"
    MADE = "made"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


FIRST_STATE = {
    ChangeKind.ADD_MEMBER: ChangeState.WITH_CHAIR,
    ChangeKind.REMOVE_MEMBER: ChangeState.MADE,
    ChangeKind.MORE_DATA: ChangeState.WITH_OWNER,
    ChangeKind.LESS_DATA: ChangeState.MADE,
    ChangeKind.EXTENSION: ChangeState.WITH_CHAIR,
}
"""Who is asked first: the owner for data, the chair for the rest; taking away needs nobody."""


class ChangeEvent(StrEnum):
    """What moves a change on."""

    GRANT = "grant"
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


_S, _E = ChangeState, ChangeEvent

CHANGE_TRANSITIONS: dict[tuple[ChangeState, ChangeEvent], ChangeState] = {
    (_S.WITH_OWNER, _E.GRANT): _S.WITH_CHAIR,
    (_S.WITH_OWNER, _E.REFUSE): _S.REFUSED,
    (_S.WITH_OWNER, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.WITH_CHAIR, _E.ACCEPT): _S.MADE,
    (_S.WITH_CHAIR, _E.REFUSE): _S.REFUSED,
    (_S.WITH_CHAIR, _E.WITHDRAW): _S.WITHDRAWN,
}
"""(state, event) → state; a pair that is not here cannot happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWord:
    """What somebody said about a change. variables: granted, for an owner who approves."""

    person: PersonId
    at: datetime
    choice: Choice
    reasons: str
    conditions: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that the lead proposed.

    number: over all projects, 0 before it is recorded. member: whom it adds or removes. asked: the
    dataset as it would be then (MORE_DATA, LESS_DATA). until: the new last day, for an EXTENSION.
    """

    number: int
    project: ProjectId
    kind: ChangeKind
    state: ChangeState
    proposed_by: PersonId
    proposed_at: datetime
    reason: str
    member: PersonId | None = None
    asked: AskedDataset | None = None
    until: date | None = None
    words: tuple[ChangeWord, ...] = ()


def next_state(state: ChangeState, event: ChangeEvent) -> ChangeState:
    """Give the state that follows; raises OvertakenError where the event cannot happen now."""
    found = CHANGE_TRANSITIONS.get((state, event))
    if found is None:
        message = f"a change that is {state} cannot be met with “{event}”; look at it again"
        raise OvertakenError(message)
    return found


def with_change(project: Project, change: Change, on: date) -> Project:
    """The project as it is when the change has been made on the day.

    A member who is added stays to the project's end; one who is removed was on it until yesterday,
    and keeps their hands off it as a checker all the same. An extension takes along everybody
    whose membership lasted to the old end.
    """
    if change.kind is ChangeKind.EXTENSION and change.until is not None:
        members = tuple(
            replace(m, until=change.until) if project.ends <= m.until < change.until else m
            for m in project.members
        )
        return replace(project, ends=change.until, members=members)
    if change.kind is ChangeKind.ADD_MEMBER and change.member is not None:
        joined = Membership(person=change.member, since=on, until=max(on, project.ends))
        return replace(project, members=(*project.members, joined))
    if change.kind is ChangeKind.REMOVE_MEMBER:
        return replace(project, members=_without(project.members, change.member, on))
    if change.asked is not None:
        return replace(project, datasets=_with_dataset(project.datasets, change, change.asked, on))
    return project


def _without(
    members: tuple[Membership, ...], person: PersonId | None, on: date
) -> tuple[Membership, ...]:
    """End the memberships of a person with yesterday; those that begin later never begin."""
    yesterday = date.fromordinal(on.toordinal() - 1)
    return tuple(
        replace(m, since=min(m.since, yesterday), until=yesterday)
        if m.person == person and m.until >= on
        else m
        for m in members
    )


def _with_dataset(
    datasets: Iterable[GrantedDataset], change: Change, asked: AskedDataset, on: date
) -> tuple[GrantedDataset, ...]:
    others = tuple(one for one in datasets if one.dataset != asked.dataset)
    names = _granted_names(change, asked)
    if not names:
        return others
    new = GrantedDataset(
        dataset=asked.dataset,
        controller=asked.controller,
        variables=names,
        granted_on=on,
        place=asked.place,
        passport_trust=asked.passport_trust,
        policy=asked.policy,
        since_year=asked.since_year,
        until_year=asked.until_year,
    )
    return (*others, new)


def _granted_names(change: Change, asked: AskedDataset) -> tuple[str, ...]:
    """What the owner granted of it; all that is left, where the lead gives data back."""
    if change.kind is ChangeKind.LESS_DATA:
        return asked.names
    granted = {name for word in change.words for name in word.variables}
    return tuple(name for name in asked.names if name in granted)


def is_less(before: GrantedDataset | None, asked: AskedDataset) -> bool:
    """Whether an ask stays within what is granted: no other variable, no other year."""
    if before is None or set(asked.names) - set(before.variables):
        return False
    return _later(before.since_year, asked.since_year) and _earlier(
        before.until_year, asked.until_year
    )


def _later(bound: int | None, year: int | None) -> bool:
    return bound is None or (year is not None and year >= bound)


def _earlier(bound: int | None, year: int | None) -> bool:
    return bound is None or (year is not None and year <= bound)
