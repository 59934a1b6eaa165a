"""Tables made elsewhere, read from their text, so that they can be attacked."""

import pytest

from output_checks.readers.tidy import read_csv_rows, read_published


@pytest.mark.parametrize(
    "text",
    [
        "a,value\nx,1\nx,2",  # twice there
        "a,b,value\nx,y,1\nx,z,2\nw,y,3",  # a combination is missing
        "a,a\nx,1",  # a name twice
        "a,value\nx,much",
        "a\nx",
        "a,value",
    ],
)
def test_rows_that_are_no_table_are_not_taken_for_one(text):
    assert read_published(read_csv_rows(text)) is None


def test_totals_are_understood_in_any_case_and_place():
    table = read_published(read_csv_rows("sex,value\nALL,50\nF,<10\nM,-"))
    assert table is not None
    assert table.dimensions == {"sex": ("F", "M", "Total")}
    assert table.complete
    lower, upper = table.intervals().lower, table.intervals().upper
    assert (lower[:2].tolist(), upper[:2].tolist()) == ([0, 0], [50, 50])


def test_without_totals_nothing_limits_a_withheld_cell():
    table = read_published(read_csv_rows("sex,value\nF,\nM,30"))
    assert table is not None
    lower, upper = table.intervals().lower, table.intervals().upper
    assert (lower[0], upper[0]) == (0, float("inf"))
