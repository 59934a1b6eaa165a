"""A session's record: the server writes lines to a file, the hub takes them for the ledger.

The file lies in the session's private folder, `<sessions>/<person>--<project>/private`, which no
kernel sees. Lines are JSON objects, one each; `tre.safe_settings.session_record` adds them up.
"""

import fcntl
import json
import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from tre.safe_settings.session_record import SessionRecord, summarise
from tre.vocabulary import PersonId, ProjectId

NAME = "record.jsonl"
TAKEN = "record.taken.jsonl"
"""What was taken out of the server's hands and is not on the ledger yet."""


class Recorder(Protocol):
    """What can put a record on the ledger: the hub's gate."""

    def record_session(self, person: PersonId, project: ProjectId, record: SessionRecord) -> None:
        """Write down what a session showed, took in and refused since it was last asked."""
        ...


def record(gate: Recorder, person: PersonId, project: ProjectId, folder: Path) -> bool:
    """Bring what a session's server wrote since the last call to the ledger; whether there was any.

    folder: the session's own, in which `private` lies; it need not exist yet. Call it every 30
    seconds while the session runs, once after its server stopped, and before a new one starts.
    Nothing is lost where the gate raises or the hub is killed: the lines stay in the folder, and
    the next call takes them first. (A hub killed between the ledger and the end of this call makes
    the next one write the same lines again: `since` and `until` are then the same.)
    """
    private = folder / "private"
    found = False
    while (taken := _taken(private)) is not None:
        if summary := summarise(_lines(taken)):
            gate.record_session(person, project, summary)
            found = True
        taken.unlink()
    return found


def write_lines(private: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Add lines to the record, and have them on the disk before this returns.

    Raises OSError where that cannot be; the caller then shows nothing.
    """
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    with _held(private / NAME) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def take(private: Path) -> SessionRecord | None:
    """Take what is there without writing it to a ledger: for tests, and for looking at by hand."""
    taken = _taken(private)
    if taken is None:
        return None
    summary = summarise(_lines(taken))
    taken.unlink()
    return summary


@contextmanager
def _held(path: Path) -> Generator[IO[bytes]]:
    """Open the record for one addition, so that nobody takes it away in the midst of that."""
    while True:
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_still(path, file):
                yield file
                return


def _is_still(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


def _taken(private: Path) -> Path | None:
    """Take the record away from the server, or find what was taken by a hub that was killed."""
    taken, written = private / TAKEN, private / NAME
    if taken.exists():
        return taken
    try:
        with written.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            written.rename(taken)
    except FileNotFoundError:
        return None
    return taken


def _lines(file: Path) -> Generator[Mapping[str, Any] | None]:
    with file.open("rb") as lines:
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                found = None
            yield found if isinstance(found, dict) else None
