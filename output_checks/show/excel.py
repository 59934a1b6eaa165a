"""A protected table as an Excel workbook: as it is read, as rows, and what it means."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import xlsxwriter

from output_checks.errors import UnusableTableError
from output_checks.show.drawing import Drawing
from output_checks.show.headings import Heading, Heads
from output_checks.show.notes import notes
from output_checks.show.pivot import Pivot, Place
from output_checks.show.saying import WITHHELD, caption
from output_checks.show.text import released_frame

MOST_ROWS = 1_000_000
MOST_COLUMNS = 16_000
MOST_CHARACTERS = 32_767
"""What a sheet of Excel holds (1,048,576 rows, 16,384 columns), with room for the head."""

_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The same table gives the same bytes, so the workbook does not say when it was made."""
_LOOKS = {
    Heads.GROUP: {"bold": True},
    Heads.TOTAL: {"bold": True, "top": 1},
    Heads.MISSING: {"italic": True, "top": 4},
}


def excel_bytes(drawing: Drawing, on: date | None = None) -> bytes:
    """A workbook with the sheets Table, Tidy and Notes, and nothing that may not leave.

    Texts of the data are written as texts, whatever they begin with. on: the date for the notes.
    Raises UnusableTableError for a table, or a label, that is too large for Excel.
    """
    whole = drawing.for_release()
    _refuse_large(whole)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _SETTINGS) as book:
        book.set_properties(
            {"title": caption(drawing.grids, drawing.declaration), "created": _MADE}
        )
        _Table(book, whole).write()
        _write_tidy(book, whole)
        _write_notes(book, notes(whole, on))
    return file.getvalue()


def _refuse_large(drawing: Drawing) -> None:
    rows, columns = len(drawing.layout.rows), len(drawing.layout.columns)
    if max(rows, drawing.grids[0].size) > MOST_ROWS or columns > MOST_COLUMNS:
        raise UnusableTableError(
            f"the table has {rows:,} rows and {columns:,} columns, more than Excel holds: write "
            "it as .csv"
        )
    texts = [
        text for axis in range(len(drawing.grids[0].dimensions)) for text in _texts(drawing, axis)
    ]
    if max(map(len, texts)) > MOST_CHARACTERS:
        raise UnusableTableError(
            f"a label has more than {MOST_CHARACTERS:,} characters, which Excel does not hold: "
            "write the table as .csv"
        )


def _texts(drawing: Drawing, axis: int) -> tuple[str, ...]:
    return drawing.grids[0].texts(axis)


@dataclass(slots=True)
class _Table:
    """The sheet that looks like the table on a page."""

    book: Any
    drawing: Drawing
    sheet: Any = None
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def write(self) -> None:
        """Title, symbols, heads over their columns, rows, the rest empty."""
        layout = self.drawing.layout
        self.sheet = self.book.add_worksheet("Table")
        title = caption(self.drawing.grids, self.drawing.declaration)
        self.sheet.write_string(0, 0, title, self._format(bold=True, font_size=13))
        self.sheet.write_string(
            1, 0, "See the sheet Notes for what it shows and how it is protected."
        )
        top = self._heads(3, layout)
        for number, headings in enumerate(layout.rows):
            self._row(top + number, number, headings)
        self._row_heads(top, layout)
        self.sheet.freeze_panes(top, len(layout.row_names))
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(top - 1)
        self._widths(layout)

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def _heads(self, row: int, layout: Pivot) -> int:
        """Write the heads of the columns and give the first row under them."""
        left = len(layout.row_names)
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        if layout.column_names:
            names = " / ".join(layout.column_names)
            self._merged(
                row, (left, len(layout.columns)), names, {"italic": True, "align": "center"}
            )
            row += 1
        for level in range(len(layout.columns[0])):
            column = left
            for prefix, some in groupby(layout.columns, key=lambda one: one[: level + 1]):
                width = len(list(some))
                look = {**head, "align": "center" if width > 1 else "right"}
                self._merged(row, (column, width), prefix[-1].text, look | _italic(prefix[-1]))
                column += width
            row += 1
        for column, name in enumerate(layout.row_names):
            self.sheet.write_string(row - 1, column, name, self._format(**head))
        return row

    def _merged(self, row: int, place: tuple[int, int], text: str, look: dict[str, Any]) -> None:
        column, width = place
        if width > 1:
            self.sheet.merge_range(row, column, row, column + width - 1, "", self._format(**look))
        self.sheet.write_string(row, column, text, self._format(**look))

    def _row(self, at: int, number: int, headings: Sequence[Heading]) -> None:
        layout = self.drawing.layout
        last = headings[-1]
        form = self._format(indent=last.depth, **_look(headings))
        self.sheet.write_string(at, len(headings) - 1, last.text, form)
        for column, place in enumerate(layout.places[number]):
            look = _look((*headings, *layout.columns[column]))
            self._cell((at, len(headings) + column), place, look)

    def _row_heads(self, top: int, layout: Pivot) -> None:
        """The outer headings, each over all of its rows."""
        for level in range(len(layout.row_names) - 1):
            at = top
            for prefix, some in groupby(layout.rows, key=lambda one: one[: level + 1]):
                height = len(list(some))
                form = self._format(valign="top", **_look(prefix))
                if height > 1:
                    self.sheet.merge_range(at, level, at + height - 1, level, "", form)
                self.sheet.write_string(at, level, prefix[-1].text, form)
                at += height

    def _cell(self, at: tuple[int, int], place: Place, look: dict[str, Any]) -> None:
        which, cell = place
        row, digits = self.drawing.frames[which][cell], self.drawing.digits[which]
        text = self.drawing.text(place)
        value = row["value"]
        if isinstance(value, int | float) and text[:1] not in {"[", "\u2013"}:
            places = "." + "0" * digits if digits else ""
            self.sheet.write_number(*at, value, self._format(num_format=f"#,##0{places}", **look))
        else:
            self.sheet.write_string(*at, text, self._format(align="right", **look))

    def _widths(self, layout: Pivot) -> None:
        for column, name in enumerate(layout.row_names):
            texts = [name, *(row[column].text + "  " * row[column].depth for row in layout.rows)]
            self.sheet.set_column(column, column, _width(texts))
        left = len(layout.row_names)
        for column, headings in enumerate(layout.columns):
            texts = [headings[-1].text] if headings else []
            texts += [self.drawing.text(places[column]) for places in layout.places]
            self.sheet.set_column(left + column, left + column, _width(texts))


def _italic(heading: Heading) -> dict[str, Any]:
    return {"italic": True} if heading.heads is Heads.MISSING else {}


def _look(headings: Sequence[Heading]) -> dict[str, Any]:
    """Bold for totals and groups, a rule above totals and what is missing."""
    look: dict[str, Any] = {}
    for heading in headings:
        look |= {"bold": True} if _LOOKS.get(heading.heads, {}).get("bold") else {}
    if headings:
        look |= _LOOKS.get(headings[0].heads, {})
    return look


def _width(texts: Sequence[str]) -> int:
    return min(60, max(8, *(len(one) for one in texts)) + 2)


def _write_tidy(book: Any, drawing: Drawing) -> None:
    """One row a cell, as the CSV has them; a withheld value is [c] instead of empty."""
    sheet = book.add_worksheet("Tidy")
    frame = released_frame(drawing.grids)
    dimensions = len(drawing.grids[0].dimensions)
    held = [one.to_list() for one in drawing.withheld]
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(frame.iter_rows()):
        for column, value in enumerate(row):
            which = column - dimensions
            is_withheld = which >= 0 and held[which][number]
            _write_plain(sheet, (number + 1, column), WITHHELD if is_withheld else value)
    sheet.freeze_panes(1, 0)


def _write_plain(sheet: Any, at: tuple[int, int], value: Any) -> None:
    if value is None:
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, value)
    else:
        sheet.write_string(*at, str(value))


def _write_notes(book: Any, said: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("Notes")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, (name, text) in enumerate(_fitting(said)):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, wrapped)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)


def _fitting(said: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Notes cut where a cell of Excel ends, and saying so."""
    for name, text in said:
        rest = " (cut here: it is too long for Excel)"
        cut = text[: MOST_CHARACTERS - len(rest)] + rest
        yield name[:200], text if len(text) <= MOST_CHARACTERS else cut
