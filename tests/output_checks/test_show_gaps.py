"""Beside withheld cells, the mean of nobody looks like one of them wherever it is shown."""

import io
import zipfile

import polars as pl
from rich.console import Console

from output_checks import Data

SIZES = {"a": (20, 4, 30), "b": (0, 30, 30), "c": (25, 30, 30), "d": (0, 40, 40)}
NOBODY = "\u2013"


def table():
    rows = [
        (group, sex, 1.0 + number % 9)
        for group, sizes in SIZES.items()
        for sex, size in zip("FMX", sizes, strict=True)
        for number in range(size)
    ]
    frame = pl.DataFrame(
        {"id": range(len(rows))}
        | {name: [row[at] for row in rows] for at, name in enumerate(("group", "sex", "x"))}
    )
    return Data.read(frame, unit="id").table("group", "sex", statistic="mean", of="x")


def in_terminal(shown):
    written = io.StringIO()
    Console(file=written, width=120).print(shown)
    return written.getvalue()


def test_an_empty_cell_is_told_from_others_only_where_nothing_is_withheld():
    plain, protected = table(), table().protect("suppress")
    assert NOBODY in plain._repr_html_()
    assert NOBODY in in_terminal(plain)
    assert NOBODY not in protected._repr_html_()
    assert NOBODY not in in_terminal(protected)
    # Of two cells of nobody one helps to hide the small cell, the other is a gap that looks so.
    assert protected.cells["withheld"].sum() == 4
    assert in_terminal(protected).count("[c]") == 6  # these, the gap and the legend


def test_a_workbook_does_not_tell_it_either(tmp_path):
    file = tmp_path / "table.xlsx"
    table().protect("suppress").to_excel(file)
    with zipfile.ZipFile(file) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        tidy = book.read("xl/worksheets/sheet2.xml").decode()
    assert NOBODY not in strings
    # twenty rows of two labels and a value each: none is left empty
    assert tidy.count("<row ") == 21
    assert tidy.count("<c ") == 21 * 3
