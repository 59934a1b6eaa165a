"""The files of the repository, as git lists them."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def tracked_files() -> tuple[Path, ...]:
    """List every file that is in the repository and on the disk."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so nothing says which files are the project's")
    files = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(file for file in files if file.is_file())


def text_of(file: Path) -> str:
    """Read a file as text; a binary file reads as nothing."""
    content = file.read_bytes()
    return "" if b"\0" in content[:4096] else content.decode("utf-8")


def python_files(*folders: str) -> tuple[Path, ...]:
    """List the tracked Python files under some folders of the repository."""
    roots = tuple(ROOT / folder for folder in folders)
    return tuple(
        file
        for file in tracked_files()
        if file.suffix == ".py" and any(file.is_relative_to(root) for root in roots)
    )
