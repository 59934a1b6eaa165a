"""Readers of tables: CSV and Excel workbooks."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator

from output_checks.errors import UnreadableDataError
from output_checks.finding import Finding
from output_checks.readers.contents import (
    Collected,
    Contents,
    Sheet,
    about_file,
    decoded,
    needs_eyes,
    not_what_it_says,
)
from output_checks.readers.tidy import read_csv_rows, written_rows
from output_checks.words import Verdict

MOST_BYTES = 100_000_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""How an archive says that it is damaged, packed in another way, or locked."""
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FORBIDDEN_PARTS = {
    "vbaproject": "a macro",
    "externallinks/": "links to other workbooks",
    "embeddings/": "an embedded file",
    "pivotcache/": "a pivot table's copy of the records behind it",
    "activex/": "an active control",
    "connections.xml": "a data connection",
}


def read_csv(content: bytes, name: str) -> Contents:
    """Read a CSV file as one table of texts."""
    text = decoded(content)
    if text is None:
        return not_what_it_says(name, "a text in UTF-8")
    try:
        written, rows = written_rows(text), read_csv_rows(text)
    except UnreadableDataError:
        return not_what_it_says(name, "a table of comma-separated values")
    if not rows:
        return Contents(findings=(about_file("empty", Verdict.FAIL, f'"{name}" is empty.'),))
    collected = Collected(sheets=[Sheet(name=f'"{name}"', rows=rows)])
    if len({len(row) for row in rows}) > 1:
        message = f'"{name}" has rows of different lengths, so that columns cannot be told apart.'
        collected.findings.append(about_file("ragged", Verdict.REVIEW, message))
    if any(re.match(r"[=@]|[+-][A-Za-z(]", cell) for row in written for cell in row):
        message = f'"{name}" has cells that a spreadsheet would run as formulas.'
        collected.findings.append(about_file("active_content", Verdict.REVIEW, message))
    return collected.freeze()


def read_workbook(content: bytes, name: str) -> Contents:
    """Read every sheet of an Excel workbook; what cannot be seen on a sheet is a finding."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _workbook(archive, name)
    except (*_DAMAGED, ET.ParseError, KeyError, ValueError):
        return not_what_it_says(name, "an Excel workbook")


def _workbook(archive: zipfile.ZipFile, name: str) -> Contents:
    parts = archive.namelist()
    if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
        raise ValueError("too large")
    book = _xml(archive, "xl/workbook.xml")
    collected = Collected(findings=[*_forbidden(parts, name)])
    if any(part.startswith("xl/media/") for part in parts):
        collected.findings.append(needs_eyes(f'Something in "{name}"'))
    shared = _shared_texts(archive, parts)
    sheets = sorted(part for part in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part))
    if not sheets:
        return not_what_it_says(name, "an Excel workbook: it has no sheet")
    names = [one.get("name", "") for one in book.iter(f"{_SPREADSHEET}sheet")]
    hidden = any(one.get("state") for one in book.iter(f"{_SPREADSHEET}sheet"))
    for number, part in enumerate(sheets):
        tree = _xml(archive, part)
        title = names[number] if number < len(names) else part
        rows = _of_one_width(list(_rows(tree, shared)))
        collected.sheets.append(Sheet(name=f'sheet "{title}" of "{name}"', rows=rows))
        hidden = hidden or any(one.get("hidden") in {"1", "true"} for one in tree.iter())
    if hidden:
        message = f'"{name}" has hidden sheets, rows or columns.'
        collected.findings.append(about_file("hidden_content", Verdict.FAIL, message))
    for part in parts:
        if part.endswith(".xml") and re.search(r"comments|docProps|drawings", part):
            text = " ".join(_xml(archive, part).itertext())
            collected.passages.append((f"{part} of {name}", text))
    return collected.freeze()


def _forbidden(parts: list[str], name: str) -> Iterator[Finding]:
    for part in parts:
        for sign, what in _FORBIDDEN_PARTS.items():
            if sign in part.lower():
                yield about_file("hidden_content", Verdict.FAIL, f'"{name}" holds {what}.')


def _xml(archive: zipfile.ZipFile, part: str) -> ET.Element:
    content = archive.read(part)
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise ValueError("entities are not read")
    return ET.fromstring(content)  # noqa: S314 - entities are refused above


def _shared_texts(archive: zipfile.ZipFile, parts: list[str]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    tree = _xml(archive, "xl/sharedStrings.xml")
    return ["".join(one.itertext()) for one in tree.iter(f"{_SPREADSHEET}si")]


def _rows(tree: ET.Element, shared: list[str]) -> Iterator[list[str]]:
    for row in tree.iter(f"{_SPREADSHEET}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{_SPREADSHEET}c"):
            column = _column(cell.get("r", ""), len(cells))
            cells[column] = _cell_text(cell, shared)
        yield [cells.get(at, "") for at in range(max(cells, default=-1) + 1)]


def _of_one_width(rows: list[list[str]]) -> list[list[str]]:
    """A workbook leaves out the blank cells at the end of a row."""
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _column(reference: str, default: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference)
    if not letters:
        return default
    number = 0
    for letter in letters.group():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell_text(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    value = cell.find(f"{_SPREADSHEET}v")
    text = value.text or "" if value is not None else ""
    return shared[int(text)] if cell.get("t") == "s" and text else text
