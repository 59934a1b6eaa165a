"""Which sessions are open, and which of them may not go on."""

from dataclasses import dataclass

from tre.decision import Decision
from tre.steps.ask_again import ask_again
from tre.steps.tre import Tre
from tre.store.sessions import open_sessions as rows_of_open_sessions
from tre.vocabulary import PersonId, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionToEnd:
    """An open session whose owner may not be in it any more, and why."""

    person: PersonId
    project: ProjectId
    decision: Decision


def open_sessions(tre: Tre) -> tuple[tuple[PersonId, ProjectId], ...]:
    """List who has a session open in which project, the oldest first."""
    with tre.store.reading() as connection:
        return rows_of_open_sessions(connection)


def sessions_to_end(tre: Tre) -> tuple[SessionToEnd, ...]:
    """Ask the gate again for every open session; those that it would not let in now."""
    asked = (
        SessionToEnd(person=person, project=project, decision=ask_again(tre, person, project))
        for person, project in open_sessions(tre)
    )
    return tuple(each for each in asked if not each.decision.allowed)
