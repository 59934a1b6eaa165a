"""The fresh workspace of a run: the code that is laid into it, and what the run left there.

Once something has run in it, the folder is hostile: no link is followed, nothing but regular files
is opened, and no more is read than a request may hold.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath

from tre.decision import UnusableRequestError
from tre.hub.kernels import KERNEL_NAME, R_NAME
from tre.safe_outputs.request_limits import STANDARD, RequestLimits
from tre.safe_settings.session_spec import WORKSPACE
from tre.steps.workspace import DEEPEST, read_workspace_file

MOST_ENTRIES = 20_000
"""Files and folders that are looked at in one workspace."""

MOST_OF_A_NAME = 5
"""Files of one name, in several folders, that are compared."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def fresh_workspace(home: Path) -> Generator[Path]:
    """Give an empty folder on the data home's disk; nothing of it is left afterwards."""
    runs = home / "runs"
    runs.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=runs))
    try:
        yield folder
    finally:
        remove(folder)


def remove_left_over(home: Path) -> None:
    """Remove the workspaces of runs whose process was killed; call it while nothing runs."""
    runs = home / "runs"
    if runs.is_dir():
        for folder in runs.iterdir():
            remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder however deep it is, and whatever a run has forbidden in it."""
    for program, *options in (("chmod", "-R", "u+rwX"), ("rm", "-rf", "--one-file-system")):
        found = shutil.which(program, path=os.defpath)
        if found:
            subprocess.run(  # noqa: S603 - programs of the machine, on a folder of ours
                [found, *options, "--", str(folder)], check=False, capture_output=True
            )


def lay(workspace: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a workspace in which nothing has run yet.

    Raises UnusableRequestError for a name that is no plain file name.
    """
    for name, content in files.items():
        if PurePath(name).name != name or name in {"", ".", ".."} or "\0" in name:
            message = f"{name[:60]!r} is no plain file name"
            raise UnusableRequestError(message)
        number = os.open(
            workspace / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644
        )
        with os.fdopen(number, "wb") as file:
            file.write(content)


def left_under(workspace: Path, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Find regular files of these names; name → their paths, the shallowest first.

    At most MOST_OF_A_NAME each, among the first MOST_ENTRIES of the workspace.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    waiting, seen = [("", 0)], 0
    while waiting and seen < MOST_ENTRIES:
        path, depth = waiting.pop(0)
        for name, is_folder in _entries(workspace / path, MOST_ENTRIES - seen):
            seen += 1
            below = f"{path}{name}"
            if is_folder:
                if depth < DEEPEST:
                    waiting.append((f"{below}/", depth + 1))
            elif name in names and len(found[name]) < MOST_OF_A_NAME:
                found[name].append(below)
    return {name: tuple(paths) for name, paths in found.items()}


def read_left(workspace: Path, path: str, limits: RequestLimits = STANDARD) -> bytes | None:
    """Read what a run left; None where it is a link, no regular file, or larger than may leave."""
    try:
        return read_workspace_file(workspace, path, limits)
    except UnusableRequestError:
        return None


def as_notebook(name: str, content: bytes) -> bytes:
    """Give code as a notebook: one as it is, a script as its cell. It need not be valid."""
    ending = PurePath(name).suffix.lower()
    if ending == ".ipynb":
        return content
    text = content.decode("utf-8", "replace")
    cells = [text] if ending == ".r" else [f"__file__ = {f'{WORKSPACE}/{name}'!r}", text]
    notebook = {
        "cells": [_cell(number, source) for number, source in enumerate(cells)],
        "metadata": {"kernelspec": _kernel(R_NAME if ending == ".r" else KERNEL_NAME)},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook).encode()


def _kernel(name: str) -> dict[str, str]:
    return {"name": name, "display_name": name}


def _cell(number: int, source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
    }


def _entries(folder: Path, at_most: int) -> list[tuple[str, bool]]:
    """Name and whether it is a folder; a link is neither a folder nor a file, and left out.

    The path leads through folders that no link can have replaced: nothing runs in them any more.
    """
    try:
        descriptor = os.open(folder, _FOLDER)
    except OSError:
        return []
    try:
        with os.scandir(descriptor) as entries:
            seen = [entry for entry, _ in zip(entries, range(at_most), strict=False)]
            return [
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in seen
                if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []
    finally:
        os.close(descriptor)
