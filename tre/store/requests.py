"""Release requests as rows: read as the values of Safe Outputs, moved by compare-and-set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, select, update

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import (
    Comment,
    CommentAudience,
    FileKind,
    FileOrigin,
    Group,
    ReleaseRequest,
    RequestFile,
    Review,
    State,
    Vote,
    VoteChoice,
)
from tre.store.tables import comments, request_files, request_groups, requests, reviews, votes
from tre.vocabulary import PersonId, ProjectId, RequestId


def read_request(connection: Connection, request: RequestId) -> ReleaseRequest | None:
    """Read one request with everything about it, or None where there is none of that number."""
    found = read_requests(connection, requests.c.id == request)
    return found[0] if found else None


def read_requests(
    connection: Connection, *conditions: ColumnElement[bool]
) -> tuple[ReleaseRequest, ...]:
    """Read the requests that fulfil all conditions on the table `requests`, newest first."""
    query = select(requests).where(*conditions).order_by(requests.c.id.desc())
    rows = connection.execute(query).mappings().all()
    parts = Parts.read(connection, [row["id"] for row in rows])
    return tuple(_request(row, parts) for row in rows)


def requests_of(
    connection: Connection, *, person: PersonId | None = None, project: ProjectId | None = None
) -> tuple[ReleaseRequest, ...]:
    """Read the requests of a person, of a project, or of a person in a project, newest first."""
    conditions = []
    if person is not None:
        conditions.append(requests.c.author == person)
    if project is not None:
        conditions.append(requests.c.project == project)
    return read_requests(connection, *conditions)


def move(connection: Connection, request: ReleaseRequest, to: State, **also: object) -> None:
    """Move a request on, if it is still in the state and turn in which it was read.

    also: other columns to set with it. Raises OvertakenError where somebody else was first.
    """
    unchanged = (
        requests.c.id == request.id,
        requests.c.state == str(request.state),
        requests.c.turn == request.turn,
    )
    found = connection.execute(
        update(requests).where(*unchanged).values(state=str(to), **also)
    ).rowcount
    if not found:
        message = f"request {request.id} was changed by somebody else; look at it again"
        raise OvertakenError(message)


def checks_of(connection: Connection, ids: Iterable[RequestId]) -> dict[int, dict[str, Any]]:
    """Read the automatic checks of the requests' files, by the file's number."""
    query = select(request_files.c.id, request_files.c.check).where(
        request_files.c.request.in_(sorted(set(ids))), request_files.c.check.is_not(None)
    )
    return {row.id: row.check for row in connection.execute(query) if row.check is not None}


Rows = Mapping[int, Sequence[RowMapping]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What belongs to some requests, by the request's number; votes by the file's."""

    files: Rows
    groups: Rows
    reviews: Rows
    comments: Rows
    votes: Rows

    @classmethod
    def read(cls, connection: Connection, ids: Sequence[RequestId]) -> Self:
        """Read everything at once: one query a table, however many requests there are."""
        files = _rows(connection, request_files.c.request, ids, request_files.c.id)
        numbers = [file["id"] for own in files.values() for file in own]
        return cls(
            files=files,
            groups=_rows(connection, request_groups.c.request, ids, request_groups.c.position),
            reviews=_rows(connection, reviews.c.request, ids, reviews.c.submitted_at),
            comments=_rows(connection, comments.c.request, ids, comments.c.id),
            votes=_rows(connection, votes.c.file, numbers, votes.c.cast_at),
        )


def replaced_files(connection: Connection, request: RequestId) -> frozenset[int]:
    """Give the numbers of the files in whose place a newer one was put."""
    query = select(request_files.c.id).where(
        request_files.c.request == request, request_files.c.replaced_by.is_not(None)
    )
    return frozenset(connection.execute(query).scalars())


def policy_and_failure(connection: Connection, request: RequestId) -> tuple[str, str | None]:
    """Give a request's policy, and why its release failed, if it did."""
    query = select(requests.c.policy, requests.c.failure).where(requests.c.id == request)
    row = connection.execute(query).one()
    return row.policy, row.failure


def _rows(
    connection: Connection, owner: Column[int], ids: Sequence[int], order: Column[Any]
) -> Rows:
    found: defaultdict[int, list[RowMapping]] = defaultdict(list)
    query = select(owner.table).where(owner.in_(ids)).order_by(order)
    for row in connection.execute(query).mappings():
        found[row[owner.name]].append(row)
    return found


def _request(row: RowMapping, parts: Parts) -> ReleaseRequest:
    number = row["id"]
    files = parts.files.get(number, ())
    return ReleaseRequest(
        id=number,
        project=row["project"],
        author=row["author"],
        title=row["title"],
        state=State(row["state"]),
        turn=row["turn"],
        created_at=row["created_at"],
        submitted_at=row["submitted_at"],
        files=tuple(_file(file) for file in files),
        groups=tuple(_group(group) for group in parts.groups.get(number, ())),
        votes=tuple(_vote(vote) for file in files for vote in parts.votes.get(file["id"], ())),
        reviews=tuple(_review(review) for review in parts.reviews.get(number, ())),
        comments=tuple(_comment(comment) for comment in parts.comments.get(number, ())),
    )


def _file(row: RowMapping) -> RequestFile:
    """A file that was replaced counts as withdrawn: it is shown to nobody and never released."""
    replaced = row["replaced_by"] is not None
    return RequestFile(
        id=row["id"],
        name=row["name"],
        group=row["group"],
        kind=FileKind.WITHDRAWN if replaced else FileKind(row["kind"]),
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        added_turn=row["added_turn"],
        declaration=row["declaration"],
        origin=FileOrigin(row["origin"]),
    )


def _group(row: RowMapping) -> Group:
    return Group(name=row["name"], context=row["context"], controls=row["controls"])


def _vote(row: RowMapping) -> Vote:
    return Vote(
        file_id=row["file"],
        reviewer=row["reviewer"],
        choice=VoteChoice(row["choice"]),
        turn=row["turn"],
    )


def _review(row: RowMapping) -> Review:
    return Review(reviewer=row["reviewer"], turn=row["turn"], submitted_at=row["submitted_at"])


def _comment(row: RowMapping) -> Comment:
    return Comment(
        id=row["id"],
        group=row["group"],
        author=row["author"],
        audience=CommentAudience(row["audience"]),
        text=row["text"],
        turn=row["turn"],
        written_at=row["written_at"],
    )
