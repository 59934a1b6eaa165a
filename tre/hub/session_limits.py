"""One session's control group: all its kernels together hold to the session's limits.

Made by the hub, outside every sandbox. The server of the session is handed open files through
which a kernel, before it is sealed, puts itself into the group; nothing of the group is visible
or writable in the kernel, and a server in its sandbox finds no other group.
"""

import contextlib
import json
import os
import secrets
import signal
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from tre.hub import processes
from tre.hub.control_groups import PREFIX, Groups, groups_of_this_machine, make_room
from tre.safe_settings.control_groups import GroupFile, group_files
from tre.safe_settings.session_spec import Limits

PATIENCE_SECONDS = 5


class NoLimitsError(Exception):
    """The machine has control groups but refused one; the session does not start without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionGroup:
    """The group of one session; folders: empty on a machine without control groups."""

    folders: tuple[Path, ...] = ()

    def entrances(self) -> tuple[int, ...]:
        """Open the files through which a process enters; the caller closes them."""
        found: list[int] = []
        try:
            found.extend(
                os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
                for folder in self.folders
            )
        except OSError:
            close(found)
            raise
        return tuple(found)

    def processes(self) -> set[int]:
        """List who is in the group now."""
        return {pid for folder in self.folders for pid in _inside(folder)}

    def remove(self) -> bool:
        """End whoever is still in the group, and the group; false if somebody would not end."""
        until = time.monotonic() + PATIENCE_SECONDS
        left = self.folders
        while left := tuple(folder for folder in left if not _removed(folder)):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True


def group_name(prefix: str) -> str:
    """A new name, which says who made the group: `left_groups` leaves it while that one lives."""
    maker = processes.process(os.getpid())
    assert maker is not None
    return f"{prefix}{maker.pid}-{maker.started}-{secrets.token_hex(6)}"


def make_group(
    limits: Limits, *, record: Path | None = None, groups: Groups | None = None
) -> SessionGroup:
    """Make a session's group, if this machine has groups; else an empty one.

    record: a file, outside every sandbox, that remembers the group should this process be killed.
    What it remembers from before is ended first. Raises NoLimitsError.
    """
    where = groups if groups is not None else groups_of_this_machine()
    if record is not None:
        remove_recorded(record)
    if not where.version:
        return SessionGroup()
    name = group_name(PREFIX)
    folders = tuple(dict.fromkeys(folder / name for folder in where.folders.values()))
    group = SessionGroup(folders=folders)
    if record is not None:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps([str(folder) for folder in folders]), encoding="utf-8")
    try:
        make_room(where)
        for folder in folders:
            folder.mkdir()
        for file in group_files(limits, where.version):
            if file.controller in where.folders:
                _write(where.folders[file.controller] / name, file)
    except OSError as error:
        group.remove()
        message = f"{where.kind}: the machine refused a group for this session ({error})"
        raise NoLimitsError(message) from error
    return group


def remove_recorded(record: Path) -> bool:
    """End the group that a file remembers, if any; false if somebody in it would not end."""
    try:
        paths = [Path(path) for path in json.loads(record.read_text(encoding="utf-8"))]
    except (FileNotFoundError, json.JSONDecodeError):
        return True
    ours = tuple(path for path in paths if path.name.startswith(PREFIX))
    if SessionGroup(folders=ours).remove():
        record.unlink(missing_ok=True)
        return True
    return False


def remove_all_recorded(sessions: Path) -> None:
    """End the groups of all sessions of a data home, which are known to have ended.

    sessions: the folder with one folder for each session.
    """
    for record in sessions.glob("*/group.json"):
        remove_recorded(record)


@contextlib.contextmanager
def open_entrances(group: SessionGroup) -> Generator[tuple[int, ...]]:
    """Hold a group's entrances open while a server is started that will use them."""
    entrances = group.entrances()
    try:
        yield entrances
    finally:
        close(entrances)


@contextlib.contextmanager
def in_group(limits: Limits, groups: Groups | None = None) -> Generator[tuple[int, ...]]:
    """A group for as long as something runs in it: gives its entrances, and removes it."""
    group = make_group(limits, groups=groups)
    try:
        with open_entrances(group) as entrances:
            yield entrances
    finally:
        group.remove()


def enter(entrances: tuple[int, ...]) -> None:
    """Put this process, and what it will start, into a group; raises OSError."""
    for number in entrances:
        os.write(number, b"0")


def close(numbers: tuple[int, ...] | list[int]) -> None:
    """Close them all."""
    for number in numbers:
        os.close(number)


def _write(folder: Path, file: GroupFile) -> None:
    target = folder / file.name
    if file.may_be_absent and not target.exists():
        return
    target.write_text(file.value, encoding="ascii")


def _inside(folder: Path) -> set[int]:
    """A process of another process namespace shows as 0, and is nobody we could signal."""
    try:
        text = (folder / "cgroup.procs").read_text("ascii")
    except FileNotFoundError:
        return set()
    return {int(word) for word in text.split()} - {0}


def _removed(folder: Path) -> bool:
    """End what is inside and try to remove the group; true when it is gone."""
    if (folder / "pids.max").exists():
        with contextlib.suppress(OSError):  # whoever forks forever forks no more
            (folder / "pids.max").write_text("0", "ascii")
    if (folder / "cgroup.kill").exists():
        with contextlib.suppress(OSError):
            (folder / "cgroup.kill").write_text("1", "ascii")
    else:
        for pid in _inside(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
