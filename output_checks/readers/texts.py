"""Readers of texts: plain, Markdown, HTML and notebooks."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from output_checks.readers.contents import (
    Collected,
    Contents,
    Sheet,
    about_file,
    decoded,
    needs_eyes,
    not_what_it_says,
    runs,
)
from output_checks.readers.markdown import tables_in
from output_checks.words import Verdict

_ACTIVE_TAGS = frozenset(
    ["script", "iframe", "object", "embed", "form", "frame", "applet", "base", "link", "meta"]
)
_ADDRESS = frozenset({"src", "href", "xlink:href", "action", "data", "srcset", "poster"})
_STATIC_LINK = re.compile(r"\s*(#|mailto:|https?://)", re.IGNORECASE)


MOST_BLANK = 100_000
"""Cells that others cover, in one page; further ones are not filled in, as none needs so many."""


def read_text(content: bytes, name: str) -> Contents:
    """Read a plain text or Markdown, in which HTML may be hidden."""
    text = decoded(content)
    if text is None:
        return not_what_it_says(name, "a text in UTF-8")
    page = _Page(name)
    page.feed(text)
    where = f'"{name}"'
    sheets = [
        Sheet(name=f"table {number} of {where}", rows=rows)
        for number, rows in enumerate(tables_in(text), start=1)
    ]
    return Contents(
        passages=((where, text),),
        sheets=tuple(sheets),
        findings=tuple(page.collected.findings),
    )


def read_html(content: bytes, name: str) -> Contents:
    """Read a page: its text and its tables; whatever would run is a finding."""
    text = decoded(content)
    if text is None or "<" not in text:
        return not_what_it_says(name, "an HTML page")
    return read_markup(text, f'"{name}"')


def read_markup(text: str, where: str) -> Contents:
    """Read HTML that stands in a file or in a notebook's output."""
    page = _Page(where)
    page.feed(text)
    page.close()
    page.collected.passages.append((where, " ".join(page.words)))
    return page.collected.freeze()


class _Page(HTMLParser):
    """Text, tables and active parts of a page."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.collected = Collected()
        self.words: list[str] = []
        self._where = where
        self._rows: list[list[str]] | None = None
        self._cell = 0
        self._covered: dict[int, int] = {}
        self._blank = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note tables as they begin, and anything that would run or fetch."""
        if tag in _ACTIVE_TAGS and not _is_harmless(tag, dict(attrs)):
            self.collected.findings.append(runs(f"<{tag}> in {self._where}"))
        for name, value in attrs:
            if name.startswith("on") or (name in _ADDRESS and _fetches(tag, value or "")):
                self.collected.findings.append(runs(f"{name} of <{tag}> in {self._where}"))
            if name == "title" and value:
                self.words.append(value)
        if tag in {"img", "svg", "canvas"}:
            self.collected.findings.append(needs_eyes(f"<{tag}> in {self._where}"))
        self._start_table_part(tag, dict(attrs))

    def _start_table_part(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "table":
            self._rows, self._covered = [], {}
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows:
            self._start_cell(self._rows[-1], attributes)

    def _start_cell(self, row: list[str], attributes: Mapping[str, str | None]) -> None:
        """A cell in its column: those that reach down from above, or across, leave blanks."""
        while self._covered.get(len(row), 0):
            self._covered[len(row)] -= 1
            row.append("")
        self._cell = len(row)
        across, down = _span(attributes.get("colspan")), _span(attributes.get("rowspan")) - 1
        self._blank += across * (down + 1) - 1
        if self._blank > MOST_BLANK:
            across, down = 1, 0
        row += [""] * across
        self._covered |= dict.fromkeys(range(self._cell, len(row)), down)

    def handle_endtag(self, tag: str) -> None:
        """Keep a table that is complete."""
        if tag == "table" and self._rows is not None:
            number = len(self.collected.sheets) + 1
            rows = [row for row in self._rows if row]
            if rows:
                self.collected.sheets.append(
                    Sheet(name=f"table {number} of {self._where}", rows=rows)
                )
            self._rows = None

    def handle_data(self, data: str) -> None:
        """Keep the text, and put it in its cell."""
        self.words.append(data)
        if self._rows and self._rows[-1]:
            self._rows[-1][self._cell] += data.strip()

    def handle_comment(self, data: str) -> None:
        """A comment is text too, only that nobody sees it."""
        self.words.append(data)


def _span(said: str | None) -> int:
    """How many rows or columns a cell covers: what browsers take for it."""
    is_number = said is not None and said.strip().isdecimal() and len(said) < 6
    return max(1, min(1000, int(said))) if said and is_number else 1


def _is_harmless(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Metadata, also such as only forbids; a refresh or a cookie is not harmless."""
    asked = (attributes.get("http-equiv") or "content-security-policy").lower()
    return tag == "meta" and asked == "content-security-policy"


def _fetches(tag: str, address: str) -> bool:
    if tag == "a":
        return not _STATIC_LINK.match(address)
    return not address.strip().lower().startswith(("data:image/png", "data:image/jpeg", "#"))


def read_notebook(content: bytes, name: str) -> Contents:
    """Read a notebook: its code is listed, its text and every output looked at."""
    try:
        book = json.loads(content.decode("utf-8-sig"))
        cells = book["cells"]
        if not isinstance(cells, list) or not isinstance(book["nbformat"], int):
            return not_what_it_says(name, "a Jupyter notebook")
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, RecursionError):
        return not_what_it_says(name, "a Jupyter notebook")
    collected = Collected()
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            return not_what_it_says(name, "a Jupyter notebook")
        _read_cell(cell, f"cell {number}", collected)
    return collected.freeze()


def _read_cell(cell: Mapping[str, Any], where: str, collected: Collected) -> None:
    source = _joined(cell.get("source", ""))
    if cell.get("cell_type") == "code":
        collected.code.append(source)
    else:
        _add(_read_markdown(source, where), collected)
    if cell.get("attachments"):
        collected.findings.append(needs_eyes(f"An attachment of {where}"))
    for output in cell.get("outputs") or ():
        _read_output(
            output if isinstance(output, dict) else {}, f"the output of {where}", collected
        )


def _read_output(output: Mapping[str, Any], where: str, collected: Collected) -> None:
    if "text" in output:
        collected.passages.append((where, _joined(output["text"])))
    if "traceback" in output:
        collected.passages.append((where, _joined(output["traceback"])))
    bundle = output.get("data")
    for kind, value in (bundle if isinstance(bundle, dict) else {}).items():
        if kind in _MARKED_UP:
            _add(_MARKED_UP[kind](_joined(value), where), collected)
        elif kind.startswith("image/"):
            collected.findings.append(needs_eyes(where.capitalize()))
        elif kind in {"text/plain", "text/latex", "application/json"}:
            collected.passages.append((where, _joined(value)))
        elif kind == "application/javascript" or "widget" in kind or "plotly" in kind:
            collected.findings.append(runs(f"{kind} in {where}"))
        else:
            message = f"{where.capitalize()} holds {kind}, which a person cannot read."
            collected.findings.append(about_file("unreadable", Verdict.FAIL, message))


def _read_markdown(text: str, where: str) -> Contents:
    return read_text(text.encode("utf-8", "replace"), where)


_MARKED_UP = {"text/html": read_markup, "text/markdown": _read_markdown}


def _add(part: Contents, collected: Collected) -> None:
    collected.passages.extend(part.passages)
    collected.sheets.extend(part.sheets)
    collected.findings.extend(part.findings)


def _joined(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(str(one) for one in value)
    return json.dumps(value)
