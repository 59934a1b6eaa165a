"""Hold the file that code wrote when it was run again against the one that was submitted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from types import MappingProxyType

from output_checks.readers.texts import decoded
from tre.safe_outputs.comparison import UnlikeError, number_of, read_rows
from tre.safe_outputs.reproduction_pictures import (
    UnreadablePictureError,
    difference_of_png,
    same_svg,
)

SLACK = Decimal("1e-9")
"""Relative, between numbers with decimals: sums of floating-point numbers depend on their order."""

MOST_TABLE_BYTES = 4 * 2**20
"""A larger table must be the same byte for byte."""

_SHOWN = 60
"""Characters shown of a value that differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Whether a file is what the run wrote, and in words how, or in what it differs."""

    agrees: bool
    said: str


def compare(name: str, submitted: bytes, written: bytes) -> Comparison:
    """Compare two files of one name; whatever is in them, the answer is a Comparison.

    Equal bytes agree. So do a CSV whose numbers with decimals differ by no more than a billionth,
    a PNG of the same dots and an SVG of the same lines. Everything else differs.
    """
    if submitted == written:
        return Comparison(agrees=True, said="byte for byte")
    by_kind = _BY_KIND.get(PurePath(name).suffix.lower(), _texts)
    return by_kind(submitted, written)


def _tables(submitted: bytes, written: bytes) -> Comparison:
    if max(len(submitted), len(written)) > MOST_TABLE_BYTES:
        return _texts(submitted, written)
    try:
        ours, theirs = read_rows(submitted), read_rows(written)
    except UnlikeError as error:
        return _differs(f"one of them cannot be compared as a table ({error})")
    if len(ours) != len(theirs):
        return _differs(f"the file has {len(ours):,} rows, the run's {len(theirs):,}")
    for number, (row, other) in enumerate(zip(ours, theirs, strict=True), start=1):
        if difference := _of_rows(row, other, ours[0]):
            return _differs(f"in row {number:,}{difference}")
    return Comparison(agrees=True, said="value for value; numbers to a billionth of their size")


def _of_rows(row: list[str], other: list[str], header: list[str]) -> str:
    if len(row) != len(other):
        return f" the file has {len(row):,} fields, the run's {len(other):,}"
    for place, (ours, theirs) in enumerate(zip(row, other, strict=True)):
        if not _same_value(ours, theirs):
            column = f", column {header[place][:_SHOWN]!r}" if place < len(header) else ""
            return f"{column}, the file says {_short(ours)}, the run {_short(theirs)}"
    return ""


def _same_value(ours: str, theirs: str) -> bool:
    if ours == theirs:
        return True
    first, second = number_of(ours), number_of(theirs)
    if first is None or second is None or not (_has_decimals(ours) and _has_decimals(theirs)):
        return False
    return abs(first - second) <= SLACK * max(abs(first), abs(second))


def _has_decimals(text: str) -> bool:
    """Whole numbers are counts, and a count is the same or it is another."""
    return not text.strip().lstrip("-").isdigit()


def _png(submitted: bytes, written: bytes) -> Comparison:
    try:
        difference = difference_of_png(submitted, written)
    except UnreadablePictureError as error:
        return _differs(f"one of them cannot be compared as a picture: {error}")
    if difference:
        return _differs(difference)
    return Comparison(agrees=True, said="dot for dot; only packing or time differ")


def _svg(submitted: bytes, written: bytes) -> Comparison:
    ours, theirs = decoded(submitted), decoded(written)
    if ours is not None and theirs is not None and same_svg(ours, theirs):
        return Comparison(
            agrees=True, said="line for line, but for its date and the names drawn by chance"
        )
    return _texts(submitted, written)


def _texts(submitted: bytes, written: bytes) -> Comparison:
    ours, theirs = decoded(submitted), decoded(written)
    if ours is None or theirs is None:
        at = _first_byte(submitted, written)
        return _differs(f"they differ from byte {at + 1:,} on, and are compared as bytes alone")
    lines, others = ours.splitlines(), theirs.splitlines()
    for number, (line, other) in enumerate(zip(lines, others, strict=False), start=1):
        if line != other:
            return _differs(
                f"line {number:,} of the file says {_short(line)}, the run's {_short(other)}"
            )
    if len(lines) != len(others):
        return _differs(f"the file has {len(lines):,} lines, the run's {len(others):,}")
    return _differs("they have the same lines, and end them in another way")


def _first_byte(submitted: bytes, written: bytes) -> int:
    pairs = enumerate(zip(submitted, written, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(submitted), len(written)))


def _short(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:_SHOWN])
    return f"“{shown}{'…' if len(text) > _SHOWN else ''}”"


def _differs(said: str) -> Comparison:
    return Comparison(agrees=False, said=said)


_BY_KIND: Mapping[str, Callable[[bytes, bytes], Comparison]] = MappingProxyType(
    {".csv": _tables, ".png": _png, ".svg": _svg}
)
"""How files that are not equal may still be the same; every other one may not."""
