"""Remove what a session made, however deep, however many, a bounded piece at a time."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_HANDLE = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def sweep(rubbish: Path, at_most: int = 2_000) -> int:
    """Remove up to `at_most` entries of the rubbish; return how many were.

    Folders are not walked down but flattened: what lies in one is moved to the top, where the
    next round finds it. So no depth exhausts descriptors or the stack, and no link is followed.
    """
    if not rubbish.exists():
        return 0
    top = os.open(rubbish, _FOLDER)
    try:
        done = 0
        for name in _names(top, at_most):
            done += _remove(top, name, at_most - done)
            if done >= at_most:
                break
        return done
    finally:
        os.close(top)


def _names(folder: int, at_most: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry, _ in zip(entries, range(at_most), strict=False)]


def _remove(top: int, name: str, at_most: int) -> int:
    try:
        os.unlink(name, dir_fd=top)
    except (IsADirectoryError, PermissionError):
        return _empty(top, name, at_most)
    except FileNotFoundError:
        return 0
    return 1


def _empty(top: int, name: str, at_most: int) -> int:
    """Take a folder apart: files go, folders in it move up, and it goes itself once empty."""
    done = 0
    with suppress(OSError):
        folder = _open(top, name)
        try:
            for inner in _names(folder, at_most):
                _unlink_or_lift(folder, inner, top)
                done += 1
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
    return done + 1


def _open(top: int, name: str) -> int:
    """Open a folder, with its owner's rights given back first; links are refused."""
    handle = os.open(name, _HANDLE, dir_fd=top)
    try:
        Path(f"/proc/self/fd/{handle}").chmod(0o700)
    finally:
        os.close(handle)
    return os.open(name, _FOLDER, dir_fd=top)


def _unlink_or_lift(folder: int, inner: str, top: int) -> None:
    try:
        os.unlink(inner, dir_fd=folder)
    except (IsADirectoryError, PermissionError):
        _give_rights(folder, inner)
        os.rename(inner, secrets.token_hex(8), src_dir_fd=folder, dst_dir_fd=top)


def _give_rights(folder: int, inner: str) -> None:
    handle = os.open(inner, _HANDLE, dir_fd=folder)
    try:
        Path(f"/proc/self/fd/{handle}").chmod(0o700)
    finally:
        os.close(handle)
