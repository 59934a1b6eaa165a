"""A workspace's files, reached step by step: no link is followed, nothing but files is opened.

A kernel writes the workspace at will, also while the server works in it. So every folder on the
way is opened by itself, below the last one, and what is done is done below that open folder: a name
that is swapped for a link in between leads nowhere.
"""

import errno
import os
import secrets
import stat
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tornado import web

from tre.hub.server.removal import remove_folder

MOST_LISTED = 2_000
LONGEST_NAME_BYTES = 200

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

STATUS = {
    404: (errno.ENOENT, errno.ENOTDIR, errno.ELOOP),
    409: (errno.EEXIST, errno.ENOTEMPTY, errno.EISDIR),
    403: (errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV),
    400: (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENXIO),
    423: (errno.EAGAIN, errno.EBUSY, errno.ETXTBSY),
    503: (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO),
    507: (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
}
"""What a browser is told of a failure of the file system."""

NO_FILES = (
    (stat.S_ISFIFO, "a named pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
"""What a kernel can make beside files, folders and links, and what it is called."""

WORDS = {
    404: "there is no such file or folder in the workspace",
    409: "there is a file or folder of that name already",
    403: "that may not be done here",
    400: "that name cannot be used for a file",
    423: "a program in a kernel holds or moves this just now; let it end, or restart the kernel",
    503: "the server could not do that just now; try again in a moment",
    507: "the workspace is full; nothing was changed. Delete files in it",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder of the workspace."""

    path: str
    about: os.stat_result

    @property
    def is_folder(self) -> bool:
        """A folder, or else a regular file: there are no other entries."""
        return stat.S_ISDIR(self.about.st_mode)


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a browser may do with the files below `root`; paths are relative to it.

    Everything raises web.HTTPError with a sentence for the browser.
    """

    root: Path

    def find(self, path: str) -> Entry | None:
        """Look at an entry; None where there is none, or it is no file or folder."""
        found = self._looked_at(path)
        return found if found is not None and _is_shown(found.about) else None

    def what_else(self, path: str) -> str:
        """Say in words what stands there that is no file, folder or link; "" for those."""
        found = self._looked_at(path)
        kind = _kind_of(found.about) if found is not None else ""
        return _no_file(kind) if kind else ""

    def _looked_at(self, path: str) -> Entry | None:
        parts = _parts(path)
        try:
            with self._folder(parts[:-1]) as folder:
                about = (
                    os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
                    if parts
                    else os.fstat(folder)
                )
        except web.HTTPError as error:
            if error.status_code == 404:
                return None
            raise
        except (UnicodeEncodeError, ValueError):
            return None
        except OSError as error:
            if error.errno in STATUS[404] + STATUS[400]:
                return None
            raise _told_as(error) from error
        return Entry("/".join(parts), about)

    def list(self, path: str) -> list[Entry]:
        """List a folder by name, without what is hidden, is a link or cannot be spelt."""
        parts = _parts(path)
        found = []
        with _told(), self._folder(parts) as folder, os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not _is_spelt(entry.name):
                    continue
                about = _about(entry)
                if about is not None and _is_shown(about):
                    found.append(Entry("/".join((*parts, entry.name)), about))
                if len(found) > MOST_LISTED:
                    message = f"more than {MOST_LISTED:,} entries; tidy this folder in a notebook"
                    raise web.HTTPError(413, message)
        return sorted(found, key=lambda entry: entry.path)

    def read(self, path: str, most_bytes: int) -> bytes:
        """Read a regular file; one that is larger is refused before it is read."""
        parts = _named(path)
        with _told(), self._folder(parts[:-1]) as folder:
            before = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
            _must_be_a_file(before, most_bytes)
            opened = os.open(parts[-1], _FILE, dir_fd=folder)
            with os.fdopen(opened, "rb") as file:
                _must_be_a_file(os.fstat(opened), most_bytes)
                content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise _too_large(most_bytes)
        return content

    def write(self, path: str, content: bytes) -> None:
        """Put a file in the place of the one of that name, whole or not at all."""
        parts = _new_name(path)
        beside = f".tre-{secrets.token_hex(8)}"
        with _told(), self._folder(parts[:-1]) as folder:
            _must_not_be_in_the_way(parts[-1], folder)
            try:
                with os.fdopen(os.open(beside, _NEW, 0o644, dir_fd=folder), "wb") as file:
                    file.write(content)
                os.replace(beside, parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                _remove_if_there(beside, folder)
                raise

    def make_folder(self, path: str) -> None:
        """Make a folder; one that is there already is no error."""
        parts = _new_name(path)
        with _told(), self._folder(parts[:-1]) as folder:
            try:
                os.mkdir(parts[-1], 0o755, dir_fd=folder)
            except FileExistsError:
                if not stat.S_ISDIR(os.lstat(parts[-1], dir_fd=folder).st_mode):
                    raise

    def rename(self, old: str, new: str) -> None:
        """Move an entry to a name that is free."""
        before, after = _named(old), _new_name(new)
        with _told(), self._folder(before[:-1]) as here, self._folder(after[:-1]) as there:
            if _is_there(after[-1], there) and not _are_one(before[-1], here, after[-1], there):
                raise web.HTTPError(409, WORDS[409])
            os.rename(before[-1], after[-1], src_dir_fd=here, dst_dir_fd=there)

    def delete(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it; what links point to stays."""
        parts = _named(path)
        with _told(), self._folder(parts[:-1]) as folder:
            about = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(about.st_mode):
                remove_folder(parts[-1], folder)
            else:
                os.unlink(parts[-1], dir_fd=folder)

    @contextmanager
    def _folder(self, parts: Iterable[str]) -> Generator[int]:
        """Open a folder of the workspace, each one on the way below the last."""
        with _told():
            here = os.open(self.root, _FOLDER)
        try:
            with _told():
                for part in parts:
                    below = os.open(part, _FOLDER, dir_fd=here)
                    os.close(here)
                    here = below
            yield here
        finally:
            os.close(here)


def _parts(path: str) -> list[str]:
    """Take a path apart; what leads upwards or is hidden is not there."""
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") or "\0" in part for part in parts):
        raise web.HTTPError(404, WORDS[404])
    return parts


def _named(path: str) -> list[str]:
    parts = _parts(path)
    if not parts:
        raise web.HTTPError(400, "that is the workspace itself")
    return parts


def _new_name(path: str) -> list[str]:
    """Take the path of something new apart; its last part must be fit to be a name."""
    parts = _parts(path)
    if not parts or not _is_fit(parts[-1]):
        raise web.HTTPError(400, WORDS[400])
    return parts


def _is_fit(name: str) -> bool:
    short = len(name.encode(errors="replace")) <= LONGEST_NAME_BYTES
    return short and name.isprintable() and name == name.strip() and not name.endswith(".")


def _is_spelt(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind_of(about: os.stat_result) -> str:
    """What an entry is that is no file, folder or link; "" for those."""
    return next((kind for is_kind, kind in NO_FILES if is_kind(about.st_mode)), "")


def _no_file(kind: str) -> str:
    return (
        f"that is {kind}, not a file: there is nothing in it to show. If no program of yours "
        "waits at it, delete it (in a notebook: os.remove)"
    )


def _is_shown(about: os.stat_result) -> bool:
    return stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)


def _about(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _are_one(one: str, here: int, other: str, there: int) -> bool:
    return os.path.samestat(
        os.stat(one, dir_fd=here, follow_symlinks=False),
        os.stat(other, dir_fd=there, follow_symlinks=False),
    )


def _must_be_a_file(about: os.stat_result, most_bytes: int) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise web.HTTPError(400, _no_file(_kind_of(about) or "a folder or a link"))
    if about.st_size > most_bytes:
        raise _too_large(most_bytes)


def _must_not_be_in_the_way(name: str, folder: int) -> None:
    """A folder, a pipe or a link of that name stays as it is."""
    try:
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if not stat.S_ISREG(about.st_mode):
        kind = _kind_of(about) or "a folder or a link"
        raise web.HTTPError(409, f"{kind} has that name; delete it or choose another name")


def _too_large(most_bytes: int) -> web.HTTPError:
    how = "ask for its release, or look at it in the notebook"
    return web.HTTPError(403, f"larger than {most_bytes:,} bytes; {how}")


def _remove_if_there(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return


@contextmanager
def _told() -> Generator[None]:
    """Say in words what the file system says in numbers."""
    try:
        yield
    except (UnicodeEncodeError, ValueError) as error:
        raise web.HTTPError(400, WORDS[400]) from error
    except OSError as error:
        raise _told_as(error) from error


def _told_as(error: OSError) -> web.HTTPError:
    """A failure of the file system in the browser's terms; one that is not listed is passing."""
    known = (status for status, numbers in STATUS.items() if error.errno in numbers)
    status = next(known, 503)
    return web.HTTPError(status, WORDS[status])
