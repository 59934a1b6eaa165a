"""Opens a session's folders so that what is mounted is what was looked at.

Between looking at a path and mounting it, any part of it could become a link to elsewhere. So each
part is opened from the part before it, following no link, and the open folder itself is mounted.
"""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tre.hub.session_limits import close
from tre.safe_settings.sealed_sandbox import OpenFolders, UnsealableError
from tre.safe_settings.session_spec import SessionSpec

_JUST_THE_FOLDER = os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISREG, "a file"),
)


@contextmanager
def opened_folders(spec: SessionSpec) -> Generator[OpenFolders]:
    """Hold a session's folders open while something mounts them.

    Raises UnsealableError, naming the folder, where one is missing, or it or a folder above it is
    a link or no folder.
    """
    folders = open_folders(spec)
    try:
        yield folders
    finally:
        close(folders.numbers)


def open_folders(spec: SessionSpec) -> OpenFolders:
    """Open them; the caller closes `numbers`. Raises as `opened_folders` does."""
    wanted = {
        "extract": spec.extract,
        "workspace": spec.workspace,
        "outbox": spec.outbox,
        "replies": spec.replies,
        **({"packages": spec.packages} if spec.packages else {}),
    }
    found: dict[str, int] = {}
    try:
        for name, path in wanted.items():
            found[name] = open_without_links(path, name)
    except BaseException:
        close(list(found.values()))
        raise
    return OpenFolders(**found)


def open_without_links(path: Path, name: str) -> int:
    """Open a folder by its whole path, of which no part may be a link; the caller closes it.

    path: absolute. name: what the folder is to the session, for the message.
    Raises UnsealableError.
    """
    if not path.is_absolute() or ".." in path.parts:
        message = f"the session's {name} has no plain path: {path}"
        raise UnsealableError(message)
    here = os.open("/", _JUST_THE_FOLDER)
    walked = Path("/")
    for part in path.parts[1:]:
        above, walked = here, walked / part
        try:
            here = os.open(part, _JUST_THE_FOLDER, dir_fd=above)
        except OSError as error:
            message = f"the session's {name} cannot be shown: {_why(walked, above, error)}"
            raise UnsealableError(message) from error
        finally:
            os.close(above)
    return here


def _why(path: Path, above: int, error: OSError) -> str:
    """Say what stands there instead of a folder; above is still open."""
    with suppress(OSError):
        mode = os.lstat(path.name, dir_fd=above).st_mode
        for is_kind, kind in _KINDS:
            if is_kind(mode):
                return f"{path} is {kind}, not a folder; put a folder in its place"
    return f"{path}: {error.strerror}"
