"""How a request stood each time that it was submitted."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from tre.safe_outputs.release_request import FileKind, Group, ReleaseRequest
from tre.store.tables import request_turns
from tre.vocabulary import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What checkers were given in a turn. files: their numbers."""

    number: int
    files: frozenset[int]
    groups: tuple[Group, ...]

    def group(self, name: str) -> Group | None:
        """The group of that name as it was then, or None."""
        return next((group for group in self.groups if group.name == name), None)


def keep_turn(connection: Connection, request: ReleaseRequest, turn: int) -> None:
    """Keep how a request stands as it is handed over in a turn."""
    files = [file.id for file in request.files if file.kind is not FileKind.WITHDRAWN]
    groups = [
        {"name": group.name, "context": group.context, "controls": group.controls}
        for group in request.groups
    ]
    values = {"request": request.id, "turn": turn, "files": files, "groups": groups}
    connection.execute(insert(request_turns).values(values))


def read_turn(connection: Connection, request: RequestId, turn: int) -> Turn | None:
    """Read a turn; None where it was not submitted, or before turns were kept."""
    query = select(request_turns).where(
        request_turns.c.request == request, request_turns.c.turn == turn
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    groups = tuple(Group(**group) for group in row["groups"])
    return Turn(number=turn, files=frozenset(row["files"]), groups=groups)
