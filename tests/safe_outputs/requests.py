"""Release requests for the tests: a complete draft of one table, changed where a test says so."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tre.safe_outputs.release_request import (
    Comment,
    CommentAudience,
    FileKind,
    Group,
    ReleaseRequest,
    RequestFile,
    Review,
    State,
    Vote,
    VoteChoice,
)

WRITTEN = datetime(2026, 10, 1, 9, tzinfo=UTC)

_FILE = RequestFile(
    id=1,
    name="table.csv",
    group="outputs",
    kind=FileKind.OUTPUT,
    sha256="0" * 64,
    size_bytes=28,
    added_turn=1,
)
_REQUEST = ReleaseRequest(
    id=12,
    project="psychosis",
    author="ada",
    title="Attainment by diagnosis and sex",
    state=State.DRAFT,
    turn=1,
    created_at=WRITTEN,
    submitted_at=WRITTEN,
    files=(_FILE,),
    groups=(Group(name="outputs", context="Mean score of pupils.", controls="Suppressed."),),
)


def a_file(**changes: Any) -> RequestFile:
    return replace(_FILE, **changes)


def a_request(**changes: Any) -> ReleaseRequest:
    return replace(_REQUEST, **changes)


def yes(reviewer: str, file_id: int = 1, turn: int = 1) -> Vote:
    return Vote(file_id=file_id, reviewer=reviewer, choice=VoteChoice.APPROVED, turn=turn)


def no(reviewer: str, file_id: int = 1, turn: int = 1) -> Vote:
    return Vote(file_id=file_id, reviewer=reviewer, choice=VoteChoice.CHANGES_REQUESTED, turn=turn)


def undecided(reviewer: str, file_id: int = 1, turn: int = 1) -> Vote:
    return Vote(file_id=file_id, reviewer=reviewer, choice=VoteChoice.UNDECIDED, turn=turn)


def review(reviewer: str, turn: int = 1) -> Review:
    return Review(reviewer=reviewer, turn=turn, submitted_at=WRITTEN)


def said(author: str, *, turn: int = 1, private: bool = False, **changes: Any) -> Comment:
    audience = CommentAudience.PRIVATE if private else CommentAudience.PUBLIC
    comment = Comment(
        id=1,
        group="outputs",
        author=author,
        audience=audience,
        text="Which year?",
        turn=turn,
        written_at=WRITTEN,
    )
    return replace(comment, **changes)
