"""Files of the data home, written whole or not at all; frozen submissions kept by their hash."""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from tre.decision import UnusableRequestError


class FrozenFileError(UnusableRequestError):
    """A frozen file is gone, or is no longer what was submitted."""


def sha256_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_whole(file: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put the bytes there in one moment, in the place of what was there.

    Raises UnusableRequestError where the disk is full or does not let us; then nothing changed.
    """
    _write(file, content, mode, os.replace)


def write_once(file: Path, content: bytes, *, mode: int = 0o400) -> None:
    """Put the bytes there in one moment unless something is there already; that is left alone.

    Raises UnusableRequestError where the disk is full or does not let us; then nothing changed.
    """
    _write(file, content, mode, _link_if_new)


def freeze(folder: Path, content: bytes) -> str:
    """Keep a read-only copy under the bytes' own hash, and give the hash."""
    hash_ = sha256_of(content)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_once(folder / hash_, content)
    return hash_


def thaw(folder: Path, hash_: str) -> bytes:
    """Read a frozen copy; raises FrozenFileError unless it is, bit by bit, what was frozen."""
    try:
        descriptor = os.open(folder / hash_, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        message = f"the frozen copy {hash_[:12]}… cannot be read: {error.strerror}"
        raise FrozenFileError(message) from error
    with os.fdopen(descriptor, "rb") as file:
        content = file.read()
    if sha256_of(content) != hash_:
        message = f"the frozen copy {hash_[:12]}… was changed on disk after its submission"
        raise FrozenFileError(message)
    return content


def _write(file: Path, content: bytes, mode: int, settle: Callable[[Path, Path], None]) -> None:
    part = file.with_name(f".{file.name[:60]}.{secrets.token_hex(6)}.part")
    try:
        _write_part(part, content, mode)
        settle(part, file)
        _keep_folder(file.parent)
    except OSError as error:
        message = f"{file.name} could not be kept: {error.strerror}; nothing was changed"
        raise UnusableRequestError(message) from error
    finally:
        part.unlink(missing_ok=True)


def _write_part(part: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)


def _link_if_new(part: Path, file: Path) -> None:
    try:
        os.link(part, file)
    except FileExistsError:
        return


def _keep_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
