"""Which open sessions may not go on: access is asked again while they run."""

from dataclasses import dataclass

from tre.decision import Decision
from tre.five_safes import decide
from tre.steps.acting import known_person, known_project
from tre.steps.in_question import subject_of_project
from tre.steps.tre import Tre
from tre.store.sessions import open_sessions
from tre.vocabulary import Action, PersonId, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionToEnd:
    """An open session whose owner may not be in it any more, and why."""

    person: PersonId
    project: ProjectId
    decision: Decision


def sessions_to_end(tre: Tre) -> tuple[SessionToEnd, ...]:
    """Ask the gate again for every open session; those that it would not let in now."""
    on = tre.now()
    found = []
    with tre.store.reading() as connection:
        for person_id, project_id in open_sessions(connection):
            person = known_person(connection, person_id)
            project = known_project(connection, project_id)
            subject = subject_of_project(tre, connection, person, project)
            decision = decide(person, Action.START_SESSION, subject, on=on)
            if not decision.allowed:
                found.append(SessionToEnd(person=person_id, project=project_id, decision=decision))
    return tuple(found)
