"""The projects that somebody is on, and whether they may work in each today."""

from tre.five_safes import decide
from tre.safe_projects.lifecycle import PUBLIC
from tre.safe_projects.project import ProjectState
from tre.steps.acting import known_person
from tre.steps.extracts import extract_of
from tre.steps.in_question import subject_of_project
from tre.steps.tre import Tre
from tre.steps.views import ProjectCard
from tre.store.projects import projects_of
from tre.vocabulary import Action, PersonId

WORKED_IN = frozenset({ProjectState.APPLIED, *PUBLIC})
"""The states of projects that somebody works in, or has worked in."""


def my_projects(tre: Tre, actor: PersonId) -> tuple[ProjectCard, ...]:
    """List them by title; a card says every reason why a session would be refused now.

    Applications that are under way, refused or withdrawn are none of them: nobody works there.
    Raises NotThereError where nobody has that name.
    """
    on = tre.now()
    with tre.store.reading() as connection:
        person = known_person(connection, actor)
        asked = [
            (project, subject_of_project(tre, connection, person, project))
            for project in projects_of(connection, actor)
            if project.state in WORKED_IN
        ]
    return tuple(
        ProjectCard(
            project=project,
            decision=decide(person, Action.START_SESSION, subject, on=on),
            has_extract=extract_of(tre, project.id) is not None,
        )
        for project, subject in asked
    )
