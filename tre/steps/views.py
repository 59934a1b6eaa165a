"""What the steps answer with: frozen, plain values, ready for a page and for JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tre.decision import Decision
from tre.safe_outputs.queue_row import QueueRow
from tre.safe_outputs.release_request import CommentAudience, FileKind, State, VoteChoice
from tre.safe_projects.project import Project
from tre.store.ledger import LedgerEntry, LedgerVerdict
from tre.vocabulary import PersonId, ProjectId, RequestId

__all__ = [
    "Budget",
    "CommentView",
    "EventView",
    "FileContent",
    "FileView",
    "GroupView",
    "LedgerEntry",
    "LedgerVerdict",
    "NoticeView",
    "ProjectCard",
    "QueueRow",
    "ReleaseView",
    "RequestView",
    "ReviewView",
    "TransferView",
    "VoteView",
    "WorkspaceFile",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCard:
    """A project that a person is on, and whether they may work in it today.

    decision: of starting a session now; every reason where it is refused.
    has_extract: whether data have been made for it.
    """

    project: Project
    decision: Decision
    has_extract: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteView:
    """A vote that the viewer may see.

    counts: whether it still does: not of somebody who lost the role or joined the project since.
    """

    reviewer_name: str
    choice: VoteChoice
    turn: int
    mine: bool
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file of a request, as the viewer may see it.

    declaration, check: read from JSON; None where there is none (yet).
    decision: what the votes that the viewer may see come to, in words.
    changed_since_last_turn: added or replaced after the last return. since_last_turn: "new",
    "replaced", "withdrawn", or "" where nothing became of it. previous: the number of the file
    that was in its place in the turn before, if one was. waits_to_be_run: the code of its request
    waits to be run again.
    """

    id: int
    name: str
    kind: FileKind
    size_bytes: int
    sha256: str
    declaration: dict[str, Any] | None
    check: dict[str, Any] | None
    votes: tuple[VoteView, ...]
    my_vote: VoteChoice | None
    decision: str
    changed_since_last_turn: bool
    since_last_turn: Literal["", "new", "replaced", "withdrawn"] = ""
    previous: int | None = None
    waits_to_be_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """A comment that the viewer may read."""

    id: int
    author_name: str
    audience: CommentAudience
    text: str
    turn: int
    written_at: datetime
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """Files that belong together, with what was said about them.

    context_before, controls_before: what was said in the turn before; None where there was none,
    or where nothing is kept of it.
    """

    name: str
    context: str
    controls: str
    files: tuple[FileView, ...]
    comments: tuple[CommentView, ...]
    context_before: str | None = None
    controls_before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """Somebody has answered on everything in a turn."""

    reviewer_id: PersonId
    reviewer_name: str
    turn: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """A line of a request's history."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """What left the environment."""

    name: str
    size_bytes: int
    sha256: str
    released_at: datetime
    revoked_at: datetime | None
    revoked_because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request with everything about it that the viewer may see.

    age_working_days: since it was submitted, Monday to Friday; 0 before. due_at: the end of the
    service level. may: for each action on a request, whether the viewer may do it now, and if
    not, every reason. i_am: what the viewer is to this request. failure: why the release could
    not be carried out, where the state is failed. last_turn: the number of the turn with which
    files and words are compared, 0 in the first.
    """

    id: RequestId
    title: str
    project_id: ProjectId
    project_title: str
    author_id: PersonId
    author_name: str
    state: State
    phase: str
    turn: int
    created_at: datetime
    submitted_at: datetime | None
    age_working_days: int
    due_at: datetime | None
    worst_verdict: str | None
    groups: tuple[GroupView, ...]
    reviews: tuple[ReviewView, ...]
    history: tuple[EventView, ...]
    may: Mapping[str, Decision]
    policy: str
    release: ReleaseView | None
    i_am: Literal["author", "member", "reviewer", "reader"]
    failure: str | None = None
    last_turn: int = 0

    def file(self, file_id: int) -> FileView | None:
        """The file of that number, or None."""
        files = (file for group in self.groups for file in group.files)
        return next((file for file in files if file.id == file_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """The frozen bytes of a file, whose hash was verified when they were read."""

    name: str
    bytes: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFile:
    """A file that lies in a project's workspace; path is relative to it."""

    path: str
    size_bytes: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferView:
    """One movement of data between organisations."""

    number: int
    linkage: str
    sender: str
    receiver: str
    purpose: str
    columns: tuple[str, ...]
    rows: int
    legal_basis: str
    on: str
    sha256: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A project's budget of differential privacy.

    spent: the epsilons spent so far, oldest first.
    """

    project: ProjectId
    epsilon_total: float
    spent: tuple[float, ...]

    @property
    def epsilon_left(self) -> float:
        """What may still be spent, by simple composition."""
        return max(0.0, self.epsilon_total - sum(self.spent))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """Something happened that concerns me. path: the page of the desk that it is about."""

    at: datetime
    request: RequestId | None
    title: str
    text: str
    path: str
