"""The environment as the steps see it: its settings, its store, its clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.safe_outputs.request_limits import RequestLimits
from tre.safe_people.system import SYSTEM_ID
from tre.safe_projects.project import Place
from tre.store.folders import Folders
from tre.store.store import Store, open_store
from tre.vocabulary import PersonId

SYSTEM: PersonId = SYSTEM_ID
"""The environment itself as an actor; nobody can sign in under this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tre:
    """An open environment; threads may share it.

    now: the clock, aware and in UTC. Tests pass their own.
    """

    config: Config
    store: Store
    now: Callable[[], datetime]

    @property
    def folders(self) -> Folders:
        """Where things lie in the data home."""
        return self.store.folders

    @property
    def request_limits(self) -> RequestLimits:
        """How large a release request may be here."""
        return RequestLimits.of(self.config)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def open_tre(
    config: Config, *, now: Callable[[], datetime] = utc_now, to_verify: bool = False
) -> Tre:
    """Open an environment; what is missing of its data home and its tables is made.

    to_verify: also one whose ledger's key is gone, to read and verify and nothing else.
    Raises UnusableRequestError where the data home or the database cannot be used, or the
    setting `place` names no access level.
    """
    if config.place not in set(Place):
        message = f"setting 'place' must be one of {', '.join(Place)}, not {config.place!r}"
        raise UnusableRequestError(message)
    return Tre(config=config, store=open_store(config, to_verify=to_verify), now=now)
