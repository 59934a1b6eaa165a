"""Look at a project: everything about it that the one who looks may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tre.decision import Decision
from tre.five_safes import decide
from tre.five_safes.project_requirements import PROJECT_ACTIONS
from tre.safe_projects.application import Application, AskedDataset
from tre.safe_projects.changes import Change, ChangeState
from tre.safe_projects.lifecycle import OWNERS, TRANSITIONS, Event
from tre.safe_projects.owners import waits_for
from tre.safe_projects.panel import conditions as conditions_of
from tre.safe_projects.panel import visible_votes
from tre.safe_projects.places import place_of, strictest
from tre.safe_projects.project import Place, Project, ProjectState
from tre.safe_projects.same_arguments import SameArgument, same_arguments
from tre.steps.acting import Act, acting
from tre.steps.project_in_hand import InHand, in_hand, waits_for_word
from tre.steps.tre import SYSTEM, Tre
from tre.steps.views import EventView
from tre.store.ledger import LedgerEntry
from tre.store.ledger_reading import entries
from tre.store.people import read_people
from tre.store.project_applications import read_application
from tre.store.project_changes import Archive, Released, read_archives, read_changes, read_released
from tre.vocabulary import Action, PersonId, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """Somebody who is, was or will be on the project."""

    id: PersonId
    name: str
    organisation: str
    since: date
    until: date
    lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """A project as its viewer may see it.

    application: None where it was recorded without one; votes are those that the viewer may see.
    votes_cast: of the present round, also those that are not shown. place: where its data are
    used, by what is granted, or asked for before. same_arguments: what was argued alike for many
    of the variables, while they are asked for. for_me: the datasets that wait for the viewer's
    word as their owner. may: by action, with every reason why not.
    """

    project: Project
    application: Application | None
    whose_turn: str
    votes_cast: int
    place: Place
    members: tuple[MemberView, ...]
    conditions: tuple[str, ...]
    changes: tuple[Change, ...]
    released: tuple[Released, ...]
    archive: Archive | None
    history: tuple[EventView, ...]
    names: Mapping[PersonId, str]
    same_arguments: tuple[SameArgument, ...]
    for_me: tuple[AskedDataset, ...]
    changes_for_me: tuple[int, ...]
    may: Mapping[str, Decision]
    is_mine: bool


def view_project(tre: Tre, actor: PersonId, project: ProjectId) -> ProjectView:
    """Give a project as the actor may see it; that they looked is on the ledger.

    Raises HiddenError, in the same words, where there is none and where it is not theirs to see;
    RefusedError to those who have a part in it and may not look today.
    """
    with acting(tre, actor, Action.VIEW_PROJECT) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        view = _draw(act, held)
        act.record()
    return view


def project_conditions(tre: Tre, project: ProjectId) -> tuple[str, ...]:
    """What a project must keep to, beside its requests; nothing is decided.

    Whoever may see a request of the project may see under which conditions it stands.
    """
    with tre.store.reading() as connection:
        application = read_application(connection, project)
        return _conditions(application, read_changes(connection, [project]))


def _draw(act: Act, held: InHand) -> ProjectView:
    project, application = held.project, held.application
    changes = read_changes(act.connection, [project.id])
    decided = project.state is not ProjectState.WITH_PANEL
    shown = application
    if application is not None:
        votes = visible_votes(application, act.actor.id, decided=decided)
        shown = replace(application, votes=votes)
    names = _names(act, held, changes)
    return ProjectView(
        project=project,
        application=shown,
        whose_turn=str(OWNERS[project.state]),
        votes_cast=len(application.votes_now()) if application else 0,
        place=_place(project, application),
        members=_members(held),
        conditions=_conditions(application, changes),
        changes=changes,
        released=read_released(act.connection, project.id),
        archive=read_archives(act.connection).get(project.id),
        history=_history(act, project, names, decided=decided),
        names=names,
        same_arguments=_argued_alike(project, application),
        for_me=_for_me(act, held),
        changes_for_me=tuple(
            c.number for c in changes if waits_for_word(act.actor, held.subject, c, on=act.at)
        ),
        may=_may(act, held),
        is_mine=any(member.person == act.actor.id for member in project.members),
    )


def _place(project: Project, application: Application | None) -> Place:
    """The most restrictive place of what is granted; before that, of what is asked for."""
    if project.datasets or application is None:
        return place_of(project)
    return strictest(asked.place for asked in application.asked)


def _argued_alike(project: Project, application: Application | None) -> tuple[SameArgument, ...]:
    """Only while it is asked for: what was granted was argued for well enough."""
    return same_arguments(application.asked) if application and not project.datasets else ()


def _members(held: InHand) -> tuple[MemberView, ...]:
    people = held.subject.people
    return tuple(
        MemberView(
            id=member.person,
            name=people[member.person].name,
            organisation=people[member.person].organisation,
            since=member.since,
            until=member.until,
            lead=member.lead,
        )
        for member in sorted(held.project.members, key=lambda m: (not m.lead, m.person))
        if member.person in people
    )


def _conditions(application: Application | None, changes: tuple[Change, ...]) -> tuple[str, ...]:
    found = list(conditions_of(application)) if application else []
    for change in changes:
        if change.state is ChangeState.MADE:
            found += [condition for word in change.words for condition in word.conditions]
    return tuple(dict.fromkeys(found))


def _for_me(act: Act, held: InHand) -> tuple[AskedDataset, ...]:
    if held.application is None or held.project.state is not ProjectState.WITH_OWNERS:
        return ()
    subject = replace(held.subject, controller=act.actor.organisation)
    if not decide(act.actor, Action.DECIDE_AS_OWNER, subject, on=act.at).allowed:
        return ()
    return waits_for(held.application, act.actor.organisation)


def _may(act: Act, held: InHand) -> dict[str, Decision]:
    subject = replace(held.subject, controller=act.actor.organisation)
    return {
        str(action): decide(act.actor, action, subject, on=act.at) for action in PROJECT_ACTIONS
    }


def _names(act: Act, held: InHand, changes: tuple[Change, ...]) -> dict[PersonId, str]:
    ids = {member.person for member in held.project.members}
    ids |= {change.proposed_by for change in changes}
    ids |= {change.member for change in changes if change.member}
    ids |= {word.person for change in changes for word in change.words}
    if held.application is not None:
        said = held.application
        for kind in (said.advice, said.replies, said.decisions, said.votes):
            ids |= {one.person for one in kind}
    ids |= {entry.actor for entry in _entries(act, held.project.id)}
    return {person.id: person.name for person in read_people(act.connection, ids).values()}


def _entries(act: Act, project: ProjectId) -> tuple[LedgerEntry, ...]:
    found = entries(act.connection, project=project)
    return tuple(e for e in found if e.outcome == "done" and e.tag in WHAT_HAPPENED)


def _history(
    act: Act, project: Project, names: Mapping[PersonId, str], *, decided: bool
) -> tuple[EventView, ...]:
    """What the ledger has of the project, the newest first; who votes is told once all have."""
    told = []
    for entry in _entries(act, project.id):
        who = names.get(entry.actor, "the environment" if entry.actor == SYSTEM else entry.actor)
        if entry.tag == str(Action.VOTE_ON_PROJECT) and not decided:
            who = "a member of the panel"
        what = WHAT_HAPPENED[entry.tag]
        reason = entry.details.get("reason") if entry.tag in WITH_REASON else None
        told.append(EventView(at=entry.at, who=who, what=f"{what}: {reason}" if reason else what))
    return tuple(told)


WITH_REASON = frozenset(
    {str(Action.SUSPEND_PROJECT), str(Action.RESUME_PROJECT), str(Action.END_PROJECT)}
)
"""What the manager does, with a reason that the project's people read."""

WHAT_HAPPENED: dict[str, str] = {
    str(Action.APPLY_FOR_PROJECT): "wrote the application",
    str(Action.RECORD_PROJECT): "recorded the project",
    str(Action.PROPOSE_CHANGE): "proposed a change",
    str(Action.WITHDRAW_CHANGE): "withdrew a change",
    str(Action.DECIDE_CHANGE): "answered a change",
    str(Action.MAKE_EXTRACT): "made a version of the extract",
    str(Action.DESTROY_EXTRACT): "destroyed a version of the extract",
    "outputs:request:release": "released a result",
    "outputs:release:revoke": "revoked a release",
    "projects:workspace:archive": "archived the workspace",
} | {
    TRANSITIONS[pair].tag: words
    for pair, words in (
        ((ProjectState.DRAFT, Event.SUBMIT), "handed the application in"),
        ((ProjectState.DRAFT, Event.WITHDRAW), "withdrew the application"),
        ((ProjectState.WITH_LAY_GROUP, Event.ADVISE), "gave the lay group's advice"),
        ((ProjectState.ADVISED, Event.ANSWER), "answered the advice"),
        ((ProjectState.WITH_OWNERS, Event.DECIDE_DATA), "decided on a dataset"),
        ((ProjectState.WITH_OWNERS, Event.RETURN), "returned it with questions"),
        ((ProjectState.WITH_OWNERS, Event.GRANT_ALL), "passed it on: all data are granted"),
        ((ProjectState.WITH_PANEL, Event.VOTE), "voted"),
        ((ProjectState.WITH_PANEL, Event.ACCREDIT), "counted the votes: accredited"),
        ((ProjectState.WITH_PANEL, Event.REFUSE), "counted the votes: refused"),
        ((ProjectState.WITH_PANEL, Event.RETURN), "counted the votes: returned with questions"),
        ((ProjectState.ACCREDITED, Event.CHANGE), "made a change"),
        ((ProjectState.ACCREDITED, Event.SUSPEND), "suspended the project"),
        ((ProjectState.SUSPENDED, Event.RESUME), "let the project go on"),
        ((ProjectState.ACCREDITED, Event.END), "ended the project"),
    )
}
"""What the history says of each tag of the ledger; views and sessions are not part of it."""
