"""Change a project that is accredited: the lead proposes, owners and the panel's chair decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from tre.decision import ALLOWED, Decision, OvertakenError, UnusableRequestError
from tre.safe_projects.application import AskedDataset, Choice
from tre.safe_projects.changes import (
    FIRST_STATE,
    Change,
    ChangeEvent,
    ChangeKind,
    ChangeState,
    ChangeWord,
    is_less,
    next_state,
    with_change,
)
from tre.safe_projects.completeness import (
    LONGEST_YEARS,
    MINIMISED,
    missing_reasons,
    says_how_data_meet,
)
from tre.safe_projects.draft import Ask
from tre.safe_projects.judges import (
    Voice,
    are_apart,
    is_about_another,
    judges,
    speaks_with_one_voice,
    voices,
)
from tre.safe_projects.lifecycle import Event, transition
from tre.safe_projects.membership import leads_on, members_on
from tre.safe_projects.owners import grants_no_more
from tre.safe_projects.project import GrantedDataset, Project
from tre.steps.acting import Act, acting, known_person
from tre.steps.asked_data import asked_of, places_of
from tre.steps.decide_as_owner import Answer, usable_conditions
from tre.steps.project_in_hand import InHand, hidden, in_hand, keep, tell
from tre.steps.texts import usable_line, usable_text
from tre.steps.tre import Tre
from tre.store.project_changes import (
    add_change,
    move_change,
    people_with,
    read_changes,
)
from tre.vocabulary import Action, PersonId, ProjectId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a lead wants changed; which of the fields are needed, the kind says.

    member: whom to add or remove. ask: a dataset as it shall be (MORE_DATA, LESS_DATA; without
    variables it is given back). until: the new last day.
    """

    kind: ChangeKind
    reason: str
    member: PersonId | None = None
    ask: Ask | None = None
    until: date | None = None


def propose_change(tre: Tre, actor: PersonId, project: ProjectId, proposal: Proposal) -> int:
    """Propose a change and give its number; what only takes away is made at once.

    Raises RefusedError with every reason; UnusableRequestError for a change that makes no sense.
    """
    with acting(tre, actor, Action.PROPOSE_CHANGE) as act:
        held = in_hand(act, project)
        change = _change(act, held, proposal)
        act.require(held.subject, _is_argued(held, change), _joins_unjudged(act, held, change))
        _refuse_twice(act, change)
        number = add_change(act.connection, change)
        change = replace(change, number=number)
        act.record({"change": number, "kind": str(change.kind), **_details(change)})
        if change.state is ChangeState.MADE:
            _make(act, held, change)
        else:
            _ask(act, held, change)
        return number


def decide_change_as_owner(
    tre: Tre, actor: PersonId, project: ProjectId, number: int, answer: Answer
) -> None:
    """Grant the data that a change asks for, or less of them, or refuse them."""
    with acting(tre, actor, Action.DECIDE_AS_OWNER) as act:
        held, change = _held(act, project, number)
        asked = _asked(change)
        grants = answer.choice is Choice.APPROVE
        act.require(
            replace(held.subject, controller=asked.controller),
            grants_no_more(asked, answer.variables) if grants else ALLOWED,
        )
        names = tuple(name for name in asked.names if name in answer.variables) if grants else ()
        after = _answered(act, change, answer, names, yes=ChangeEvent.GRANT)
        if after.state is ChangeState.WITH_CHAIR:
            _ask(act, held, after)


def decide_change(
    tre: Tre, actor: PersonId, project: ProjectId, number: int, answer: Answer
) -> None:
    """Accept a change or refuse it, as a member of the panel who acts for its chair."""
    with acting(tre, actor, Action.DECIDE_CHANGE) as act:
        held, change = _held(act, project, number)
        joins = _joins_unjudged(act, held, change) if answer.choice is Choice.APPROVE else ALLOWED
        apart = speaks_with_one_voice(voices(None, change), actor, Voice.PANEL)
        act.require(held.subject, is_about_another(change, actor), apart, joins)
        if change.state is ChangeState.WITH_OWNER:
            message = "this change waits for the data owner first; look at it again later"
            raise OvertakenError(message)
        after = _answered(act, change, answer, (), yes=ChangeEvent.ACCEPT)
        if after.state is ChangeState.MADE:
            _make(act, held, after)
        else:
            tell(
                act,
                held.project,
                leads_on(held.project, act.at.date()),
                "A change was refused: read why.",
            )


def withdraw_change(tre: Tre, actor: PersonId, project: ProjectId, number: int) -> None:
    """Take a proposed change back."""
    with acting(tre, actor, Action.WITHDRAW_CHANGE) as act:
        held, change = _held(act, project, number)
        act.require(held.subject)
        state = next_state(change.state, ChangeEvent.WITHDRAW)
        move_change(act.connection, change, replace(change, state=state))
        act.record({"change": number, "state": str(state)})


def _change(act: Act, held: InHand, proposal: Proposal) -> Change:
    change = Change(
        number=0,
        project=held.project.id,
        kind=proposal.kind,
        state=FIRST_STATE[proposal.kind],
        proposed_by=act.actor.id,
        proposed_at=act.at,
        reason=usable_text(proposal.reason, what="reason"),
        member=proposal.member,
        asked=asked_of([proposal.ask])[0] if proposal.ask else None,
        until=proposal.until,
    )
    _CHECKS[proposal.kind](act, held.project, change)
    return change


def _check_new_member(act: Act, project: Project, change: Change) -> None:
    person = known_person(act.connection, usable_line(change.member or "", what="sign-in name"))
    if Role.RESEARCHER not in person.roles:
        raise UnusableRequestError(_NO_RESEARCHER)
    if person.id in members_on(project, act.at.date()):
        message = f"{person.id} is on the project already"
        raise UnusableRequestError(message)


def _check_old_member(act: Act, project: Project, change: Change) -> None:
    if change.member not in members_on(project, act.at.date()):
        message = "nobody of that name is on the project today"
        raise UnusableRequestError(message)
    if change.member in leads_on(project, act.at.date()):
        message = "a project is not without its lead; the TRE manager records another one first"
        raise UnusableRequestError(message)


def _check_more(_: Act, project: Project, change: Change) -> None:
    asked = _asked(change)
    if is_less(_granted(project, asked), asked):
        message = f"all of that is granted already; to give data back, choose “{_LESS}”"
        raise UnusableRequestError(message)


def _check_less(_: Act, project: Project, change: Change) -> None:
    asked = _asked(change)
    if not is_less(_granted(project, asked), asked):
        message = f"that is not within what is granted of “{asked.dataset}”; ask for more data"
        raise UnusableRequestError(message)


def _check_extension(act: Act, project: Project, change: Change) -> None:
    if change.until is None or change.until <= project.ends:
        message = f"an extension ends after {project.ends:%d %B %Y}, the present last day"
        raise UnusableRequestError(message)
    if change.until < act.at.date():
        message = f"{change.until:%d %B %Y} is past already; an extension ends on a day to come"
        raise UnusableRequestError(message)
    if (change.until - project.ends).days > LONGEST_YEARS * 366:
        message = f"an extension is of at most {LONGEST_YEARS} years"
        raise UnusableRequestError(message)


_LESS = str(ChangeKind.LESS_DATA)
_NO_RESEARCHER = "that account is not a researcher's, and cannot be on a project"
_CHECKS: dict[ChangeKind, Callable[[Act, Project, Change], None]] = {
    ChangeKind.ADD_MEMBER: _check_new_member,
    ChangeKind.REMOVE_MEMBER: _check_old_member,
    ChangeKind.MORE_DATA: _check_more,
    ChangeKind.LESS_DATA: _check_less,
    ChangeKind.EXTENSION: _check_extension,
}


def _is_argued(held: InHand, change: Change) -> Decision:
    """More data are argued for as in an application, also how those of two places meet."""
    if change.kind is not ChangeKind.MORE_DATA or change.asked is None:
        return ALLOWED
    decision = ALLOWED
    for sentence in missing_reasons(change.asked):
        decision = decision.also(MINIMISED.refuses(sentence))
    datasets = (*(one.dataset for one in held.project.datasets), change.asked.dataset)
    return decision.also(says_how_data_meet(held.project, places_of(datasets)))


def _joins_unjudged(act: Act, held: InHand, change: Change) -> Decision:
    """Who would be added has not judged the project."""
    if change.kind is not ChangeKind.ADD_MEMBER or change.member is None:
        return ALLOWED
    judged = judges(held.application, read_changes(act.connection, [change.project]))
    return are_apart({change.member}, judged)


def _refuse_twice(act: Act, change: Change) -> None:
    """One change of a kind and a subject at a time: two would undo each other."""
    for other in read_changes(act.connection, [change.project]):
        is_open = other.state in {ChangeState.WITH_OWNER, ChangeState.WITH_CHAIR}
        if is_open and _subject_of(other) == _subject_of(change):
            message = f"change {other.number} is about the same and still open; withdraw it first"
            raise UnusableRequestError(message)


def _subject_of(change: Change) -> tuple[object, ...]:
    dataset = change.asked.dataset if change.asked else None
    return (change.member, dataset, change.until is not None)


def _held(act: Act, project: ProjectId, number: int) -> tuple[InHand, Change]:
    """The project and its change; HiddenError for a change that is not the project's."""
    held = in_hand(act, project)
    for change in read_changes(act.connection, [project]):
        if change.number == number:
            return held, change
    raise hidden(project)


def _answered(
    act: Act, change: Change, answer: Answer, variables: tuple[str, ...], *, yes: ChangeEvent
) -> Change:
    if answer.choice is Choice.RETURN:
        message = "a change is approved or refused; ask the lead, who can propose another one"
        raise UnusableRequestError(message)
    event = yes if answer.choice is Choice.APPROVE else ChangeEvent.REFUSE
    word = ChangeWord(
        person=act.actor.id,
        at=act.at,
        choice=answer.choice,
        reasons=usable_text(answer.reasons, what="reason"),
        conditions=usable_conditions(answer.conditions),
        variables=variables,
    )
    state = next_state(change.state, event)
    after = replace(change, state=state, words=(*change.words, word))
    move_change(act.connection, change, after)
    act.record(
        {
            "change": change.number,
            "kind": str(change.kind),
            "choice": str(word.choice),
            "state": str(state),
            "variables": list(variables),
            "conditions": list(word.conditions),
        }
    )
    return after


def _make(act: Act, held: InHand, change: Change) -> None:
    """Let the change come into force, with its line and its notices."""
    way = transition(held.project.state, Event.CHANGE)
    changed = with_change(held.project, change, act.at.date())
    keep(act, held, changed)
    act.record({"change": change.number, **_details(change)}, tag=way.tag, person=change.member)
    told = set(leads_on(changed, act.at.date())) | ({change.member} if change.member else set())
    tell(act, changed, told, way.notice)
    if change.asked is not None:
        linkers = people_with(act.connection, Role.DATA_LINKER)
        tell(act, changed, linkers, "What a project is granted has changed: make its extract anew.")


def _ask(act: Act, held: InHand, change: Change) -> None:
    if change.state is ChangeState.WITH_OWNER and change.asked is not None:
        who = people_with(act.connection, Role.DATA_OWNER, {change.asked.controller})
        tell(act, held.project, who, "A project asks for more data of your organisation.")
    else:
        panel = people_with(act.connection, Role.PANEL_MEMBER)
        tell(act, held.project, panel, "A change to a project waits for the panel's chair.")


def _asked(change: Change) -> AskedDataset:
    if change.asked is None:
        message = "name the dataset that the change is about"
        raise UnusableRequestError(message)
    return change.asked


def _granted(project: Project, asked: AskedDataset) -> GrantedDataset | None:
    return next((one for one in project.datasets if one.dataset == asked.dataset), None)


def _details(change: Change) -> dict[str, object]:
    return {
        "member": change.member,
        "dataset": change.asked.dataset if change.asked else None,
        "until": change.until.isoformat() if change.until else None,
    }
