"""Look projects up."""

from tre.five_safes import decide
from tre.safe_projects.project import Project
from tre.steps.acting import acting, known_project
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
    """List the projects that somebody may look at, by title; the ledger has how many."""
    with acting(tre, actor, Action.VIEW_PROJECT) as act:
        found = read_projects(act.connection).values()
        around = around_projects(act.connection, found)
        asked = [(each, subject_with(tre, act.actor, each, around)) for each in found]
        listed = tuple(
            project
            for project, subject in asked
            if decide(act.actor, Action.VIEW_PROJECT, subject, on=act.at).allowed
        )
        act.record({"projects": len(listed)})
    return listed
