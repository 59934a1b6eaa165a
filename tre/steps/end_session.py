"""A session has ended; the ledger says why."""

from typing import Any

from tre.decision import ALLOWED, Decision
from tre.steps.acting import known_person
from tre.steps.texts import usable_line
from tre.steps.tre import Tre
from tre.store.ledger import Line
from tre.store.sessions import close_session
from tre.vocabulary import PersonId, ProjectId

TAG = "settings:session:end"


def end_session(
    tre: Tre,
    actor: PersonId,
    project_id: ProjectId,
    reason: str,
    decision: Decision = ALLOWED,
) -> None:
    """Record that somebody's session in a project is over; one that is not open is no error.

    reason: in a few words, without anybody's data ("closed by its owner"). decision: what refused
    that it goes on; the ledger keeps every rule's name, as for any refusal, and not its sentence.
    """
    reason = usable_line(reason, what="reason")
    with tre.store.writing() as change:
        known_person(change.connection, actor)
        if close_session(change.connection, actor, project_id):
            details: dict[str, Any] = {"reason": reason}
            if not decision.allowed:
                details["rules"] = [f"{each.safe}: {each.rule}" for each in decision.reasons]
            change.record(
                Line(at=tre.now(), actor=actor, tag=TAG, project=project_id, details=details)
            )
