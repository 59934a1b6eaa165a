"""Lines of a CSV file that have not the fields of its header are refused, each by its number."""

import csv
import gzip
import io
import zlib

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from output_checks import Data, UnreadableDataError, csv_lines
from output_checks.csv_lines import refuse_ragged


def read(content, tmp_path, unit="pid"):
    file = tmp_path / "people.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Data.read(file, unit=unit)


MANY = [f"{at},Hull,{at % 9}" for at in range(2, 59)]


@pytest.mark.parametrize("notes", ["ok", "1"], ids=["texts", "numbers"])
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("100,Hull, East,{}", "line 59 has 4 fields, and the header 3"),
        ("100,{}", "line 59 has 2 fields, and the header 3"),
        ("100,Hull,{},", "line 59 has 4 fields"),
        ("100", "line 59 has 1 field,"),
        ("", "line 59 has 1 field,"),
        ('100, "Hull, East",{}', "line 59 has quotation marks within a field"),
        ('100,"Hull"s,{}', "line 59 has quotation marks within a field"),
        ('100,5" pipe, 6" pipe,{}', "line 59 has quotation marks within a field"),
        ('100,"Hull,{}', "line 59 opens a quotation mark that nothing closes"),
        ("100,Hu\0ll,{}", "line 59 holds a NUL byte"),
    ],
)
@pytest.mark.parametrize("after", ["", "\n", "\n60,York,3\n"], ids=["cut off", "last", "within"])
def test_a_line_with_other_fields_is_named(line, said, after, notes, tmp_path):
    if after != "\n60,York,3\n" and not line:
        after = "\n\n"
    lines = ["pid,town,note", *MANY, line.format(notes)]
    with pytest.raises(UnreadableDataError, match=said):
        read("\n".join(lines) + after, tmp_path)


def test_a_line_is_named_where_texts_have_newlines(tmp_path):
    content = 'pid,note\n1,"one\ntwo"\n2,"x\n\ny"\n3,a,b\n'
    with pytest.raises(UnreadableDataError, match="line 7 has 3 fields, and the header 2"):
        read(content, tmp_path)


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress], ids=["gzip", "zlib"])
def test_packed_files_are_looked_through_too(packed, tmp_path):
    with pytest.raises(UnreadableDataError, match="line 3 has 1 field,"):
        read(packed(b"pid,town\n1,Hull\n2"), tmp_path)


@pytest.mark.parametrize(
    ("note", "meant"),
    [
        ('"Hull, East"', "Hull, East"),
        ('"5"" pipe"', '5" pipe'),
        ('"two\nlines"', "two\nlines"),
        ('""', ""),
        ('""""', '"'),
        ('said "no" twice', 'said "no" twice'),
        ("größer", "größer"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_texts_that_are_written_well_are_read(note, meant, end, tmp_path):
    content = end.join(["pid,note,x", f"1,{note},7", '2,"a",8', "3,b,9"])
    found = read(content, tmp_path).frame.collect()
    assert found["note"][0] == meant
    assert found["x"].to_list() == [7, 8, 9]


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 64])
def test_pieces_of_any_size_give_the_same_answer(at_once, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_lines, "_AT_ONCE", at_once)
    file = tmp_path / "people.csv"
    file.write_text('pid,note\n1,"a, ""b""\n\n"\n2,c\n3,"d",e\n')
    with pytest.raises(UnreadableDataError, match="line 6 has 3 fields"):
        refuse_ragged(file, ",")


def test_a_quotation_mark_that_is_never_closed_takes_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_lines, "_AT_ONCE", 1 << 10)
    monkeypatch.setattr(csv_lines, "_MOST_LINE", 1 << 12)
    file = tmp_path / "people.csv"
    file.write_text('pid,note\n1,"a\n' + "2,b\n" * 10_000)
    with pytest.raises(UnreadableDataError, match="line 2 opens a quotation mark"):
        refuse_ragged(file, ",")


WORDS = st.text(alphabet='ab,"\n ', max_size=4)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_program_writes_is_taken_as_it_was_meant(tmp_path_factory, rows):
    file = tmp_path_factory.mktemp("csv") / "people.csv"
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    file.write_text(written.getvalue())
    others = [row for row in rows if len(row) != len(rows[0])]
    if not others:
        refuse_ragged(file, ",")
        return
    with pytest.raises(UnreadableDataError, match=f"has {len(others[0])} fields"):
        refuse_ragged(file, ",")


def test_a_column_of_its_own_may_have_empty_lines(tmp_path):
    found = read("pid\n1\n\n2\n", tmp_path).frame.collect()
    assert found.equals(pl.DataFrame({"pid": ["1", None, "2"]}))
