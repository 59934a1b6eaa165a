"""Release requests as rows: what the steps add to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from tre.safe_outputs.release_request import (
    Comment,
    CommentAudience,
    FileKind,
    ReleaseRequest,
    State,
    VoteChoice,
)
from tre.store.tables import (
    comments,
    request_files,
    request_groups,
    requests,
    reviews,
    votes,
)
from tre.vocabulary import PersonId, ProjectId, RequestId


def add_request(
    connection: Connection, *, project: ProjectId, author: PersonId, title: str, at: datetime,
    policy: str,
) -> RequestId:  # fmt: skip
    """Begin a request, in draft; its number."""
    values = {
        "project": project,
        "author": author,
        "title": title,
        "state": str(State.DRAFT),
        "turn": 1,
        "created_at": at,
        "policy": policy,
    }
    return _number(connection.execute(insert(requests).values(values)).inserted_primary_key)


def add_file(connection: Connection, request: RequestId, file: Mapping[str, Any]) -> int:
    """Add a file's row and, where it is new, its group; the file's number."""
    describe_group(connection, request, file["group"], None)
    values = {**file, "request": request}
    return _number(connection.execute(insert(request_files).values(values)).inserted_primary_key)


def describe_group(
    connection: Connection, request: RequestId, name: str, words: tuple[str, str] | None
) -> None:
    """Make a group where it is missing; words: its context and controls, None to leave them."""
    which = (request_groups.c.request == request, request_groups.c.name == name)
    if connection.execute(select(request_groups.c.name).where(*which)).first() is None:
        held = select(func.count()).where(request_groups.c.request == request)
        values = {"request": request, "name": name, "context": "", "controls": ""}
        values["position"] = connection.execute(held).scalar_one()
        connection.execute(insert(request_groups).values(values))
    if words is not None:
        context, controls = words
        changed = update(request_groups).where(*which).values(context=context, controls=controls)
        connection.execute(changed)


def set_kind(connection: Connection, file_id: int, kind: FileKind) -> None:
    """Say what a file is in its request."""
    _change_file(connection, file_id, kind=str(kind))


def set_replaced(connection: Connection, file_id: int, by: int) -> None:
    """Put a newer file in the place of this one."""
    _change_file(connection, file_id, replaced_by=by)


def set_check(connection: Connection, file_id: int, check: Mapping[str, Any], at: datetime) -> None:
    """Keep the outcome of a file's automatic check."""
    _change_file(connection, file_id, check=dict(check), checked_at=at)


def set_vote(
    connection: Connection, file_id: int, reviewer: PersonId, choice: VoteChoice, turn: int,
    at: datetime,
) -> None:  # fmt: skip
    """Cast a vote, in the place of the reviewer's earlier one of the same turn."""
    which = (votes.c.file == file_id, votes.c.reviewer == reviewer, votes.c.turn == turn)
    values: dict[str, object] = {"choice": str(choice), "cast_at": at}
    if not connection.execute(update(votes).where(*which).values(values)).rowcount:
        values |= {"file": file_id, "reviewer": reviewer, "turn": turn}
        connection.execute(insert(votes).values(values))


def add_review(
    connection: Connection, request: ReleaseRequest, reviewer: PersonId, at: datetime
) -> None:
    """Keep that a reviewer has answered on everything in this turn."""
    values = {"request": request.id, "reviewer": reviewer, "turn": request.turn}
    connection.execute(insert(reviews).values(submitted_at=at, **values))


def add_comment(connection: Connection, request: RequestId, comment: Comment) -> int:
    """Keep a comment; its number (the one in the value is not looked at)."""
    values = {
        "request": request,
        "group": comment.group,
        "author": comment.author,
        "audience": str(comment.audience),
        "text": comment.text,
        "turn": comment.turn,
        "written_at": comment.written_at,
    }
    return _number(connection.execute(insert(comments).values(values)).inserted_primary_key)


def set_audience(connection: Connection, comment_id: int, audience: CommentAudience) -> None:
    """Say who may read a comment."""
    changed = update(comments).where(comments.c.id == comment_id)
    connection.execute(changed.values(audience=str(audience)))


def _change_file(connection: Connection, file_id: int, **values: object) -> None:
    changed = update(request_files).where(request_files.c.id == file_id)
    connection.execute(changed.values(values))


def _number(key: Any) -> int:
    return int(key[0])
