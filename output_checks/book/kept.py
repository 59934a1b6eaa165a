"""The book's file: one line for each released output, each sealed by the hash of those before.

A line is only ever added. A line that was changed or taken out of the middle no longer fits the
next one, and the book then cannot be read at all.
"""

import fcntl
import hashlib
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from output_checks.errors import UnreadableDataError
from output_checks.show.files import write_whole

FORMAT = 1


def read_lines(path: Path) -> tuple[list[Mapping[str, Any]], str]:
    """The contents of a book's lines, and the hash of the last one.

    Raises UnreadableDataError for a line that is damaged or does not follow the one before.
    """
    try:
        text = path.read_bytes().decode() if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDataError(f"the book {path} cannot be read: {error}") from error
    if text and not text.endswith("\n"):
        raise UnreadableDataError(f"the book {path} ends in the middle of a line")
    before = ""
    found = []
    # Only "\n" ends a line: names and labels may hold other characters that end one elsewhere.
    for number, line in enumerate(text.split("\n")[:-1], 1):
        content = _content(line, f"line {number} of the book {path}")
        if content.get("before") != before:
            raise UnreadableDataError(
                f"line {number} of the book {path} does not follow the line before it: the book "
                "was changed"
            )
        found.append(content["output"])
        before = _hash(line)
    return found, before


def add_line(path: Path, output: Mapping[str, Any], before: str) -> None:
    """Write the book again with one more line, whole or not at all.

    before: the hash of the last line. Raises OutputCheckError where it cannot be written.
    """
    line = json.dumps(
        {"format": FORMAT, "before": before, "output": output}, ensure_ascii=False, sort_keys=True
    )
    old = path.read_bytes() if path.exists() else b""
    write_whole(path, old + line.encode() + b"\n")


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Nobody else adds to the book meanwhile. Raises OSError where there can be no file."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder")
    with path.with_name(f".{path.name}.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _content(line: str, where: str) -> Mapping[str, Any]:
    try:
        content = json.loads(line, object_pairs_hook=_no_key_twice)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise UnreadableDataError(f"{where} cannot be read: {error}") from error
    if not isinstance(content, dict) or set(content) != _KEYS or content["format"] != FORMAT:
        raise UnreadableDataError(f"{where} is no released output of format {FORMAT}")
    if not isinstance(content["output"], dict):
        raise UnreadableDataError(f"{where} holds no released output")
    return content


def _no_key_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key is there twice")
    return content


_KEYS = {"format", "before", "output"}


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
