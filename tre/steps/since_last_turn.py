"""What is different in a request from what its checkers were given in the turn before."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from tre.safe_outputs.release_request import FileKind, Group, ReleaseRequest, RequestFile
from tre.steps.file_adding import turn_of_changes
from tre.store.request_turns import Turn, read_turn
from tre.store.requests import replaced_files

Change = Literal["", "new", "replaced", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTurn:
    """A request beside the turn before the one in which checkers see it (next).

    turn: None where that turn was submitted before turns were kept. replaced: the numbers of
    files in whose place a newer one was put.
    """

    request: ReleaseRequest
    turn: Turn | None
    replaced: AbstractSet[int]

    @property
    def number(self) -> int:
        """The number of that turn; 0 while the request is in its first."""
        return turn_of_changes(self.request) - 1

    def version_of(self, file: RequestFile) -> RequestFile | None:
        """The file of the same name that checkers had in that turn, where this one came since."""
        if not self._came_since(file):
            return None
        earlier = [
            old
            for old in self.request.files
            if old.name.casefold() == file.name.casefold() and self._was_there(old)
        ]
        return max(earlier, key=lambda old: old.id, default=None)

    def change_of(self, file: RequestFile) -> Change:
        """In a word what became of a file since that turn; "" where it is as it was."""
        if self.number == 0:
            return ""
        if file.kind is FileKind.WITHDRAWN:
            is_gone = self.turn is not None and file.id in self.turn.files
            return "withdrawn" if is_gone and file.id not in self.replaced else ""
        if not self._came_since(file):
            return ""
        return "new" if self.version_of(file) is None else "replaced"

    def group(self, name: str) -> Group | None:
        """What was said about a group in that turn; None where it was not there, or not kept."""
        return None if self.turn is None else self.turn.group(name)

    def _came_since(self, file: RequestFile) -> bool:
        return self.number > 0 and file.added_turn > self.number

    def _was_there(self, file: RequestFile) -> bool:
        if self.turn is not None:
            return file.id in self.turn.files
        return file.id in self.replaced and file.added_turn <= self.number


def last_turn(connection: Connection, request: ReleaseRequest) -> LastTurn:
    """Read what a request is to be compared with."""
    return LastTurn(
        request=request,
        turn=read_turn(connection, request.id, turn_of_changes(request) - 1),
        replaced=replaced_files(connection, request.id),
    )
