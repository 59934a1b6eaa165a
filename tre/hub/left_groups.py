"""Control groups that nobody will use any more: made by a hub or a test that was killed.

A group that a data home remembers is removed with its session. One that nobody remembers stays in
the machine's tree, empty. But a session without a kernel has an empty group too: its server holds
the group's entrance open. Whoever makes a group needs a while until a server holds it, on a busy
machine any while; the group's name says who that is. A group is therefore only removed when its
maker is gone, it is empty, and no process on the machine has it open, all seen twice.
"""

import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from tre.hub import processes
from tre.hub.control_groups import PREFIX, Groups
from tre.hub.processes import Process

LOOK_AGAIN_SECONDS = 1.0
"""Longer than it takes to hand a group's entrance from a hub that ends to its session's server."""

_OURS = re.compile(rf"{re.escape(PREFIX)}(?:(\d+)-(\d+)-)?[0-9a-f]{{12}}")
"""As `session_limits.group_name` has it; groups of older hubs name no maker."""


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
        if _is_left(folder.name) and _is_empty(folder)
    ]
    if not empty:
        return []
    held = _open_files(proc)
    return [folder for folder in empty if not _numbers([folder / "cgroup.procs"]) & held]


def _is_left(name: str) -> bool:
    """Whether it is a group of ours whose maker is gone, or which names none."""
    ours = _OURS.fullmatch(name)
    if ours is None or ours[1] is None:
        return ours is not None
    maker = Process(int(ours[1]), int(ours[2]))
    return processes.process(maker.pid) != maker


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
