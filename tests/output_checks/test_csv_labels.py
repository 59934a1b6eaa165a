"""Labels that a spreadsheet would run: marked in the CSV, and the same again when it is read."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from output_checks import Data, check_file
from output_checks.csv_labels import marked_texts, unmarked, unmarked_texts
from output_checks.readers.intervals import intervals
from output_checks.readers.tidy import read_csv_rows, written_rows
from output_checks.show.text import csv_text

LABELS = st.text(st.sampled_from("=+-@'\t\r\n \uff1d0159.eEa,\";"), max_size=6)


def table(labels):
    frame = pl.DataFrame({"id": range(30 * len(labels)), "g": labels * 30})
    return Data.read(frame, unit="id").table("g")


@pytest.mark.parametrize(
    ("label", "written"),
    [
        # Excel, LibreOffice and their like would run these
        ("=1+2", "'=1+2"),
        ("+", "'+"),
        ("-5 to 0", "'-5 to 0"),
        ("@me", "'@me"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("\uff1d1+2", "'\uff1d1+2"),
        (" =1+2", "' =1+2"),
        # one that begins with an apostrophe itself gets one more
        ("'=1+2", "''=1+2"),
        # no formulas: numbers, and signs elsewhere
        ("-9", "-9"),
        ("+0.5", "+0.5"),
        ("-1e3", "-1e3"),
        ("0-4", "0-4"),
        ("'tis", "'tis"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_before_what_a_spreadsheet_would_run(label, written):
    frame = marked_texts(pl.DataFrame({label or "g": [label]}))
    assert frame.to_series().item() == written
    assert frame.columns == [written or "g"]
    assert unmarked(written) == label


def test_numbers_and_what_is_missing_stay_as_they_are():
    frame = pl.DataFrame({"g": ["a", None], "value": [-1.5, None]})
    assert marked_texts(frame).equals(frame)
    assert csv_text(frame) == "g,value\na,-1.5\n,\n"


@given(st.lists(LABELS, min_size=1, max_size=5), LABELS)
@example(["a"], "\t\n")  # the comma of the header is in its second line
def test_a_csv_is_read_back_identically(labels, name):
    frame = pl.DataFrame({f"{name}g": labels, "value": range(len(labels))})
    assert unmarked_texts(marked_texts(frame)).equals(frame)
    read = read_csv_rows(csv_text(frame))
    assert read == [list(frame.columns), *([str(one) for one in row] for row in frame.rows())]


@given(st.lists(LABELS, min_size=1, max_size=5))
def test_nothing_that_is_written_begins_as_a_formula(labels):
    frame = pl.DataFrame({"g": labels, "value": [-1] * len(labels)})
    for label, _ in written_rows(csv_text(frame))[1:]:
        assert label.strip()[:1] not in {*"=+-@\uff1d"} or float(label) is not None
        assert label[:1] not in {*"\t\r\n"}


def test_the_categories_of_a_table_come_back_as_they_were(tmp_path):
    labels = ["-5 to 0", "+", "=A1", "'-x", "@", "-9", "1 to 5"]
    made = table(labels)
    made.write(tmp_path / "t.csv")
    assert "'-5 to 0,30\n" in (tmp_path / "t.csv").read_text()
    report = check_file(tmp_path / "t.csv")
    assert [one.rule for one in report.findings] == ["provenance"]  # nothing that would run
    assert {row["g"] for row in report.table} == {*labels, "Total"}
    withheld = made.released().with_columns(value=pl.when(g="+").then(None).otherwise("value"))
    (tmp_path / "w.csv").write_text(csv_text(withheld))
    assert intervals(tmp_path / "w.csv").rows() == [("+", 30.0, 30.0, True)]
