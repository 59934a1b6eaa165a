"""Tables of many categories are shown in a time that grows with the rows that are drawn."""

import io

import polars as pl
import pytest
from rich.console import Console

from output_checks import Data, grid
from output_checks.show.pivot import MOST_ROWS

CATEGORIES = 600


@pytest.fixture(scope="module")
def table():
    frame = pl.DataFrame({"id": range(20 * CATEGORIES)}).with_columns(g=pl.col("id") % CATEGORIES)
    return Data.read(frame, unit="id").table("g")


WAYS = {
    "html": lambda table, folder: table._repr_html_(),
    "terminal": lambda table, folder: Console(file=io.StringIO()).print(table),
    "report": lambda table, folder: table.to_report(),
    **{
        kind: lambda table, folder, kind=kind: table.write(folder / f"t.{kind}")
        for kind in ("xlsx", "csv", "html", "json")
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_a_label_is_written_a_few_times_however_many_there_are(way, table, tmp_path, monkeypatch):
    written = []
    once = grid.label_text
    monkeypatch.setattr(grid, "label_text", lambda label: written.append(label) or once(label))
    WAYS[way](table, tmp_path)
    assert len(written) <= 20 * CATEGORIES


def test_only_the_cells_that_are_drawn_are_read(table):
    drawing = table._drawing()
    assert [len(one) for one in drawing.frames] == [MOST_ROWS]
    whole = drawing.for_release()
    assert [len(one) for one in whole.frames] == [CATEGORIES + 1]
