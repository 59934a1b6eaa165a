"""Read a project's workspace as what it is: a folder that its members write at will.

No link is followed, nothing but regular files is opened, and no more is read than is allowed.
"""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tre.decision import UnusableRequestError
from tre.safe_outputs.request_limits import STANDARD, RequestLimits
from tre.steps.file_adding import refuse_too_large
from tre.steps.views import WorkspaceFile

MOST_LISTED = 500
"""Files shown of a workspace."""

DEEPEST = 8
"""Folders below a workspace that are looked into."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def read_workspace_file(workspace: Path, path: str, limits: RequestLimits = STANDARD) -> bytes:
    """Read a file of the workspace, `path` relative to it, through one open descriptor a step.

    Raises UnusableRequestError where the path leads elsewhere, is no regular file or too large.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        message = f"{path[:60]!r} is no path inside the workspace"
        raise UnusableRequestError(message)
    opened: list[int] = []
    try:
        opened.append(os.open(workspace, _FOLDER))
        for part in parts[:-1]:
            opened.append(os.open(part, _FOLDER, dir_fd=opened[-1]))
        opened.append(os.open(parts[-1], _FILE, dir_fd=opened[-1]))
        return _read_regular(opened[-1], path, limits)
    except OSError as error:
        message = f"{path[:60]!r} cannot be read from the workspace: {error.strerror}"
        raise UnusableRequestError(message) from error
    except UnicodeEncodeError as error:
        message = f"{path[:60]!r} is no name that a file can have"
        raise UnusableRequestError(message) from error
    finally:
        for descriptor in opened:
            os.close(descriptor)


def list_workspace(workspace: Path) -> tuple[WorkspaceFile, ...]:
    """List the workspace's regular files by path, at most MOST_LISTED; hidden ones are left out."""
    found = []
    for file, _ in zip(_walk(workspace, "", 0), range(MOST_LISTED), strict=False):
        found.append(file)
    return tuple(sorted(found, key=lambda file: file.path))


def _read_regular(descriptor: int, path: str, limits: RequestLimits) -> bytes:
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        message = f"{path[:60]!r} is no regular file"
        raise UnusableRequestError(message)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        content = file.read(limits.file_bytes + 1)
    refuse_too_large(path, content, limits)
    return content


def _walk(folder: Path, above: str, depth: int) -> Iterator[WorkspaceFile]:
    """Give files first, then those of the folders below; what vanishes meanwhile is passed over."""
    try:
        descriptor = os.open(folder, _FOLDER)
    except OSError:
        return
    try:
        with os.scandir(descriptor) as entries:
            seen = sorted((e for e in entries if not e.name.startswith(".")), key=lambda e: e.name)
            files = [_listed(e, above) for e in seen if e.is_file(follow_symlinks=False)]
            below = [e.name for e in seen if e.is_dir(follow_symlinks=False)]
    except OSError:
        return
    finally:
        os.close(descriptor)
    yield from (file for file in files if file is not None)
    if depth < DEEPEST:
        for name in below:
            yield from _walk(folder / name, f"{above}{name}/", depth + 1)


def _listed(entry: "os.DirEntry[str]", above: str) -> WorkspaceFile | None:
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return WorkspaceFile(
        path=f"{above}{entry.name}",
        size_bytes=about.st_size,
        changed_at=datetime.fromtimestamp(about.st_mtime, UTC),
    )
