"""How the rows of a table made elsewhere are meant: one row a cell, or labels across and down."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from output_checks.errors import UnreadableDataError, unknown
from output_checks.readers.marks import is_withheld, number
from output_checks.statistics import STATISTICS
from output_checks.words import TOTAL

MOST_HEADS = 6
_COUNT_NAMES = frozenset({"n", "count", "counts", "frequency", "freq", "number", "people"})
TOTALS = frozenset({"total", "totals", "grand total", "all", "sum", "gesamt", "overall"})
_ADDITIVE = ("count", "sum")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Long:
    """A table with a row a cell. names: its dimensions; keys: labels; texts: what cells say.

    heads: how many rows of headings it had, titles above it included.
    """

    names: tuple[str, ...]
    keys: list[tuple[str, ...]]
    texts: list[str]
    heads: int = 1


def lengthened(rows: Rows, value: str | None = None, *, notes: bool = True) -> Long:
    """Read a tidy table (dimensions and one column of values) or a crossed one.

    Crossed: labels in the first columns, and headings of one or more levels over the others; a
    blank label or heading goes on from the one before it. value: the column to take of several.
    notes: whether there may be titles above the table and notes under it, as a frame has none.
    Raises UnreadableDataError with what is in the way.
    """
    cleaned, titles = _without_surroundings(rows, notes=notes)
    if len(cleaned) < 2 or len(cleaned[0]) < 2:
        raise UnreadableDataError("it has no rows of labels and numbers")
    header = list(cleaned[0])
    chosen = value or ("value" if "value" in header else None)
    if chosen is not None:
        return _tidy(cleaned, chosen)
    crossed = next(_crossed(cleaned), None)
    if crossed is not None:
        return replace(_one_statistic(crossed), heads=crossed.heads + titles)
    named = [name for name in header if name.lower() in _COUNT_NAMES]
    if len(named) == 1:
        return _tidy(cleaned, named[0])
    raise UnreadableDataError(
        "it needs dimensions and a column `value`, or labels in the first columns and numbers in "
        "all the others, every combination once"
    )


def _without_surroundings(rows: Rows, *, notes: bool) -> tuple[list[list[str]], int]:
    """The table without titles above it, notes under it and empty rows; and how many titles.

    Raises UnreadableDataError where rows are of different lengths.
    """
    kept = [[cell.strip() for cell in row] for row in rows]
    while notes and kept and not any(kept[0][1:]) and any(any(row[1:]) for row in kept):
        kept.pop(0)
    titles = len(rows) - len(kept)
    kept = without_notes(kept) if notes else kept
    if not all(map(any, kept)):
        raise UnreadableDataError("there are several tables in it")
    if len({len(row) for row in kept}) > 1:
        raise UnreadableDataError("its rows are of different lengths")
    return kept, titles


def without_notes(rows: Rows) -> list[list[str]]:
    """The rows but for notes under them: a text with nothing beside it, or texts after a blank row.

    A short text beside blank cells may be a label whose cells are withheld; not where withheld
    cells are marked, or where it begins or ends as notes do.
    """
    kept = [list(row) for row in rows]
    end = next((at for at, row in enumerate(kept) if not any(row)), len(kept))
    if not any(number(cell) is not None for row in kept[end:] for cell in row[1:]):
        kept = kept[:end]
    marked = any(is_withheld(cell) for row in kept[1:] for cell in row[1:] if cell)
    while len(kept) > 2 and _is_note(kept[-1], len(kept[0]), marked=marked):
        kept.pop()
    return kept


def _is_note(row: Sequence[str], width: int, *, marked: bool) -> bool:
    if not row or any(cell.strip() for cell in row[1:]):
        return False
    text = row[0].strip()
    is_short = len(row) < width or not text
    return is_short or marked or bool(_NOTE.search(text)) or len(text.split()) >= _SENTENCE


_NOTE = re.compile(
    r"""(?ix) ^ (?: sources? | notes? | footnotes? | copyright ) \b | ^ [*\u2020\u2021\u00a7\u00b9]
    | ^ [\[(] \w{1,2} [\])] | ^ (?: \d{1,2} | [a-z] ) [.):=] \s | \.$ | \S\s=\s\S"""
)
_SENTENCE = 6
"""Words of which a text is rather a sentence than a label."""


def _tidy(rows: Rows, value: str) -> Long:
    header, *lines = rows
    if value not in header:
        raise UnreadableDataError(unknown("column", value, header))
    if len(set(header)) < len(header):
        raise UnreadableDataError("two of its columns have the same name")
    at = header.index(value)
    labels = _tidy_labels(header, lines, at)
    return Long(
        names=tuple(header[column] for column in labels),
        keys=[tuple(line[column] for column in labels) for line in lines],
        texts=[line[at] for line in lines],
    )


def _tidy_labels(header: Sequence[str], lines: Rows, at: int) -> list[int]:
    """Columns of labels; one called like a statistic is one where rows are else not told apart."""
    others = [column for column in range(len(header)) if column != at]
    labels = [column for column in others if header[column] not in STATISTICS]
    for column in others:
        if len({tuple(line[one] for one in labels) for line in lines}) == len(lines):
            break
        labels = sorted({*labels, column})
    return labels


def _crossed(rows: Rows) -> Iterator[Long]:
    """Readings with one level of headings, with two, and so on: the first is the right one."""
    for heads in range(1, min(MOST_HEADS, len(rows))):
        labels = _label_columns(rows[heads:])
        columns = _column_keys(rows[:heads], labels)
        if columns is None or not all(
            _is_value(cell) for row in rows[heads:] for cell in row[labels:]
        ):
            continue
        names, columns = _named(rows[:heads], labels, columns)
        yield Long(
            names=names,
            keys=[
                (*label, *column) for label in _row_keys(rows[heads:], labels) for column in columns
            ],
            texts=[cell for row in rows[heads:] for cell in row[labels:]],
            heads=heads,
        )


def _is_value(text: str) -> bool:
    return number(text) is not None or is_withheld(text) or text.endswith("%")


def _label_columns(lines: Rows) -> int:
    """How many columns at the left hold labels: at least one, and as long as there is no number."""
    width = len(lines[0])
    for column in range(1, width):
        cells = [line[column] for line in lines]
        if all(map(_is_value, cells)):
            return column
    return width - 1


def _column_keys(heads: Rows, labels: int) -> list[tuple[str, ...]] | None:
    """The headings of every column, None while they do not tell the columns apart."""
    named = [name for name in heads[-1] if name]
    if len(heads) == 1 and len(set(named)) < len(named):
        return None
    if len(heads) > 1 and any(any(row[:labels]) for row in heads[:-1]) and _is_data(heads[-1]):
        return None
    levels = [_filled(level[labels:]) for level in heads[:-1]]
    keys = [_ended(key) for key in zip(*levels, heads[-1][labels:], strict=True)]
    return keys if all(map(all, keys)) and len(set(keys)) == len(keys) else None


def _is_data(row: Sequence[str]) -> bool:
    return all(_is_value(cell) for cell in row[1:])


def _ended(key: tuple[str, ...]) -> tuple[str, ...]:
    """A total over everything is often headed once, and blank at the levels below."""
    blank = len(key) > 1 and not key[-1] and key[-2].lower() in TOTALS
    return (*key[:-1], TOTAL) if blank else key


def _filled(cells: Sequence[str]) -> list[str]:
    """Blank cells filled from those before them."""
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _row_keys(lines: Rows, labels: int) -> list[tuple[str, ...]]:
    outer = [_filled([line[column] for line in lines]) for column in range(labels - 1)]
    inner = [line[labels - 1] for line in lines]
    return [_ended(key) for key in zip(*outer, inner, strict=True)]


def _named(
    heads: Rows, labels: int, columns: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Names of the dimensions; a first head that only names those across is none of them."""
    rows = [name or f"row {at + 1}" for at, name in enumerate(heads[-1][:labels])]
    first = [cell for cell in heads[0][labels:] if cell]
    levels = len(heads)
    if levels > 1 and len(first) == 1 and len(first[0].split(" / ")) == levels - 1:
        return (*rows, *first[0].split(" / ")), [column[1:] for column in columns]
    names = ["column"] if levels == 1 else [f"column {at + 1}" for at in range(levels)]
    return (*rows, *names), columns


def _one_statistic(long: Long) -> Long:
    """A single column of values is no dimension; of several statistics one that adds up is taken.

    Raises UnreadableDataError where none does.
    """
    last = [key[-1] for key in long.keys]
    names = dict.fromkeys(last)
    if len(names) == 1:
        chosen = last[0]
    elif all(name in STATISTICS for name in names):
        adding = [name for name in _ADDITIVE if name in names]
        if not adding:
            raise UnreadableDataError(f"{' and '.join(names)} do not add up to their totals")
        chosen = adding[0]
    else:
        return long
    kept = [at for at, name in enumerate(last) if name == chosen]
    return Long(
        names=long.names[:-1],
        keys=[long.keys[at][:-1] for at in kept],
        texts=[long.texts[at] for at in kept],
    )
