"""What is taken of a published table as it stands: rows of a frame, and whole numbers."""

import polars as pl
import pytest

from output_checks import intervals


def told(frame, **options):
    return {row[0]: row[1:] for row in intervals(frame, **options).rows()}


MARKED = {"aa": ["Total", "aa1", "aa0", "aa2"], "value": ["*", "21", "12", ""]}


@pytest.mark.parametrize("blank", ["", None])
@pytest.mark.parametrize("as_pandas", [False, True])
def test_a_last_row_that_is_blank_is_a_withheld_cell_of_a_frame(blank, as_pandas):
    frame = pl.DataFrame(MARKED | {"value": [*MARKED["value"][:3], blank]})
    found = told(frame.to_pandas() if as_pandas else frame, rounded=3)
    # 21 is 20 to 22, 12 is 11 to 13, and of aa2 nothing is known: the total is 31 at least.
    assert found["Total"] == (31.0, None, True)
    assert found["aa2"] == (0.0, None, True)


def test_a_file_may_end_with_a_note(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("aa,value\nTotal,*\naa1,21\naa0,12\n* fewer than five,\n")
    assert "* fewer than five" not in told(file)


def test_a_crossed_frame_keeps_a_row_of_blanks_at_its_end():
    frame = pl.DataFrame({"g": ["a", "Total", "b"], "F": ["3", "*", ""], "M": ["4", "9", ""]})
    found = intervals(frame)
    assert found.filter(g="b").select("column", "lower", "upper").rows() == [
        ("F", 0.0, None),
        ("M", 5.0, 5.0),
    ]


def test_whole_numbers_are_taken_as_they_are_beside_a_negative_one():
    frame = pl.DataFrame({"g": ["A", "B", "Total"], "value": ["[c]", "-5", "10"]})
    assert told(frame) == {"A": (15.0, 15.0, True)}


def test_numbers_with_decimals_are_rounded_beside_a_negative_one():
    frame = pl.DataFrame({"g": ["A", "B", "Total"], "value": ["[c]", "-5.5", "10.0"]})
    assert told(frame)["A"] == (15.4, 15.6, True)
