"""Suspend a project, and let it go on; sessions and requests follow, since the gate is asked."""

from tre.safe_projects.lifecycle import Event
from tre.safe_projects.membership import members_on
from tre.steps.acting import acting
from tre.steps.project_in_hand import in_hand, move_on, tell
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, ProjectId


def suspend_project(tre: Tre, actor: PersonId, project: ProjectId, reason: str) -> None:
    """Stop a project for now: its sessions end within a minute, its requests stand still."""
    _move(tre, actor, project, (Action.SUSPEND_PROJECT, Event.SUSPEND), reason)


def resume_project(tre: Tre, actor: PersonId, project: ProjectId, reason: str) -> None:
    """Let a suspended project go on."""
    _move(tre, actor, project, (Action.RESUME_PROJECT, Event.RESUME), reason)


def _move(
    tre: Tre, actor: PersonId, project: ProjectId, way: tuple[Action, Event], reason: str
) -> None:
    action, event = way
    because = usable_text(reason, what="reason", longest=1_000)
    with acting(tre, actor, action) as act:
        held = in_hand(act, project)
        act.require(held.subject)
        move_on(act, held, event, {"reason": because})
        others = members_on(held.project, act.at.date())
        tell(act, held.project, others, f"{NOTICES[event]} The reason: {because}")


NOTICES = {
    Event.SUSPEND: "A project of yours is suspended: its sessions stop, its requests stand still.",
    Event.RESUME: "A project of yours goes on: its gate is open again.",
}
