"""What the hub asks of the environment around it, question by question."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from tre.config import Config
from tre.decision import ALLOWED, Decision
from tre.safe_settings.session_record import SessionRecord
from tre.safe_settings.session_spec import SessionSpec
from tre.vocabulary import PersonId, ProjectId

if TYPE_CHECKING:
    from tre.steps.tre import Tre

log = logging.getLogger(__name__)


class SignInFailedError(Exception):
    """Nobody was signed in; the message may be shown to whoever tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A project on its member's home page, with whether its session would start now."""

    id: ProjectId
    title: str
    summary: str
    state: str
    practice: bool
    data: tuple[str, ...]
    ends: str
    decision: Decision
    has_extract: bool


class Gate(Protocol):
    """Signs people in, shows their projects, and lets sessions start and end."""

    def sign_in(self, person: PersonId, password: str, code: str) -> PersonId:
        """Return the account's name, or raise SignInFailedError."""
        ...

    def my_projects(self, person: PersonId) -> tuple[Card, ...]:
        """List the person's projects, each with the decision about a session."""
        ...

    def start_session(self, person: PersonId, project: ProjectId) -> SessionSpec:
        """Let a session start, or raise tre.decision.RefusedError with every reason."""
        ...

    def account_began(self, person: PersonId) -> datetime:
        """When account, password or second factor last changed: earlier sign-ins are over."""
        ...

    def may_sign_in(self, person: PersonId) -> bool:
        """Whether somebody who is signed in still may be."""
        ...

    def open_sessions(self) -> tuple[tuple[PersonId, ProjectId], ...]:
        """List the sessions that began and were not written down as ended."""
        ...

    def ask_again(self, person: PersonId, project: ProjectId, extract: str) -> Decision:
        """Whether a session that shows this version of the extract might start now."""
        ...

    def end_session(
        self, person: PersonId, project: ProjectId, reason: str, decision: Decision = ALLOWED
    ) -> None:
        """Write down that a session ended, and which rules refused that it goes on."""
        ...

    def record_session(self, person: PersonId, project: ProjectId, record: SessionRecord) -> None:
        """Write down what a session showed, took in and refused since it was last asked."""
        ...


@dataclass(slots=False)
class StepsGate:
    """The real one: every answer is a step, decided by the Five Safes and written down."""

    config: Config
    _opened: dict[str, "Tre"] = field(default_factory=dict)

    @cached_property
    def tre(self) -> "Tre":
        """The environment, opened when it is first asked for something."""
        from tre.steps.tre import open_tre  # noqa: PLC0415 - opens the store

        return open_tre(self.config)

    def sign_in(self, person: PersonId, password: str, code: str) -> PersonId:
        """Check password and one-time code."""
        from tre.steps import sign_in  # noqa: PLC0415

        try:
            return sign_in.sign_in(self.tre, person, password, code).id
        except sign_in.SignInRefusedError as error:
            raise SignInFailedError(str(error)) from error

    def my_projects(self, person: PersonId) -> tuple[Card, ...]:
        """List the person's projects."""
        from tre.steps.my_projects import my_projects  # noqa: PLC0415

        return tuple(
            Card(
                id=card.project.id,
                title=card.project.title,
                summary=card.project.summary,
                state=str(card.project.state),
                practice=card.project.practice,
                data=tuple(granted.dataset for granted in card.project.datasets),
                ends=f"{card.project.ends:%-d %B %Y}",
                decision=card.decision,
                has_extract=card.has_extract,
            )
            for card in my_projects(self.tre, person)
        )

    def start_session(self, person: PersonId, project: ProjectId) -> SessionSpec:
        """Ask for a session."""
        from tre.steps.start_session import start_session  # noqa: PLC0415

        return start_session(self.tre, person, project)

    def account_began(self, person: PersonId) -> datetime:
        """Look it up."""
        from tre.steps.sign_ins_count_from import sign_ins_count_from  # noqa: PLC0415

        return sign_ins_count_from(self.tre, person)

    def may_sign_in(self, person: PersonId) -> bool:
        """Ask the rules of signing in."""
        from tre.steps.sign_in import may_sign_in  # noqa: PLC0415

        return may_sign_in(self.tre, person)

    def open_sessions(self) -> tuple[tuple[PersonId, ProjectId], ...]:
        """List them."""
        from tre.steps.sessions_to_end import open_sessions  # noqa: PLC0415

        return open_sessions(self.tre)

    def ask_again(self, person: PersonId, project: ProjectId, extract: str) -> Decision:
        """Ask the Five Safes, as at the start."""
        from tre.steps.ask_again import ask_again  # noqa: PLC0415

        return ask_again(self.tre, person, project, extract)

    def end_session(
        self, person: PersonId, project: ProjectId, reason: str, decision: Decision = ALLOWED
    ) -> None:
        """Write down that it ended."""
        from tre.steps.end_session import end_session  # noqa: PLC0415

        end_session(self.tre, person, project, reason, decision)

    def record_session(self, person: PersonId, project: ProjectId, record: SessionRecord) -> None:
        """Write down what it showed, took in and refused."""
        from tre.steps.record_session import record_session  # noqa: PLC0415

        record_session(self.tre, person, project, record)
