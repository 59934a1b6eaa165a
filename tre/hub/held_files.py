"""Files that were deleted and still take room on the disk, since a running program holds them open.

No folder lists them, so whoever measures folders misses them. Not seen here: a file that is on its
way from one process to another through a socket, and, where the hub is no root, one that is mapped
into memory and no longer open. A quota of the disk's own counts these too.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tre.hub.processes import descendants

MOST_LINES = 20_000
"""Of one process's list of mappings that are read."""


def held_bytes(server: int, workspace: Path, proc: Path = Path("/proc")) -> int:
    """The bytes on a workspace's disk of deleted files that a session's processes hold open.

    server: the number of the session's first process; 0 where there is none.
    """
    if not server:
        return 0
    found: dict[tuple[int, int], int] = {}
    for one in descendants(server):
        folder = proc / str(one.pid)
        for path in (*_open(folder), *_mapped(folder)):
            with suppress(OSError):  # closed meanwhile, or its process ended
                about = path.stat()
                if _is_deleted(about) and _share_a_disk(path, about, workspace):
                    found[about.st_dev, about.st_ino] = about.st_blocks * 512
    return sum(found.values())


def _is_deleted(about: os.stat_result) -> bool:
    return stat.S_ISREG(about.st_mode) and about.st_nlink == 0


def _open(process: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (process / "fd").iterdir()


def _mapped(process: Path) -> Iterator[Path]:
    """Deleted files that are mapped, each once; the links to them are root's alone."""
    seen: set[str] = set()
    with suppress(OSError), (process / "maps").open(encoding="utf-8", errors="replace") as lines:
        for _, line in zip(range(MOST_LINES), lines, strict=False):
            place, *_, device, inode = line.split(maxsplit=5)[:5]
            if line.endswith("(deleted)\n") and (one := f"{device} {inode}") not in seen:
                seen.add(one)
                yield process / "map_files" / _without_zeros(place)


def _without_zeros(place: str) -> str:
    """`map_files` writes addresses without the zeros that `maps` puts before short ones."""
    return "-".join(f"{int(each, 16):x}" for each in place.split("-"))


def _share_a_disk(path: Path, about: os.stat_result, workspace: Path) -> bool:
    """Whether both lie in one file system; layered ones number their parts as devices apart."""
    if about.st_dev == workspace.stat().st_dev:
        return True
    number = os.statvfs(path).f_fsid
    return number != 0 and number == os.statvfs(workspace).f_fsid
