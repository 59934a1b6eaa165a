"""Code as a checker reads it: line by line, with what was found, and nothing that hides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from tre.safe_settings.ingress.hiding import is_invisible, named
from tre.safe_settings.ingress.rules import Finding
from tre.safe_settings.ingress.scan import passages_of

MOST_LINES = 6_000
"""More than any file that can be accepted has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a line. mark: "hidden" or "foreign" for one character, "" for plain text.

    title: which character it is. A hidden one is shown by its number and never as itself.
    """

    text: str
    mark: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, where it can be found on the page, and what was found in it."""

    number: int
    place: str
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file, or one cell of a notebook; cell: its number, None for a file."""

    cell: int | None
    is_code: bool
    lines: tuple[Line, ...]


def parts_of(name: str, content: bytes, findings: Iterable[Finding]) -> tuple[Part, ...]:
    """Cut a file into lines with their findings; empty where it is no text."""
    at: dict[tuple[int | None, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.line is not None:
            at[finding.cell, finding.line].append(finding)
    parts, left = [], MOST_LINES
    for passage in passages_of(name, content):
        lines = tuple(
            Line(
                number=number,
                place=place(passage.cell, number),
                pieces=tuple(pieces(line)),
                findings=tuple(at[passage.cell, number]),
            )
            for number, line in list(passage.lines())[:left]
        )
        left -= len(lines)
        parts.append(Part(cell=passage.cell, is_code=passage.is_code, lines=lines))
    return tuple(parts)


def place(cell: int | None, line: int | None) -> str:
    """The name of a line's or cell's place on the page."""
    parts = [f"cell-{cell}" if cell else "", f"line-{line}" if line else ""]
    return "-".join(filter(None, parts))


def pieces(line: str) -> Iterator[Piece]:
    """Cut a line where characters need to be told apart from what they look like."""
    for mark, several in groupby(line, _mark):
        if mark:
            for character in several:
                text = f"U+{ord(character):04X}" if mark == "hidden" else character
                yield Piece(text=text, mark=mark, title=named(character))
        else:
            yield Piece(text="".join(several))


def _mark(character: str) -> str:
    if is_invisible(character):
        return "hidden"
    return "" if character.isascii() else "foreign"
