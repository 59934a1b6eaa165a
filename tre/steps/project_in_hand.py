"""A project on its way: load it with all that rules ask about, move it on, tell its people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tre.decision import UnusableRequestError
from tre.five_safes import Subject, decide
from tre.safe_people.person import Person
from tre.safe_people.system import SYSTEM_ID
from tre.safe_projects.application import Application
from tre.safe_projects.changes import Change, ChangeState
from tre.safe_projects.lifecycle import STATE, Event, transition
from tre.safe_projects.membership import HAS_PART, everybody_named, leads_on
from tre.safe_projects.project import Place, Project, is_project_id
from tre.steps import telling
from tre.steps.acting import Act, HiddenError
from tre.steps.telling import News
from tre.steps.tre import Tre
from tre.store.ledger import Line
from tre.store.people import read_people
from tre.store.project_applications import read_applications
from tre.store.project_changes import move_project, read_changes
from tre.store.projects import read_project, write_project
from tre.vocabulary import Action, PersonId, ProjectId


@dataclass(slots=True, kw_only=True)
class InHand:
    """A project with its application, None where it was recorded without one."""

    project: Project
    application: Application | None
    subject: Subject

    @property
    def applied(self) -> Application:
        """The application. Raises UnusableRequestError for a project that has none."""
        if self.application is None:
            message = f"“{self.project.title}” was recorded without an application"
            raise UnusableRequestError(message)
        return self.application


def in_hand(act: Act, project: ProjectId, *, controller: str | None = None) -> InHand:
    """Load a project for an act.

    Raises HiddenError, in the same words, where there is none and where the actor has no part in
    it: nobody learns from the answer which projects there are.
    """
    found = read_project(act.connection, project) if is_project_id(project) else None
    if found is None:
        raise hidden(project)
    around = around_projects(act.connection, [found])
    application = around.applications.get(project)
    subject = subject_with(act.tre, act.actor, found, around)
    if not may_know(act, subject):
        raise hidden(project)
    act.project = found.id
    if controller is not None:
        subject = replace(subject, controller=controller)
    return InHand(project=found, application=application, subject=subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What rules ask about beside projects themselves, read at once for all of them."""

    applications: Mapping[ProjectId, Application]
    changes: Mapping[ProjectId, tuple[Change, ...]]
    people: Mapping[PersonId, Person]


def around_projects(connection: Connection, projects: Collection[Project]) -> Around:
    """Read it in a few queries, however many projects there are."""
    ids = [project.id for project in projects]
    changes: defaultdict[ProjectId, list[Change]] = defaultdict(list)
    for change in read_changes(connection, ids):
        changes[change.project].append(change)
    named = {person for project in projects for person in everybody_named(project)}
    return Around(
        applications=read_applications(connection, ids),
        changes={project: tuple(found) for project, found in changes.items()},
        people=read_people(connection, named),
    )


def subject_with(tre: Tre, actor: Person, project: Project, around: Around) -> Subject:
    """A project with its application and its people, as the subject of an act."""
    named = everybody_named(project)
    people = {person: around.people[person] for person in named if person in around.people}
    return Subject(
        project=project,
        application=around.applications.get(project.id),
        place=Place(tre.config.place),
        people=people | {actor.id: actor},
        changes_ask=frozenset(
            change.asked.controller
            for change in around.changes.get(project.id, ())
            if change.asked is not None
        ),
    )


def may_know(act: Act, subject: Subject) -> bool:
    """Whether the actor may know that there is such a project, whatever else is in their way."""
    if act.actor.id == SYSTEM_ID:
        return True
    decision = decide(act.actor, Action.VIEW_PROJECT, subject, on=act.at)
    return not {reason.rule for reason in decision.reasons} & {HAS_PART.name, STATE.name}


def waits_for_word(person: Person, subject: Subject, change: Change, *, on: datetime) -> bool:
    """Whether a change waits for somebody's word, as the data owner or for the panel's chair."""
    if change.state is ChangeState.WITH_OWNER and change.asked is not None:
        subject = replace(subject, controller=change.asked.controller)
        return decide(person, Action.DECIDE_AS_OWNER, subject, on=on).allowed
    with_chair = change.state is ChangeState.WITH_CHAIR
    return with_chair and decide(person, Action.DECIDE_CHANGE, subject, on=on).allowed


def hidden(project: ProjectId) -> HiddenError:
    """What is said of a project that is not there, and of one that is not the asker's."""
    return HiddenError(f"there is no project {project[:60]!r} that you have a part in")


def move_on(
    act: Act,
    held: InHand,
    event: Event,
    details: Mapping[str, Any] | None = None,
    *,
    by_system: bool = False,
) -> None:
    """Take the way that an event leads, write it to the ledger, and tell the lead.

    by_system: it follows from what others did, and is nobody's own act. Raises OvertakenError
    where the event cannot happen in the project's state.
    """
    way = transition(held.project.state, event)
    move_project(act.connection, held.project, way.to)
    held.project = replace(held.project, state=way.to)
    held.subject = replace(held.subject, project=held.project)
    act.change.record(
        Line(
            at=act.at,
            actor=SYSTEM_ID if by_system else act.actor.id,
            tag=way.tag,
            project=held.project.id,
            details={"state": str(way.to), **(details or {})},
        )
    )
    if way.notice:
        tell(act, held.project, leads_on(held.project, act.at.date()), way.notice)


def keep(act: Act, held: InHand, project: Project) -> None:
    """Keep the project's record as it is from now on."""
    write_project(act.connection, project)
    held.project = project
    held.subject = replace(held.subject, project=project)


def tell(act: Act, project: Project, people: Iterable[PersonId], text: str) -> None:
    """Put a notice on people's desks; nobody is told of what they just did themselves.

    The project's title stays at the desk: mail leaves the environment, and nobody reviews it.
    """
    news = News(
        title=f"A project is {project.state}",
        text=text,
        path=f"/projects/{project.id}",
        here=project.title,
    )
    for person in sorted(set(people) - {act.actor.id}):
        telling.tell(act.tre, act.connection, person, news)
