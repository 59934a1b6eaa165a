"""The file that a privacy budget is kept in: where it is, its lock, and writing it whole."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from output_checks.errors import ProtectionError, UnreadableDataError
from output_checks.given import path_of, shown


def budget_file(path: Any) -> Path:
    """Where a budget is kept, links followed: one budget has one lock. Raises ProtectionError."""
    given = path_of("where a budget is kept", path, ProtectionError)
    try:
        file = given.resolve()
        is_folder = file.is_dir()
    except (OSError, RuntimeError) as error:
        raise ProtectionError(f"a budget cannot be kept in {shown(given)}: {error}") from error
    if is_folder:
        raise ProtectionError(f"a budget is kept in a file, but {shown(given)} is a folder")
    return file


def read_budget(path: Path) -> str:
    """What is in a budget's file. Raises UnreadableDataError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UnreadableDataError(
            f"there is no privacy budget {path}; begin one with PrivacyBudget.create, or with "
            "output-checks budget FILE --create EPSILON"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDataError(f"the privacy budget {path} cannot be read: {error}") from error


def write_budget(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, so that it is there after a crash of the machine too."""
    left: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            left = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        left.replace(path)
        left = None
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise UnreadableDataError(f"the privacy budget {path} cannot be kept: {error}") from error
    finally:
        if left is not None:
            left.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Nobody else spends from the budget in this file meanwhile."""
    import fcntl  # noqa: PLC0415 - a budget in memory needs no POSIX

    try:
        lock = path.with_name(path.name + ".lock").open("a")
    except OSError as error:
        raise UnreadableDataError(f"{path} cannot be locked: {error}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
