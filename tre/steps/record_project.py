"""Record a project: what may be studied, by whom, on which data, until when."""

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_projects.project import Project, is_project_id
from tre.steps.acting import acting, known_person
from tre.steps.tre import Tre
from tre.store.projects import read_project, write_project
from tre.vocabulary import Action, PersonId


def record_project(tre: Tre, actor: PersonId, project: Project) -> None:
    """Record a project, or put the new record in the place of the old.

    The rules are asked of the record as it is, and as it will be: nobody who leads it, before or
    after, decides about it. Raises UnusableRequestError for an unfit name or dates, NotThereError
    for a member whom nobody knows.
    """
    _refuse_unusable(project)
    with acting(tre, actor, Action.RECORD_PROJECT, project=project.id) as act:
        before = read_project(act.connection, project.id)
        if before is not None:
            act.require(Subject(project=before))
        act.require(Subject(project=project))
        for member in project.members:
            known_person(act.connection, member.person)
        write_project(act.connection, project)
        members = sorted({member.person for member in project.members})
        datasets = sorted(dataset.dataset for dataset in project.datasets)
        act.record({"state": str(project.state), "members": members, "datasets": datasets})


def _refuse_unusable(project: Project) -> None:
    if not is_project_id(project.id):
        message = f"the project's name {project.id[:60]!r} must be 2 to 60 of a-z, 0-9 and -"
        raise UnusableRequestError(message)
    if project.ends < project.starts:
        message = f"the project would end on {project.ends} before it starts on {project.starts}"
        raise UnusableRequestError(message)
