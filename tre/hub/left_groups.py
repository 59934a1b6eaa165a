"""Control groups that nobody will use any more: made by a hub or a test that was killed.

A group that a data home remembers is removed with its session. One that nobody remembers stays in
the machine's tree, empty. But a session without a kernel has an empty group too: its server holds
the group's entrance open, and so does whoever has just made one. A group is therefore only removed
when it is empty and no process on the machine has it open, both seen twice.
"""

import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from tre.hub.control_groups import PREFIX, Groups

LOOK_AGAIN_SECONDS = 1.0
"""Longer than it takes to make a group and to open it."""

_OURS = re.compile(rf"{re.escape(PREFIX)}[0-9a-f]{{12}}")
"""As `session_limits.make_group` names them; the hub's own leaf is called otherwise."""


def remove_left_groups(
    groups: Groups,
    *,
    proc: Path = Path("/proc"),
    sleep: Callable[[float], None] = time.sleep,
    remove: Callable[[Path], None] = Path.rmdir,
) -> tuple[Path, ...]:
    """Remove empty groups of ours that nobody holds open; gives back which those were.

    The machine's kernel removes no group in which there is a process, whatever we believe.
    """
    first = _unused(groups, proc)
    if not first:
        return ()
    sleep(LOOK_AGAIN_SECONDS)
    left = [folder for folder in _unused(groups, proc) if folder in first]
    done = []
    for folder in left:
        with suppress(OSError):  # somebody has moved in, or removed it
            remove(folder)
            done.append(folder)
    return tuple(done)


def _unused(groups: Groups, proc: Path) -> list[Path]:
    empty = [
        folder
        for base in dict.fromkeys(groups.folders.values())
        for folder in sorted(base.glob(f"{PREFIX}*"))
        if _OURS.fullmatch(folder.name) and _is_empty(folder)
    ]
    if not empty:
        return []
    held = _open_files(proc)
    return [folder for folder in empty if not _numbers([folder / "cgroup.procs"]) & held]


def _is_empty(folder: Path) -> bool:
    """Whether there is no process in it and no group below it; what cannot be read is not empty."""
    try:
        alone = not (folder / "cgroup.procs").read_text("ascii").split()
        return alone and not any(below.is_dir() for below in folder.iterdir())
    except OSError:
        return False


def _open_files(proc: Path) -> set[tuple[int, int]]:
    """Every file that a process has open, by device and number."""
    found: set[tuple[int, int]] = set()
    for process in proc.iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                found |= _numbers((process / "fd").iterdir())
    return found


def _numbers(files: Iterable[Path]) -> set[tuple[int, int]]:
    found = set()
    for file in files:
        with suppress(OSError):
            about = file.stat()
            found.add((about.st_dev, about.st_ino))
    return found
