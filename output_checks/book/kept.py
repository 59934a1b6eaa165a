"""The book's file: one line for each released output, each sealed by the hash of those before.

A line is only ever added. A line that was changed or taken out no longer fits the next one, or the
closing line, and the book then cannot be read at all.
"""

import fcntl
import hashlib
import json
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from output_checks.errors import UnreadableDataError
from output_checks.given import shown
from output_checks.show.files import write_whole

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What a book holds. outputs: of each line. hashes: of the lines, one for each."""

    outputs: tuple[Mapping[str, Any], ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The hash of the last line, which is made of all before it."""
        return self.hashes[-1] if self.hashes else ""

    @property
    def seal(self) -> str:
        """How many outputs there are and the hash of the last, to be kept elsewhere."""
        return f"{len(self.hashes)}:{self.last}"

    def refuse_other_than(self, seal: str, path: Path) -> None:
        """Raise UnreadableDataError where the book does not go on from what was sealed."""
        found = _SEAL.fullmatch(seal.strip())
        if found is None:
            raise UnreadableDataError(
                f"a seal is the number of outputs and a hash, such as 2:9f3c…, not {shown(seal)}"
            )
        count = int(found["count"])
        if len(self.hashes) < count:
            raise UnreadableDataError(
                f"the book {path} holds {len(self.hashes):,} outputs, fewer than the {count:,} "
                "that were sealed: some were taken out at its end"
            )
        if ("", *self.hashes)[count] != found["last"]:
            raise UnreadableDataError(
                f"the book {path} has other outputs than those that were sealed: it was changed"
            )


def read_lines(path: Path, *, is_new: bool = False) -> Lines:
    """The contents of a book's lines.

    is_new: where there is no file, it is a book of nothing, to which a first line is added.
    Raises UnreadableDataError where there is no file otherwise, for a file that is empty, a line
    that is damaged or does not follow the one before, and where the closing line is missing or says
    that there were others.
    """
    if is_new and not path.exists():
        return Lines()
    text = _text(path)
    # Only "\n" ends a line: names and labels may hold other characters that end one elsewhere.
    *lines, closing, _ = text.split("\n")
    outputs, hashes = [], [""]
    for number, line in enumerate(lines, 1):
        content = _content(line, f"line {number} of the book {path}")
        if content.get("before") != hashes[-1]:
            raise UnreadableDataError(
                f"line {number} of the book {path} does not follow the line before it: the book "
                "was changed"
            )
        outputs.append(content["output"])
        hashes.append(_hash(line))
    found = Lines(outputs=tuple(outputs), hashes=tuple(hashes[1:]))
    if closing != _closing(found):
        raise UnreadableDataError(
            f"the book {path} does not end with the closing line of its {len(lines):,} outputs: "
            "its end was cut off or changed"
        )
    return found


def _text(path: Path) -> str:
    """What is in the file of a book, of which every line is ended."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError as error:
        raise UnreadableDataError(
            f"there is no book {path}: look at its name. A book begins with the first output that "
            "is added to it; until then ask check_together()"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDataError(f"the book {path} cannot be read: {error}") from error
    if not text:
        raise UnreadableDataError(
            f"the book {path} is an empty file: what was in it was cut off. Fetch it from a copy; "
            "if nothing was ever added to it, delete it, and the first output makes it again"
        )
    if not text.endswith("\n"):
        raise UnreadableDataError(f"the book {path} ends in the middle of a line")
    return text


def add_line(path: Path, output: Mapping[str, Any], before: Lines) -> None:
    """Write the book again with one more line, whole or not at all.

    before: what it holds. Raises OutputCheckError where it cannot be written.
    """
    content = {"format": FORMAT, "before": before.last, "output": output}
    line = json.dumps(content, ensure_ascii=False, sort_keys=True)
    old = path.read_bytes().split(b"\n")[: len(before.hashes)] if before.hashes else []
    now = Lines(hashes=(*before.hashes, _hash(line)))
    write_whole(path, b"\n".join([*old, line.encode(), _closing(now).encode(), b""]))


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
_SEAL = re.compile(r"(?P<count>\d{1,9}):(?P<last>[0-9a-f]{64}|)")


def _closing(lines: Lines) -> str:
    """The last line of the file, which says what must be before it."""
    return json.dumps({"closing": {"outputs": len(lines.hashes), "last": lines.last}})


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
