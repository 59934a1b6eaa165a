"""Counts as publications write them: `4 (3.2)`, `4*`, `(4)`, and `n (%)` over the column."""

import re
from collections.abc import Iterator, Sequence

from output_checks.readers.marks import is_withheld, number

_EMPHASIS = re.compile(r"(\*\*|__|[*_`])(.+)\1")
_MARKS = re.compile(r"(?<=\d)[\s^]*(?:[*\u2020\u2021\u00a7#\u00b9\u00b2\u00b3]+|\^[a-z0-9*]+)$")
"""Signs for a note after a number."""
_PAIR = re.compile(r"(.*\S)\s*[(\[]\s*([^()\[\]]*?)\s*[)\]]")
_BRACKETED = re.compile(r"[(\[]\s*([^()\[\]]*?)\s*[)\]]")


def count_in(text: str) -> float | None:
    """A cell's number, also in brackets, in Markdown's emphasis or with a sign for a note."""
    return number(_plain(text))


def _plain(text: str) -> str:
    """A number's letters alone; any other text may lose some."""
    bare = text.strip()
    if not is_withheld(bare) and (emphasised := _EMPHASIS.fullmatch(bare)):
        bare = emphasised.group(2).strip()
    if not is_withheld(bare) and (bracketed := _BRACKETED.fullmatch(bare)):
        bare = bracketed.group(1)
    return _MARKS.sub("", bare.removesuffix("%") if bare != "%" else bare)


def parted(name: str, cells: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """A column by its parts: `n (%)` over `4 (3.2)` is a column `n` and a column `%`.

    What stands in brackets is one of its own where the column's name says what it is.
    """
    pairs = [_pair(cell) for cell in cells]
    if not any(pairs):
        yield name, list(cells)
        return
    heads = _PAIR.fullmatch(name.strip())
    yield (
        heads.group(1) if heads else name,
        [pair[0] if pair else cell for cell, pair in zip(cells, pairs, strict=True)],
    )
    if heads:
        yield (
            heads.group(2),
            [pair[1] if pair else cell for cell, pair in zip(cells, pairs, strict=True)],
        )


def first_parts(row: Sequence[str]) -> list[str]:
    """A row without signs for notes, and without what stands in brackets after a number."""
    firsts = [pair[0] if (pair := _pair(cell)) else cell for cell in row]
    return [
        plain if at and number(plain := _plain(cell)) is not None else cell
        for at, cell in enumerate(firsts)
    ]


def _pair(cell: str) -> tuple[str, str] | None:
    """A number and the number in brackets after it; what marks a note is none."""
    found = _PAIR.fullmatch(cell.strip())
    if found is None or number(cell) is not None:
        return None
    first, second = found.groups()
    is_first = count_in(first) is not None or is_withheld(first)
    return (first, second) if is_first and count_in(second) is not None else None
