"""A CSV file's lines, seen to have as many fields as its header before anything is made of them.

polars fills a line that is too short with missing values, and cuts one that is too long where it
does not need the fields at its end: both would be people with other values than theirs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from output_checks.errors import UnreadableDataError

_AT_ONCE = 1 << 22
"""Bytes, few enough for a processor's cache; a line longer than `_MOST_LINE` is none."""
_MOST_LINE = 1 << 26
_NEWLINE, _QUOTE, _RETURN = 10, 34, 13
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PACKED = ((b"\x1f\x8b", "gzip"), (b"x\x9c", "gzip"), (b"(\xb5/\xfd", "zstd"))

Array = np.ndarray[Any, np.dtype[Any]]


def refuse_ragged(path: Path, separator: str) -> None:
    """Read a CSV file through once, in pieces, and see that its lines have the header's fields.

    An empty line is one of a single field. A quotation mark within a text that does not begin with
    one is a letter, as long as what it seems to enclose holds no separator.
    Raises UnreadableDataError, which names the line, for a line of another number of fields, for
    quotation marks that cannot be told from letters or are never closed, and for NUL bytes.
    """
    fields, before = None, 0
    for piece in _pieces(path):
        one = _Piece(path, piece, ord(separator), before)
        fields = one.see(fields)
        before += int((piece == _NEWLINE).sum())


class _Piece:
    """Some whole lines. before: how many lines of the file are before them."""

    def __init__(self, path: Path, letters: Array, separator: int, before: int) -> None:
        self.path, self.letters, self.separator, self.before = path, letters, separator, before
        self.marks = np.flatnonzero((letters == separator) | (letters == _NEWLINE))
        self.quotes = np.flatnonzero(letters == _QUOTE)

    def see(self, fields: int | None) -> int:
        """How many fields every line has; the first line says it where None is given."""
        if not self.letters.all():
            self._refuse(int(np.argmin(self.letters)), "holds a NUL byte, which is no letter")
        marks = self.marks
        if len(self.quotes):
            self._see_quotes()
            marks = marks[_is_outside(self.letters)[marks]]
        ends = np.flatnonzero(self.letters[marks] == _NEWLINE)
        found = np.diff(ends, prepend=-1)
        fields = int(found[0]) if fields is None else fields
        others = np.flatnonzero(found != fields)
        if len(others):
            first = int(others[0])
            start = int(marks[ends[first - 1]]) + 1 if first else 0
            self._refuse_line(start, int(found[first]), fields)
        return fields

    def _see_quotes(self) -> None:
        """Refuse marks that polars takes for letters where they enclose what parts fields."""
        at = np.concatenate([[_NEWLINE], self.letters]).astype(np.uint8)  # at[n] is before n
        opens, closes = self.quotes[0::2], self.quotes[1::2]
        if len(opens) > len(closes):
            self._refuse(int(opens[-1]), "opens a quotation mark that nothing closes")
        is_first = at[opens] != _QUOTE  # others are the second of two that stand for one
        begins_field = np.isin(at[opens], [self.separator, _NEWLINE])[is_first]
        is_text = begins_field[np.cumsum(is_first) - 1]
        is_last = np.append(is_first[1:], True)
        ends_field = np.isin(self.letters[closes + 1], [self.separator, _NEWLINE, _RETURN])
        wrong = is_text & is_last & ~ends_field
        letters = np.flatnonzero(~is_text)
        first, last = (np.searchsorted(self.marks, some[letters]) for some in (opens, closes))
        wrong[letters] = last > first
        if wrong.any():
            self._refuse(
                int(opens[np.argmax(wrong)]),
                'has quotation marks within a field; a text that holds them begins and ends with "'
                ' and has each of them twice: "5"" pipe"',
            )

    def _refuse_line(self, start: int, found: int, fields: int) -> NoReturn:
        is_short = found < fields
        self._refuse(
            start,
            f"has {found:,} {'field' if found == 1 else 'fields'}, and the header {fields:,}: "
            + (
                "is the file cut off, or the line empty?"
                if is_short
                else 'a text that holds the separator stands in quotation marks: "Hull, East"'
            ),
        )

    def _refuse(self, place: int, what: str) -> NoReturn:
        line = self.before + int((self.letters[:place] == _NEWLINE).sum()) + 1
        raise UnreadableDataError(f"{self.path.name}: line {line:,} {what}")


def _pieces(path: Path) -> Iterator[Array]:
    """The file's bytes, cut after newlines that end a line; the last line has one in any case."""
    rest = b""
    for some in _read(path):
        rest += some
        letters = np.frombuffer(rest, dtype=np.uint8)
        ends = np.flatnonzero((letters == _NEWLINE) & _is_outside(letters))
        if len(ends):
            cut = int(ends[-1]) + 1
            yield letters[:cut]
            rest = rest[cut:]
        if len(rest) > _MOST_LINE:
            break
    if rest:
        yield np.frombuffer(rest + b"\n" * (rest[-1:] != b"\n"), dtype=np.uint8)


def _is_outside(letters: Array) -> Array:
    """Whether each letter has an even number of quotation marks before it."""
    is_quote = letters == _QUOTE
    if not is_quote.any():
        return ~is_quote
    return np.cumsum(is_quote, dtype=np.uint8) % 2 == 0  # 256 of them are even too


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        first = file.read(4)
    packed = next((kind for start, kind in _PACKED if first.startswith(start)), None)
    with pa.OSFile(str(path)) as file:
        stream = pa.CompressedInputStream(file, packed) if packed else file
        some = stream.read(_AT_ONCE).removeprefix(_BYTE_ORDER_MARK)
        while some:
            yield some
            some = stream.read(_AT_ONCE)
