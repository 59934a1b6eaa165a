"""Archive the workspace of a project that has ended: by content, with a manifest, read-only.

What lies there was made by sessions and is not believed: no link is followed, and nothing but
regular files is opened. What takes little room there takes little here: holes are no zeros, and a
file of several names is kept once.
"""

import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tre.decision import UnusableRequestError
from tre.steps.sparse_files import StoredFile, pieces_of

MANIFEST = "manifest.json"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
DEEPEST = 64
"""Folders below the workspace that are archived; what lies deeper is named as left out."""
_KINDS = (
    (stat.S_ISDIR, f"a folder more than {DEEPEST} deep"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a named pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
)
"""What is left out, and why."""
HASHED_HOLES_BYTES = 16 * 2**30
"""Holes that are hashed as zeros in one archive, some seconds' work. Of files beyond that the data
alone are hashed, and the manifest says so."""
WHOLE, DATA_ALONE = "whole file", "data without holes"


@dataclass(slots=True, kw_only=True)
class Archived:
    """What was archived: the file's hash and size in bytes, how many files are in it."""

    file: Path
    sha256: str
    files: int
    size_bytes: int


@dataclass(slots=True)
class _Manifest:
    """What is in the archive, and what is not, by path.

    first: of files with several names, the entry of the one that is kept, by device and number.
    """

    files: list[dict[str, object]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    first: dict[tuple[int, int], dict[str, object]] = field(default_factory=dict)
    holes_left: int = 0

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
    in the archive, has each file's size and SHA-256, and what was left out and why; of a sparse
    file also what is stored and what was hashed. `into` is made, for this account alone. Raises
    UnusableRequestError where the disk does not let us; then nothing is left.
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
    manifest = _Manifest(holes_left=HASHED_HOLES_BYTES)
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
            _leave_out(manifest, path, _what_else(about.st_mode))


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
    try:
        about = os.fstat(descriptor)
        number = (about.st_dev, about.st_ino)
        if (first := manifest.first.get(number)) is not None:
            entry = _add_name(archive, first, path)
        else:
            entry = _add_content(archive, manifest, descriptor, path)
            if about.st_nlink > 1:
                manifest.first[number] = entry
    finally:
        os.close(descriptor)
    manifest.files.append(entry)


def _add_name(archive: tarfile.TarFile, first: dict[str, object], path: str) -> dict[str, object]:
    """Add one more name of a file that is in the archive."""
    member = tarfile.TarInfo(f"workspace/{_shown(path)}")
    member.type, member.linkname, member.mode = tarfile.LNKTYPE, f"workspace/{first['path']}", 0o444
    archive.addfile(member)
    return first | {"path": _shown(path), "same_file_as": first["path"]}


def _add_content(
    archive: tarfile.TarFile, manifest: _Manifest, descriptor: int, path: str
) -> dict[str, object]:
    size = os.fstat(descriptor).st_size
    stored = StoredFile(descriptor, size, pieces_of(descriptor, size))
    stored.hash_holes = stored.holes_bytes <= manifest.holes_left
    if stored.hash_holes:
        manifest.holes_left -= stored.holes_bytes
    name = f"workspace/{_shown(path)}"
    _add(archive, name, stored, stored.stored_bytes, stored.headers)
    entry: dict[str, object] = {
        "path": _shown(path),
        "size_bytes": size,
        "sha256": stored.sha256(),
    }
    if stored.is_sparse:
        hashed = WHOLE if stored.hash_holes else DATA_ALONE
        entry |= {"stored_bytes": stored.stored_bytes, "hashed": hashed}
    return entry


def _what_else(mode: int) -> str:
    """Say what an entry is that is no file and no folder that is gone into."""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "a device")


def _leave_out(manifest: _Manifest, path: str, why: str) -> None:
    manifest.left_out.append({"path": _shown(path), "why": why})


def _shown(path: str) -> str:
    """A path in characters that every text can hold: a name is bytes, whatever they say."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _add(
    archive: tarfile.TarFile,
    name: str,
    content: Readable,
    size: int,
    headers: Mapping[str, str] | None = None,
) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o444
    if headers:
        member.pax_headers = {**headers, "GNU.sparse.name": name}
    archive.addfile(member, content)


def _hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
