"""What is different in a file from its version before: cell by cell, or line by line."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal

from tre.desk.shown.grid import Cell, Grid, grid_of
from tre.desk.shown.notebook import UnreadableNotebookError, notebook_lines
from tre.desk.shown.sniff import IMAGES, Look, look_of, readable_text

MOST_LINES = 4_000
"""Of either version; what comes after is not compared, and that is said."""
MOST_SHOWN = 1_500
LONGEST_LINE = 500
MOST_CELLS = 2_000
_CONTEXT_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that says something else. place: its anchor on the page, "" where it is gone.

    was, now: as in the files; None where the cell is in one of them alone.
    """

    cell: str
    place: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """A line of a unified diff. mark: "+", "-", " ", or "@" for where it is in the file."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How two versions of a file differ.

    kind: "cells" for a table of the same form, "lines" for what can be read line by line,
    "picture" for two pictures to lay side by side, "bytes" for anything else. more: cells or
    lines that are not listed. cut_off: whether the versions were too long to be compared whole.
    """

    kind: Literal["cells", "lines", "picture", "bytes"]
    cells: tuple[CellChange, ...] = ()
    lines: tuple[DiffLine, ...] = ()
    more: int = 0
    cut_off: bool = False


def changes_between(
    name: str,
    before: tuple[bytes, Mapping[str, Any] | None],
    now: tuple[bytes, Mapping[str, Any] | None],
) -> Changes:
    """Compare two versions of a file, each with its declaration if it has one."""
    looks = {look_of(name, content) for content, _ in (before, now)}
    if looks == {Look.TABLE}:
        found = _of_tables(_grid(before), _grid(now))
        if found is not None:
            return found
    if looks <= IMAGES.keys():
        return Changes(kind="picture")
    texts = [_lines_of(name, content) for content, _ in (before, now)]
    if texts[0] is None or texts[1] is None:
        return Changes(kind="bytes")
    return lines_between(texts[0], texts[1])


def lines_between(before: list[str], now: list[str]) -> Changes:
    """Compare line by line, as `diff -u` does."""
    cut_off = max(len(before), len(now)) > MOST_LINES
    found = list(_diff(before[:MOST_LINES], now[:MOST_LINES]))
    return Changes(
        kind="lines",
        lines=tuple(found[:MOST_SHOWN]),
        more=max(0, len(found) - MOST_SHOWN),
        cut_off=cut_off,
    )


def of_texts(before: str | None, now: str) -> Changes | None:
    """How a text was changed that somebody wrote; None where it was not, or nothing is kept."""
    if before is None or before == now:
        return None
    return lines_between(before.splitlines(), now.splitlines())


def with_changes(grid: Grid, changes: Changes) -> Grid:
    """The newer table with what each changed cell said before."""
    was = {one.place: one.was for one in changes.cells if one.place}

    def marked(cell: Cell | None) -> Cell | None:
        if cell is None or cell.place not in was:
            return cell
        return replace(cell, changed=True, was=was[cell.place])

    rows = tuple(replace(row, cells=tuple(map(marked, row.cells))) for row in grid.rows)
    return replace(grid, rows=rows)


def _grid(version: tuple[bytes, Mapping[str, Any] | None]) -> Grid:
    content, declaration = version
    return grid_of(readable_text(content) or "", None, declaration)


def _of_tables(before: Grid, now: Grid) -> Changes | None:
    """Compare two tables of the same dimensions; None where their cells are no pairs."""
    if (before.row_names, before.across) != (now.row_names, now.across):
        return None
    if not now.row_names and not now.across and _frame(before) != _frame(now):
        return None
    old, new = dict(_cells(before)), dict(_cells(now))
    found = [
        CellChange(cell=where, place=cell.place, was=_text(old.get(where)), now=cell.text)
        for where, cell in new.items()
        if where not in old or old[where].text != cell.text
    ]
    found += [
        CellChange(cell=where, place="", was=cell.text, now=None)
        for where, cell in old.items()
        if where not in new
    ]
    return Changes(
        kind="cells",
        cells=tuple(found[:MOST_CELLS]),
        more=max(0, len(found) - MOST_CELLS),
        cut_off=bool(before.rows_cut_off or now.rows_cut_off),
    )


def _frame(grid: Grid) -> tuple[object, ...]:
    return grid.heads, len(grid.rows), grid.rows_cut_off


def _cells(grid: Grid) -> Iterator[tuple[str, Cell]]:
    """Each cell by the words that say where it is."""
    for number, row in enumerate(grid.rows, start=1):
        for head, cell in zip(_heads(grid, len(row.cells)), row.cells, strict=True):
            if cell is not None:
                column = head if grid.across or not row.headings else ""
                where = (*(row.headings or (f"row {number}",)), column)
                yield " · ".join(filter(None, where)), cell


def _heads(grid: Grid, length: int) -> Iterable[str]:
    """The heads of a line, which may be longer than the file's first."""
    more = range(len(grid.heads), length)
    return (*grid.heads[:length], *(f"column {number + 1}" for number in more))


def _text(cell: Cell | None) -> str | None:
    return None if cell is None else cell.text


def _lines_of(name: str, content: bytes) -> list[str] | None:
    """The lines of a file that a person reads; a notebook's cells without their wrapping."""
    text = readable_text(content)
    if text is None:
        return None
    if look_of(name, content) is Look.NOTEBOOK:
        try:
            return list(islice(notebook_lines(content), MOST_LINES + 1))
        except UnreadableNotebookError:
            pass
    return text.splitlines()


def _diff(before: list[str], now: list[str]) -> Iterator[DiffLine]:
    told = difflib.unified_diff(before, now, n=_CONTEXT_LINES, lineterm="")
    for line in islice(told, 2, None):  # the first two name the files
        mark, text = ("@", line) if line.startswith("@@") else (line[:1], line[1:])
        yield DiffLine(mark=mark, text=_short(text))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"
