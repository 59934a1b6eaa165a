"""Look projects up."""

from tre.five_safes import decide
from tre.safe_projects.project import Project
from tre.steps.acting import known_person, known_project
from tre.steps.project_in_hand import around_projects, subject_with
from tre.steps.tre import Tre
from tre.store.projects import read_projects
from tre.vocabulary import Action, PersonId, ProjectId


def load_project(tre: Tre, project: ProjectId) -> Project:
    """Give what is known about a project, for the environment's own use: nothing is decided.

    Raises NotThereError where there is none of that name.
    """
    with tre.store.reading() as connection:
        return known_project(connection, project)


def projects(tre: Tre, actor: PersonId) -> tuple[Project, ...]:
    """List the projects that somebody may look at, by title."""
    with tre.store.reading() as connection:
        person = known_person(connection, actor)
        found = read_projects(connection).values()
        around = around_projects(connection, found)
    asked = [(each, subject_with(tre, person, each, around)) for each in found]
    on = tre.now()
    return tuple(
        project
        for project, subject in asked
        if decide(person, Action.VIEW_PROJECT, subject, on=on).allowed
    )
