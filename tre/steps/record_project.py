"""Record a project: what may be studied, by whom, on which data, until when."""

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_projects.project import Project, ProjectState, is_project_id
from tre.steps.acting import Act, acting, known_person
from tre.steps.tre import SYSTEM, Tre
from tre.store.project_applications import read_application
from tre.store.projects import read_project, write_project
from tre.vocabulary import Action, PersonId


def record_project(tre: Tre, actor: PersonId, project: Project) -> None:
    """Record a project, or put the new record in the place of the old.

    The rules are asked of the record as it is, and as it will be: nobody who leads it, before or
    after, decides about it. What the panel and the data owners decide cannot be recorded past
    them: the environment alone, when it builds a world, records a project as accredited.
    Raises UnusableRequestError for that, an unfit name or dates, NotThereError for a member whom
    nobody knows.
    """
    _refuse_unusable(project)
    with acting(tre, actor, Action.RECORD_PROJECT, project=project.id) as act:
        before = read_project(act.connection, project.id)
        if before is not None:
            act.require(Subject(project=before))
        act.require(Subject(project=project))
        if actor != SYSTEM:
            _refuse_to_decide(act, before, project)
        for member in project.members:
            known_person(act.connection, member.person)
        write_project(act.connection, project)
        members = sorted({member.person for member in project.members})
        datasets = sorted(dataset.dataset for dataset in project.datasets)
        act.record({"state": str(project.state), "members": members, "datasets": datasets})


def _refuse_to_decide(act: Act, before: Project | None, after: Project) -> None:
    """Keep a manager from accrediting, granting or extending with a stroke of the pen."""
    if before is None:
        decides = not after.practice and (after.state is not ProjectState.APPLIED or after.datasets)
    else:
        has_application = read_application(act.connection, after.id) is not None
        becomes_real = before.practice != after.practice
        decides = becomes_real or (has_application and _decided(before) != _decided(after))
    if decides:
        message = (
            f"what {after.id} may do and have is for its panel and the data owners: its lead "
            "applies, or proposes a change"
        )
        raise UnusableRequestError(message)


def _decided(project: Project) -> tuple[object, ...]:
    return (project.state, project.starts, project.ends, set(project.datasets))


def _refuse_unusable(project: Project) -> None:
    if not is_project_id(project.id):
        message = f"the project's name {project.id[:60]!r} must be 2 to 60 of a-z, 0-9 and -"
        raise UnusableRequestError(message)
    if project.ends < project.starts:
        message = f"the project would end on {project.ends} before it starts on {project.starts}"
        raise UnusableRequestError(message)
