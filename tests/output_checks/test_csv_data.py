"""CSV files as people have them, and names that columns may have."""

import gzip

import polars as pl
import pytest

from output_checks import Data, UnknownColumnError, UnreadableDataError, UnusableTableError

# 40 people: half in 01, half in 1
LINES = ["id,group,x", *(f"{i},{'01' if i % 2 else '1'},{i % 7}" for i in range(40))]
TEXT = "\n".join(LINES) + "\n"


def units(content, tmp_path, rows="group"):
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    made = Data.read(file, unit="id").table(rows)
    return dict(zip(made.cells[rows], made.cells["units"], strict=True))


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        gzip.compress(TEXT.encode()),
    ],
    ids=["commas", "byte order mark", "lines of Windows", "semicolons", "tabs", "gzip"],
)
def test_a_csv_file_is_read_however_its_columns_are_parted(content, tmp_path):
    assert units(content, tmp_path) == {"01": 20, "1": 20, "Total": 40}


def test_numbers_without_a_zero_before_them_stay_numbers(tmp_path):
    shown = units(TEXT.replace(",01,", ",10,").replace(",1,", ",9,").encode(), tmp_path)
    assert list(shown) == ["9", "10", "Total"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,group,group\n1,a,b\n", 'two columns called "group"'),
        (b"id;id\n1;a\n", 'two columns called "id"'),
        (TEXT.encode("utf-16"), "no text in UTF-8"),
        ("id,größe\n1,2\n".encode("latin-1"), "no text in UTF-8"),
        (TEXT.replace("\n", "\r").encode(), "its first line"),
        (b"id\0,group\n1,a\n", "its first line"),
        (b"", "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_of_columns_is_refused(content, words, tmp_path):
    with pytest.raises(UnreadableDataError, match=words):
        units(content, tmp_path)


def test_a_header_with_other_names_is_not_taken_for_them(tmp_path):
    with pytest.raises(UnknownColumnError, match='Did you mean " group"'):
        units(b"id, group\n1,a\n", tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "units",
        "value of sum",
        "code of x",
        "cell of this row",
        "level 1 of x",
        "units_at of p5",
    ],
)
def test_a_name_that_is_needed_is_refused_in_words(name):
    frame = pl.DataFrame({"id": range(40), name: ["a", "b"] * 20, "x": [1.0, 2.0] * 20})
    with pytest.raises(UnusableTableError, match="cannot be called"):
        Data.read(frame, unit="id").table(name, statistic="sum", of="x")


def test_columns_that_are_not_asked_for_may_have_any_name():
    names = ["level 1 of group", "label as it was", "cell of this row", "value of sum", "units"]
    frame = pl.DataFrame(
        {"id": range(40), "group": ["a", "b"] * 20, "x": [1.0, 2.0, 3.0, 4.0] * 10}
    )
    frame = frame.with_columns(pl.lit("z").alias(name) for name in names)
    table = Data.read(frame, unit="id").table(
        "group", statistic="sum", of="x", hierarchies={"group": {"a": "north"}}
    )
    assert table.cells["group"].to_list() == ["a", "b", "north", "Total"]


def test_a_folder_is_no_file(tmp_path):
    for name in ("d.csv", "d.parquet"):
        (tmp_path / name).mkdir()
        with pytest.raises(UnreadableDataError, match="is a folder, not a file"):
            Data.read(tmp_path / name, unit="id")
