"""Archive the workspace of a project that has ended: by content, with a manifest, read-only.

What lies there was made by sessions and is not believed: no link is followed, and nothing but
regular files is opened.
"""

import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from tre.decision import UnusableRequestError

MANIFEST = "manifest.json"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
DEEPEST = 64
"""Folders below the workspace that are archived; what lies deeper is named as left out."""


@dataclass(slots=True, kw_only=True)
class Archived:
    """What was archived: the file's hash and size in bytes, how many files are in it."""

    file: Path
    sha256: str
    files: int
    size_bytes: int


@dataclass(slots=True)
class _Manifest:
    """What is in the archive, and what is not, by path."""

    files: list[dict[str, object]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)

    def to_bytes(self, project: str) -> bytes:
        told = {"project": project, "files": self.files, "left_out": self.left_out}
        return (json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


class Readable(Protocol):
    """What the archive needs of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes, at most `size` of them."""
        ...


def archive_workspace(workspace: Path, into: Path, project: str) -> Archived:
    """Write every regular file of a workspace to one tar, named by the hash of its bytes.

    The same files give the same bytes: owners, times and rights are left out. The manifest, last
    in the archive, has each file's size and SHA-256, and what was left out and why. `into` is
    made, for this account alone. Raises UnusableRequestError where the disk does not let us; then
    nothing is left.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = into / ".workspace.part"
    try:
        part.unlink(missing_ok=True)
        manifest = _write(workspace, part, project)
        sha256 = _hash_of(part)
        file = into / f"{sha256}.tar"
        part.chmod(0o400)
        part.replace(file)
    except OSError as error:
        message = f"the workspace of {project} could not be archived: {error.strerror}"
        raise UnusableRequestError(message) from error
    finally:
        part.unlink(missing_ok=True)
    return Archived(
        file=file, sha256=sha256, files=len(manifest.files), size_bytes=file.stat().st_size
    )


def _write(workspace: Path, part: Path, project: str) -> _Manifest:
    manifest = _Manifest()
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            if workspace.is_dir() and not workspace.is_symlink():
                top = os.open(workspace, _FOLDER)
                try:
                    _add_folder(archive, manifest, top, "", 0)
                finally:
                    os.close(top)
            _add(archive, MANIFEST, io.BytesIO(content := manifest.to_bytes(project)), len(content))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _add_folder(
    archive: tarfile.TarFile, manifest: _Manifest, folder: int, above: str, depth: int
) -> None:
    """Add the files of an open folder, then of those below, each by its own descriptor."""
    for name, about in _entries(folder):
        path = f"{above}{name}"
        if stat.S_ISDIR(about.st_mode) and depth < DEEPEST:
            try:
                below = os.open(name, _FOLDER, dir_fd=folder)
            except OSError as error:
                _leave_out(manifest, path, error.strerror or "cannot be opened")
                continue
            try:
                _add_folder(archive, manifest, below, f"{path}/", depth + 1)
            finally:
                os.close(below)
        elif stat.S_ISREG(about.st_mode):
            _add_file(archive, manifest, folder, name, path)
        else:
            _leave_out(manifest, path, "no regular file")


def _entries(folder: int) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        yield name, os.stat(name, dir_fd=folder, follow_symlinks=False)


def _add_file(
    archive: tarfile.TarFile, manifest: _Manifest, folder: int, name: str, path: str
) -> None:
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        _leave_out(manifest, path, error.strerror or "cannot be opened")
        return
    with os.fdopen(descriptor, "rb") as file:
        size = os.fstat(descriptor).st_size
        reading = _Hashing(file)
        _add(archive, f"workspace/{_shown(path)}", reading, size)
    manifest.files.append(
        {"path": _shown(path), "size_bytes": size, "sha256": reading.hash.hexdigest()}
    )


def _leave_out(manifest: _Manifest, path: str, why: str) -> None:
    manifest.left_out.append({"path": _shown(path), "why": why})


def _shown(path: str) -> str:
    """A path in characters that every text can hold: a name is bytes, whatever they say."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _add(archive: tarfile.TarFile, name: str, content: Readable, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o444
    archive.addfile(member, content)


class _Hashing:
    """Reads a file and hashes what went through."""

    def __init__(self, file: IO[bytes]):
        self.hash = hashlib.sha256()
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes."""
        content = self._file.read(size)
        self.hash.update(content)
        return content


def _hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
