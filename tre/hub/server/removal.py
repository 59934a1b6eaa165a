"""Removes a folder of the workspace with all that is in it, however deep it goes.

Standard functions go down by calling themselves and keep every folder on the way open: a thousand
nested folders are too many for both. Here one folder is open at a time. The way back up is only
taken where it leads to the folder that was left: a kernel may move folders meanwhile.
"""

import errno
import os
import stat
from dataclasses import dataclass

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class _Above:
    """A folder on the way down, and the name in it of the one that was entered."""

    about: os.stat_result
    entered: str


def remove_folder(name: str, folder: int) -> None:
    """Remove the folder of this name, below an open one; links in it are removed, not followed.

    Raises OSError; what was removed until then stays removed. EBUSY: somebody moved a folder
    while it was being emptied.
    """
    way = [_Above(os.fstat(folder), name)]
    here = os.open(name, _FOLDER, dir_fd=folder)
    try:
        while way:
            if below := _emptied(here):
                entered = os.open(below, _FOLDER, dir_fd=here)
                way.append(_Above(os.fstat(here), below))
                here, left = entered, here
            else:
                above = way.pop()
                left, here = here, _up(here, above.about)
                os.rmdir(above.entered, dir_fd=here)
            os.close(left)
    finally:
        os.close(here)


def _emptied(folder: int) -> str:
    """Remove what is no folder; give the name of a folder that is left, "" for an empty one."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if stat.S_ISDIR(entry.stat(follow_symlinks=False).st_mode):
                return entry.name
            os.unlink(entry.name, dir_fd=folder)
    return ""


def _up(folder: int, awaited: os.stat_result) -> int:
    above = os.open("..", _FOLDER, dir_fd=folder)
    if not os.path.samestat(os.fstat(above), awaited):
        os.close(above)
        raise OSError(errno.EBUSY, "a folder was moved while it was being removed")
    return above
