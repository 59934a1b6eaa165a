"""Take a letter out of a session's reach, and read it once, as if its writer were hostile.

No link is followed, nothing but regular files is opened, no more is read than a limit allows,
and everything is read through one open descriptor: what was read is what is judged.
"""

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from tre.courier.paths import LETTER, Outbox
from tre.decision import UnusableRequestError
from tre.safe_outputs.request_limits import ASK

REQUEST_BYTES = 256 * 1024
"""The most that `request.json` may hold, but for the declarations of many files."""
REQUEST_BYTES_A_FILE = 16 * 1024
"""What it may hold for each of the files that a request may have, where that is more."""

LOOK_AT_MOST = 256
"""Entries of an outbox looked at in one round."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_HANDLE = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC


class UnreadableLetterError(UnusableRequestError):
    """A letter is not what a session writes; the message says what is wrong with it."""


def waiting(outbox: Outbox) -> tuple[list[str], list[str]]:
    """List the letters of an outbox, and what does not belong in one.

    Both sorted by name, from at most LOOK_AT_MOST entries. A letter that is still being written
    (`.part`) is neither.
    """
    names = []
    with suppress(OSError), os.scandir(outbox.folder) as entries:
        for entry, _ in zip(entries, range(LOOK_AT_MOST), strict=False):
            names.append(entry.name)
    letters = sorted(name for name in names if LETTER.fullmatch(name))
    written = {name for name in names if LETTER.fullmatch(name.removesuffix(".part"))}
    return letters, sorted(set(names) - written)


def move(source: Path, into: Path) -> Path | None:
    """Move an entry to where its writer cannot rename or replace it; None if it is gone.

    It gets a new name, so that no two letters meet. The entry itself moves, never its target.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = into / f"{source.name[:40]}.{secrets.token_hex(4)}"
    try:
        source.rename(target)
    except FileNotFoundError:
        return None
    except PermissionError:
        _make_writable(source)
        source.rename(target)
    return target


def _make_writable(folder: Path) -> None:
    """Give the owner its rights back on a folder, never on what a link points to."""
    descriptor = os.open(folder, _HANDLE | os.O_DIRECTORY)
    try:
        Path(f"/proc/self/fd/{descriptor}").chmod(0o700)
    finally:
        os.close(descriptor)


def open_letter(taken: Path) -> int:
    """Open a letter's folder; the caller closes the descriptor.

    Raises UnreadableLetterError where it is not a folder.
    """
    try:
        try:
            return os.open(taken, _FOLDER)
        except PermissionError:
            _make_writable(taken)
            return os.open(taken, _FOLDER)
    except OSError as error:
        message = f"a message is a folder with a request in it, and this one {_why(error)}"
        raise UnreadableLetterError(message) from error


def read_request(letter: int, files: int = 0) -> bytes:
    """Read the letter's `request.json`.

    files: how many files a request may have.
    Raises UnreadableLetterError where it is missing, too large, or no regular file.
    """
    most = max(REQUEST_BYTES, files * REQUEST_BYTES_A_FILE)
    return _read(letter, "request.json", most, "; ask for fewer files at once")


def read_files(letter: int, count: int, *, file_bytes: int, all_bytes: int) -> list[bytes]:
    """Read the letter's files, numbered from 0, each once.

    file_bytes, all_bytes: the most that one file, and all together, may hold.
    Raises UnreadableLetterError for the first that cannot be taken.
    """
    if not count:
        return []
    folder = _open_files(letter)
    try:
        contents: list[bytes] = []
        for number in range(count):
            left = all_bytes - sum(len(content) for content in contents)
            contents.append(_read(folder, str(number), min(file_bytes, left), f"; {ASK}"))
        return contents
    finally:
        os.close(folder)


def _open_files(letter: int) -> int:
    try:
        return os.open("files", _FOLDER, dir_fd=letter)
    except OSError as error:
        message = f"the folder 'files' of the message {_why(error)}"
        raise UnreadableLetterError(message) from error


def _read(folder: int, name: str, at_most: int, advice: str = "") -> bytes:
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        message = f"'{name}' of the message {_why(error)}"
        raise UnreadableLetterError(message) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            message = f"'{name}' of the message is not a regular file"
            raise UnreadableLetterError(message)
        return _read_all(descriptor, name, found.st_size, at_most, advice)
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, name: str, size: int, at_most: int, advice: str = "") -> bytes:
    """Read to the end or to the limit, whatever the file claimed to hold or grows to."""
    content = bytearray()
    if size <= at_most:
        while chunk := os.read(descriptor, min(1 << 20, at_most + 1 - len(content))):
            content += chunk
    if size > at_most or len(content) > at_most:
        message = f"'{name}' of the message is too large: at most {at_most:,} bytes are taken"
        raise UnreadableLetterError(message + advice)
    return bytes(content)


def _why(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"could not be read ({error.strerror})")


_REASONS = {
    errno.ELOOP: "is a link, and links are never followed",
    errno.ENOTDIR: "is not a folder",
    errno.ENOENT: "is missing",
    errno.ENXIO: "is not a regular file",
    errno.EACCES: "may not be read",
}
