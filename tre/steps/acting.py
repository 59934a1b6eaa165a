"""One person does one thing: in one transaction it is decided, done and written to the ledger."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tre.decision import Decision, NotThereError, OvertakenError, RefusedError
from tre.five_safes import Subject, decide
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.reviewing import STATE
from tre.safe_people.person import Person
from tre.safe_people.system import SYSTEM
from tre.safe_projects.project import Project, is_project_id
from tre.steps.tre import Tre
from tre.store.ledger import Line
from tre.store.people import read_person
from tre.store.projects import read_project
from tre.store.requests import read_request
from tre.store.store import Change
from tre.vocabulary import Action, PersonId, ProjectId, RequestId

READS = frozenset({Action.VIEW_REQUEST, Action.DOWNLOAD_RELEASE})
"""Acts on a request for which its state is a reason like any other, and nobody was overtaken."""


LOOKS = frozenset({Action.VIEW_PERSON, Action.VIEW_QUEUE, Action.VIEW_REQUEST})
"""Acts that change nothing: their line in the ledger is written when they have looked."""

LARGEST_REQUEST = 2**31 - 1
"""Numbers of requests are counted from 1; no database here can hold a larger one."""


class HiddenError(NotThereError):
    """There is such a thing, but the asker may not know; their asking is on the ledger."""


@dataclass(slots=True, kw_only=True)
class Act:
    """What is being done, by whom; project and request are filled in as they become known."""

    tre: Tre
    change: Change
    actor: Person
    action: Action
    at: datetime
    project: ProjectId | None = None
    request: RequestId | None = None

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.change.connection

    def require(self, subject: Subject, *also: Decision) -> None:
        """Go on only if the Five Safes allow it, and every other decision given.

        Raises RefusedError with every reason; OvertakenError where nothing but the request's
        state is in the way: somebody has changed it since the asker looked.
        """
        decision = decide(self.actor, self.action, subject, on=self.at)
        for other in also:
            decision = decision.also(other)
        if decision.allowed:
            return
        if self.action not in READS and all(r.rule == STATE.name for r in decision.reasons):
            raise OvertakenError("\n".join(reason.sentence for reason in decision.reasons))
        raise RefusedError(decision)

    def record(
        self,
        details: Mapping[str, Any] | None = None,
        *,
        tag: str | None = None,
        person: PersonId | None = None,
    ) -> None:
        """Write to the ledger, when the transaction ends well, what was done."""
        self.change.record(
            Line(
                at=self.at,
                actor=self.actor.id,
                tag=tag or str(self.action),
                person=person,
                project=self.project,
                request=self.request,
                details=details,
            )
        )


@contextmanager
def acting(
    tre: Tre,
    actor: PersonId,
    action: Action,
    *,
    project: ProjectId | None = None,
    request: RequestId | None = None,
) -> Generator[Act]:
    """Do one thing in one transaction; a refusal is written to the ledger, and raised.

    Who only looks keeps no writer waiting: see LOOKS. Raises NotThereError for the number of a
    request that no database could hold.
    """
    if request is not None and not 1 <= request <= LARGEST_REQUEST:
        message = f"there is no request {request} that you have a part in"
        raise NotThereError(message)
    at = tre.now()
    lines: list[Line] = []
    try:
        with tre.store.looking() if action in LOOKS else tre.store.writing() as change:
            act = Act(
                tre=tre,
                change=change,
                actor=known_person(change.connection, actor),
                action=action,
                at=at,
                project=project if is_project_id(project or "") else None,
                request=request,
            )
            try:
                yield act
            except (RefusedError, HiddenError) as refusal:
                lines.append(_refusal(act, refusal))
                raise
    finally:
        if lines:
            with tre.store.writing() as change:
                change.lines.extend(lines)


def known_person(connection: Connection, person: PersonId) -> Person:
    """Read a person; raises NotThereError where nobody has that name."""
    if person == SYSTEM.id:
        return SYSTEM
    found = read_person(connection, person)
    if found is None:
        message = f"there is nobody called {person[:40]!r}"
        raise NotThereError(message)
    return found


def known_project(connection: Connection, project: ProjectId) -> Project:
    """Read a project; raises NotThereError where there is none of that name."""
    found = read_project(connection, project)
    if found is None:
        message = f"there is no project {project[:60]!r}"
        raise NotThereError(message)
    return found


def known_request(connection: Connection, request: RequestId) -> ReleaseRequest:
    """Read a request; raises NotThereError where there is none of that number."""
    found = read_request(connection, request)
    if found is None:
        message = f"there is no request {request}"
        raise NotThereError(message)
    return found


def _refusal(act: Act, refusal: RefusedError | HiddenError) -> Line:
    """The rules that refused; not their sentences, which may speak of people."""
    reasons = refusal.decision.reasons if isinstance(refusal, RefusedError) else ()
    rules = [f"{reason.safe}: {reason.rule}" for reason in reasons]
    return Line(
        at=act.at,
        actor=act.actor.id,
        tag=str(act.action),
        outcome="refused",
        project=act.project,
        request=act.request,
        details={"rules": rules or ["hidden"]},
    )
