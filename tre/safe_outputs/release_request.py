"""A release request as plain values: its files, groups, votes, reviews and comments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tre.vocabulary import PersonId, ProjectId, RequestId


class State(StrEnum):
    """Where a request stands; `states.py` holds the table of ways between them."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PARTIALLY_REVIEWED = "partially reviewed"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    APPROVED = "approved"
    FAILED = "failed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REVOKED = "revoked"


class FileKind(StrEnum):
    """What a file is in its request; only outputs are ever released."""

    OUTPUT = "output"
    SUPPORTING = "supporting"
    CODE = "code"
    WITHDRAWN = "withdrawn"


class FileOrigin(StrEnum):
    """Where a file came from; what was uploaded to the desk is never an output."""

    SESSION = "session"
    WORKSPACE = "workspace"
    UPLOADED = "uploaded"


class VoteChoice(StrEnum):
    """A checker's answer on one file."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes requested"
    UNDECIDED = "undecided"


class CommentAudience(StrEnum):
    """Who may read a comment: checkers alone, or the author's side too."""

    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFile:
    """A frozen copy of a file; the bytes are kept by their SHA-256.

    declaration: the output's declaration (output_checks, JSON text) where it has one.
    """

    id: int
    name: str
    group: str
    kind: FileKind
    sha256: str
    size_bytes: int
    added_turn: int
    declaration: str | None = None
    origin: FileOrigin = FileOrigin.UPLOADED


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Files that belong together, with what the author says about them."""

    name: str
    context: str
    controls: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One reviewer's latest answer on one file, in the turn in which it was given."""

    file_id: int
    reviewer: PersonId
    choice: VoteChoice
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reviewer has answered on everything in this turn."""

    reviewer: PersonId
    turn: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark on a group of files."""

    id: int
    group: str
    author: PersonId
    audience: CommentAudience
    text: str
    turn: int
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """A request with everything that was said about it.

    turn: counted from 1; grows by one each time that the author submits again.
    """

    id: RequestId
    project: ProjectId
    author: PersonId
    title: str
    state: State
    turn: int
    created_at: datetime
    submitted_at: datetime | None
    files: tuple[RequestFile, ...] = ()
    groups: tuple[Group, ...] = ()
    votes: tuple[Vote, ...] = ()
    reviews: tuple[Review, ...] = ()
    comments: tuple[Comment, ...] = ()
