"""Bytes of ordinary files: a pipe, a folder or a device is refused and never waited for."""

import os
import stat
from pathlib import Path

from output_checks.errors import UnreadableDataError


def read_regular(path: Path) -> bytes:
    """Read a file that is a regular one.

    Raises UnreadableDataError for anything else and where it cannot be read.
    """
    try:
        # Without waiting: to open a pipe that nobody writes to would never end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _require_regular(os.fstat(descriptor), path)
            return file.read()
    except OSError as error:
        raise UnreadableDataError(f"{path} cannot be read: {_reason(error, path)}") from error


def _reason(error: OSError, path: Path) -> str:
    return "it is a folder" if path.is_dir() else error.strerror or "no reason is known"


def _require_regular(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableDataError(
            f"{path} is no regular file (a folder, a pipe or a device), so it cannot be read"
        )
