"""One running session as the hub sees it from outside: how old, how busy, how large."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from tre.config import Config
from tre.hub.held_files import held_bytes
from tre.hub.notices import Closing, Notice, read_activity, write_notice
from tre.safe_settings.session_spec import SessionSpec
from tre.safe_settings.staying import (
    BEYOND_ANY_LIMIT,
    Stay,
    Use,
    is_too_large,
    warnings,
    why_too_large,
)
from tre.vocabulary import PersonId, ProjectId

Key = tuple[PersonId, ProjectId]

ENTRY_BYTES = 16 * 2**10
"""What a disk has of room for each entry (inode) that it has: mke2fs, inode_ratio."""


class Server(Protocol):
    """What the watch needs of a session's server: its first process, and a way to stop it.

    pid: 0 where it has none.
    """

    pid: int

    async def close(self) -> None:
        """Stop the server, and have the hub notice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A session under watch. Times are seconds since 1970.

    folder: the session's own. answered_at: when the gate last answered about it.
    too_large_since: when its workspace was first seen to be too large; None while it is not.
    """

    spec: SessionSpec
    folder: Path
    server: Server
    started_at: float
    answered_at: float
    too_large_since: float | None = None
    closing: Closing | None = None

    @property
    def key(self) -> Key:
        """Who is in which project."""
        return self.spec.person, self.spec.project


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes on the disk. files: in the workspace, which sessions share, in the outbox, and in the
    folder of the session's server, which keeps checkpoints of notebooks.

    held: of files that were deleted and that a program of this session still holds open.
    """

    files: int
    held: int


def stay_of(config: Config, spec: SessionSpec) -> Stay:
    """What the installation lets a session have."""
    return Stay(
        idle=timedelta(minutes=config.session_idle_minutes),
        longest=timedelta(hours=config.session_hours),
        workspace_bytes=spec.limits.workspace_bytes,
    )


def measured(watched: Watched, stay: Stay, room: Room, now: float) -> tuple[Watched, Use]:
    """Look at a session now: what it uses, and since when that is too much.

    What its server says of its activity cannot make it younger than it is.
    """
    use = Use(
        now=_time(now),
        started_at=_time(watched.started_at),
        active_at=_time(min(read_activity(watched.folder / "private"), now)),
        workspace_bytes=min(room.files + room.held, BEYOND_ANY_LIMIT),
        held_bytes=room.held,
        free_bytes=_free(watched.spec.workspace),
    )
    too_large = is_too_large(use, stay)
    since = (watched.too_large_since or now) if too_large else None
    use = replace(use, too_large_since=_time(since) if since else None)
    return replace(watched, too_large_since=since), use


def tell(watched: Watched, stay: Stay, use: Use, unanswered: str = "") -> None:
    """Write what the session's bar shows; before its server has a folder, there is nobody to tell.

    unanswered: what to say where the gate did not answer.
    """
    settings = watched.folder / "settings"
    if not settings.is_dir():
        return
    said = warnings(use, stay)
    notice = Notice(
        person=watched.spec.person,
        project=watched.spec.project,
        title=watched.spec.title,
        practice=watched.spec.practice,
        ends_at=use.ends_at(stay).timestamp(),
        shown_limit=watched.spec.limits.shown_bytes,
        warnings=(*said, unanswered) if unanswered else said,
        no_kernels=why_too_large(use) if is_too_large(use, stay) else "",
        closing=watched.closing,
    )
    write_notice(notice, settings)


@dataclass(slots=True)
class Sizes:
    """How large workspaces are; what takes long to count is counted less often."""

    known: dict[object, tuple[int, float]]
    """Bytes, and from when on (monotonic seconds) they are counted again."""

    def room_of(self, watched: Watched) -> Room:
        """Count what a session takes on its disk, or give what was counted a little while ago."""
        spec, server = watched.spec, watched.server.pid
        folders = (spec.workspace, spec.outbox, watched.folder / "private")
        return Room(
            files=sum(self._counted(each, partial(size_of, each)) for each in folders),
            held=self._counted(watched.key, partial(held_bytes, server, spec.workspace)),
        )

    def _counted(self, what: object, count: Callable[[], int]) -> int:
        began = time.monotonic()
        size, again_at = self.known.get(what, (0, 0.0))
        if began >= again_at:
            size = count()
            self.known[what] = size, began + 50 * (time.monotonic() - began)
        return size


def size_of(folder: Path) -> int:
    """The bytes that a folder's files take on the disk: holes count nothing, hard links once.

    Each file or folder counts as ENTRY_BYTES at least: an empty one takes an entry of the disk, and
    a disk has as many as that.
    Links are not followed. A folder that is there and cannot be looked into (nested deeper than a
    path can name, or closed to reading) could hide anything: it counts as more than any limit.
    """
    total, waiting, seen = 0, [folder], set()
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    found = entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    if found.st_nlink == 1 or (found.st_dev, found.st_ino) not in seen:
                        total += max(found.st_blocks * 512, ENTRY_BYTES)
                    seen |= {(found.st_dev, found.st_ino)} if found.st_nlink > 1 else set()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return BEYOND_ANY_LIMIT
    return total


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 2**63


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
