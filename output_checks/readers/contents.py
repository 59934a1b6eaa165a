"""What a reader finds in a file, for the checks that look at every kind of file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from output_checks.finding import Finding
from output_checks.words import Verdict

_ANOTHER_WAY = "Release it as a table (.csv), a figure (.png, .svg) or a text (.md, .html)."
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Control characters; tab, line feed, form feed, carriage return and next line are layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Cells of one table in a file, as text; the first row names the columns."""

    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything in a file that a person could read: where it stands, and the text.

    passages: (where, text). sheets: tables. findings: about the file's form. code: source text.
    """

    passages: tuple[tuple[str, str], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    findings: tuple[Finding, ...] = ()
    code: tuple[str, ...] = ()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text outside of tables, code included, with its place."""
        yield from self.passages
        for number, source in enumerate(self.code, start=1):
            yield f"code cell {number}", source


@dataclass(slots=True)
class Collected:
    """Contents in the making."""

    passages: list[tuple[str, str]] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    def freeze(self) -> Contents:
        """The contents, done."""
        return Contents(
            passages=tuple(self.passages),
            sheets=tuple(self.sheets),
            findings=tuple(self.findings),
            code=tuple(self.code),
        )


def decoded(content: bytes) -> str | None:
    """A text's characters; None where the bytes are no text a person could read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _UNREADABLE.search(text) else text


def about_file(rule: str, severity: Verdict, message: str, remedy: str = _ANOTHER_WAY) -> Finding:
    """A finding about a file as a whole."""
    return Finding(rule=rule, severity=severity, message=message, remedy=remedy)


def not_what_it_says(name: str, expected: str) -> Contents:
    """Contents of a file whose bytes are not what its name says."""
    message = f'"{name}" is not what its name says: it is not {expected}.'
    return Contents(findings=(about_file("file_type", Verdict.FAIL, message),))


def needs_eyes(what: str) -> Finding:
    """A picture: no program can tell what it shows."""
    return about_file(
        "picture",
        Verdict.REVIEW,
        f"{what} is a picture, which only a person can judge: look for points that are one "
        "person each, extremes, and small groups.",
        "Release the numbers behind the figure as a table, so that they can be checked.",
    )


def runs(what: str) -> Finding:
    """Something that a browser would run or fetch."""
    return about_file(
        "active_content",
        Verdict.FAIL,
        f"{what} would run or fetch something when it is opened.",
        "Leave scripts, widgets and links to other files out; show a static picture instead.",
    )
