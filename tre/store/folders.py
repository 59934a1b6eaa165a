"""Where things lie in the data home."""

from dataclasses import dataclass
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.vocabulary import PersonId, ProjectId, RequestId


@dataclass(frozen=True, slots=True)
class Folders:
    """The data home's folders and files, by name."""

    home: Path

    def make(self) -> None:
        """Make the folders that are missing; what is secret is for this account alone.

        Raises UnusableRequestError where the data home cannot be written.
        """
        try:
            self.home.mkdir(mode=0o755, parents=True, exist_ok=True)
            for name in (
                *("parties", "requests", "releases", "keys", "hub", "sessions", "ingress"),
                "checkpoints",
            ):
                (self.home / name).mkdir(mode=0o700, exist_ok=True)
            for name in ("extracts", "workspaces", "outboxes", "replies", "logs"):
                (self.home / name).mkdir(mode=0o755, exist_ok=True)
        except OSError as error:
            message = (
                f"the data home {self.home} cannot be used ({error.strerror}); name another "
                "with --home or TRE_HOME"
            )
            raise UnusableRequestError(message) from error

    @property
    def keys(self) -> Path:
        """The environment's secrets."""
        return self.home / "keys"

    @property
    def ledger_head(self) -> Path:
        """The ledger's head, kept a second time."""
        return self.keys / "ledger.head"

    @property
    def checkpoints(self) -> Path:
        """Signed checkpoints of the ledger, for keeping elsewhere."""
        return self.home / "checkpoints"

    @property
    def lock(self) -> Path:
        """What processes take turns on while a new store is made."""
        return self.home / ".store.lock"

    @property
    def turns(self) -> Path:
        """What processes take turns on to write."""
        return self.home / ".turns.lock"

    @property
    def parties(self) -> Path:
        """What each organisation holds."""
        return self.home / "parties"

    def extracts(self, project: ProjectId) -> Path:
        """A project's extracts, one folder a version."""
        return self.home / "extracts" / project

    def workspace(self, project: ProjectId) -> Path:
        """What a project's members write, shared by them."""
        return self.home / "workspaces" / project

    def archive(self, project: ProjectId) -> Path:
        """What is kept of the workspace of a project that has ended."""
        return self.home / "archives" / project

    def outbox(self, project: ProjectId, person: PersonId) -> Path:
        """What one person's sessions hand to the environment."""
        return self.home / "outboxes" / project / person

    def replies(self, project: ProjectId, person: PersonId) -> Path:
        """What the environment answers to one person's sessions."""
        return self.home / "replies" / project / person

    def frozen(self, request: RequestId) -> Path:
        """A request's files, each under its hash."""
        return self.home / "requests" / str(request)

    def ingress(self, request: int) -> Path:
        """An ingress request's files, each under its hash; no session sees this folder."""
        return self.home / "ingress" / str(request)

    def releases(self, request: RequestId) -> Path:
        """A request's release bundle."""
        return self.home / "releases" / str(request)
