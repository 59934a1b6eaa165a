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
    monkeypatch.setattr(intervals, "MOST_STEPS", 0.0)
    given_up = table.protect("suppress")
    (note,) = said(given_up)
    narrower = width(given_up) < width(ended)
    assert narrower.any()
    assert (width(given_up) <= width(ended)).all()
    assert int(note.split(" cells")[0].split()[-1]) >= narrower.sum()
    assert given_up.report().verdict == ended.report().verdict
