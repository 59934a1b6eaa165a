"""Writing a file whole or not at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from tre.decision import UnusableRequestError

Write = Callable[[int, memoryview], int]


class WriteError(UnusableRequestError):
    """A file could not be written; what was there before is untouched."""


def write_whole(path: Path, content: bytes, *, write: Write = os.write) -> Path:
    """Write a file beside its place, force it to the disk, then move it there in one go.

    write: as `os.write`; it may write less than it was given.
    Raises WriteError, with nothing left behind, when the disk is full or does not answer.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        _write_and_force(beside, content, write)
        beside.replace(path)
        _force(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise WriteError(_sentence(path, len(content), error)) from error
    return path


def _write_and_force(path: Path, content: bytes, write: Write) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _force(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(path: Path, size_bytes: int, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"the disk that holds {path.parent} is full: {path.name} needs {size_bytes:,} bytes. "
            "Nothing was half-written; make room, then try again."
        )
    return (
        f"{path.name} could not be written in {path.parent}: {os.strerror(error.errno or 0)}. "
        "Nothing was half-written; put it right, then try again."
    )
