"""What waits for somebody among the projects: a draft to finish, a vote to cast, data to decide."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tre.five_safes import Subject, decide
from tre.safe_people.person import Person
from tre.safe_projects import lifecycle
from tre.safe_projects.application import Application
from tre.safe_projects.changes import Change
from tre.safe_projects.owners import waits_for
from tre.safe_projects.project import Project, ProjectState
from tre.steps.acting import known_person
from tre.steps.extracts import extract_of
from tre.steps.project_in_hand import around_projects, subject_with, waits_for_word
from tre.steps.tre import Tre
from tre.store.projects import read_projects
from tre.vocabulary import Action, PersonId, ProjectId, Role


class Task(StrEnum):
    """What is to be done, in words for a button."""

    FINISH = "Finish the application"
    ANSWER_ADVICE = "Answer the lay group's advice"
    ANSWER_QUESTIONS = "Answer the questions"
    ADVISE = "Write down the group's advice"
    DECIDE_DATA = "Decide on your data"
    VOTE = "Read and vote"
    DECIDE_CHANGE = "Decide on a change"
    MAKE_EXTRACT = "Make the extract"
    END = "End it, or let its lead extend it"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTask:
    """Something that waits for one person. detail: what it is about, in a few words."""

    project: ProjectId
    title: str
    task: Task
    detail: str


def project_tasks(tre: Tre, actor: PersonId) -> tuple[ProjectTask, ...]:
    """List what waits for somebody, by the rules that will be asked when they do it."""
    with tre.store.reading() as connection:
        person = known_person(connection, actor)
        if not person.roles & CONCERNED:
            return ()
        found = [
            project
            for project in read_projects(connection).values()
            if not project.practice and project.state not in lifecycle.FINAL
        ]
        around = around_projects(connection, found)
    return tuple(
        task
        for project in found
        for task in _tasks(
            tre,
            person,
            subject_with(tre, person, project, around),
            around.changes.get(project.id, ()),
        )
    )


CONCERNED = frozenset(
    {Role.RESEARCHER, Role.LAY_MEMBER, Role.DATA_OWNER, Role.PANEL_MEMBER, Role.DATA_LINKER}
    | {Role.TRE_MANAGER}
)
"""Whom anything can wait for among the projects."""


def _tasks(
    tre: Tre, person: Person, subject: Subject, changes: tuple[Change, ...]
) -> list[ProjectTask]:
    found: list[ProjectTask] = []
    project, application = subject.project, subject.application
    if project is None:
        return found
    subject = replace(subject, controller=person.organisation)
    way = _OF_STATE.get(project.state)
    if application is not None and way is not None:
        action, task = way
        detail = _detail(project, application, person)
        if detail and decide(person, action, subject, on=tre.now()).allowed:
            found.append(_task(project, task, detail))
    found += [
        _task(project, Task.DECIDE_CHANGE, f"{change.kind}: {change.reason[:120]}")
        for change in changes
        if waits_for_word(person, subject, change, on=tre.now())
    ]
    if _is_over(tre, person, subject, project):
        found.append(_task(project, Task.END, f"Its last day was {project.ends:%d %B %Y}."))
    if _needs_extract(tre, person, subject, project):
        found.append(_task(project, Task.MAKE_EXTRACT, f"tre project extract {project.id}"))
    return found


_OF_STATE = {
    ProjectState.DRAFT: (Action.APPLY_FOR_PROJECT, Task.FINISH),
    ProjectState.WITH_LAY_GROUP: (Action.ADVISE_ON_PROJECT, Task.ADVISE),
    ProjectState.ADVISED: (Action.ANSWER_ADVICE, Task.ANSWER_ADVICE),
    ProjectState.WITH_OWNERS: (Action.DECIDE_AS_OWNER, Task.DECIDE_DATA),
    ProjectState.WITH_PANEL: (Action.VOTE_ON_PROJECT, Task.VOTE),
    ProjectState.RETURNED: (Action.APPLY_FOR_PROJECT, Task.ANSWER_QUESTIONS),
}
"""Who must do what in which state: the action that the rules are asked about."""

_DETAILS = {
    ProjectState.DRAFT: "Nobody reads a draft but the people named on it.",
    ProjectState.WITH_LAY_GROUP: "Advice, and no veto; the applicant answers it.",
    ProjectState.ADVISED: "The data owners read your answer next.",
    ProjectState.WITH_PANEL: "Three members vote by correspondence, blind to each other.",
    ProjectState.RETURNED: "It came back with questions.",
}


def _detail(project: Project, application: Application, person: Person) -> str:
    """What is said beside the task; "" where nothing of it waits for this person."""
    if project.state is ProjectState.WITH_OWNERS:
        waiting = waits_for(application, person.organisation)
        return ", ".join(f"{one.dataset}: {len(one.variables)} variables" for one in waiting)
    return _DETAILS[project.state]


def _is_over(tre: Tre, person: Person, subject: Subject, project: Project) -> bool:
    """A project past its last day whose workspace and data are still there."""
    is_past = project.ends < tre.now().date()
    return is_past and decide(person, Action.END_PROJECT, subject, on=tre.now()).allowed


def _needs_extract(tre: Tre, person: Person, subject: Subject, project: Project) -> bool:
    """A project that was applied for, is accredited, and has no data yet."""
    if subject.application is None or project.state is not ProjectState.ACCREDITED:
        return False
    may = decide(person, Action.MAKE_EXTRACT, subject, on=tre.now()).allowed
    return may and extract_of(tre, project.id) is None


def _task(project: Project, task: Task, detail: str) -> ProjectTask:
    return ProjectTask(project=project.id, title=project.title, task=task, detail=detail)
