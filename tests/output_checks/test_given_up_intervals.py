"""A report says so where the audit's search in whole numbers did not come to its end."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.protect import intervals

SAID = "could not be shown to be as wide as can be"


@pytest.fixture(scope="module")
def table():
    counts = np.random.default_rng(0).poisson(6, (5, 5, 4))
    rows = [place for place, count in np.ndenumerate(counts) for _ in range(count)]
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row").with_row_index("id")
    return Data.read(frame, unit="id").table(["a", "b"], "c")


def said(table):
    return [note for note in table.report().protection["notes"] if SAID in note]


def width(table):
    return (table.intervals()["upper"] - table.intervals()["lower"]).to_numpy()


def test_the_report_says_of_how_many_cells_the_search_was_given_up(table, monkeypatch):
    ended = table.protect("suppress")
    assert not said(ended)
    assert ended.intervals()["exact"].all()
    monkeypatch.setattr(intervals, "MOST_STEPS", 0.0)
    given_up = table.protect("suppress")
    (note,) = said(given_up)
    narrower = width(given_up) < width(ended)
    assert narrower.any()
    assert (width(given_up) <= width(ended)).all()
    assert int(note.split(" cells")[0].split()[-1]) >= narrower.sum()
    assert given_up.report().verdict == ended.report().verdict
    is_open = ~given_up.intervals()["exact"].to_numpy()
    assert is_open[narrower].all()
    assert is_open.sum() == int(note.split(" cells")[0].split()[-1])


def test_the_report_says_of_each_interval_whether_its_search_came_to_its_end(table, monkeypatch):
    monkeypatch.setattr(intervals, "MOST_STEPS", 0.0)
    given_up = table.protect("suppress")
    rows = given_up.report().to_dict()["proof"]
    assert [row["exact"] for row in rows] == given_up.intervals()["exact"].to_list()
    assert {row["exact"] for row in rows} == {True, False}
    page = given_up.to_report()
    proof = page.partition("What a reader can still work out of withheld cells")[2]
    assert '<th class="oc-name" scope="col">exact</th>' in proof


def test_what_adds_up_to_nothing_and_amounts_take_no_search_in_whole_numbers(table, monkeypatch):
    monkeypatch.setattr(intervals, "MOST_STEPS", 0.0)
    derived = Data.read(table.source.frame.with_columns(x=pl.col("id") % 7 + 1.0), unit="id")
    several = derived.table(["a", "b"], "c", statistic=["count", "sum", "mean", "median"], of="x")
    found = several.protect("suppress").intervals()
    exact = dict(found.group_by("statistic").agg(pl.col("exact").all()).rows())
    assert exact == {"count": False, "sum": True, "mean": False, "median": True}
