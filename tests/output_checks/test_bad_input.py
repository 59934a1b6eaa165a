"""What somebody may get wrong ends in a sentence that says what would be right."""

import pandas as pd
import polars as pl
import pytest

from output_checks import (
    Data,
    DeclarationError,
    EmptyTableError,
    OutputCheckError,
    ProtectionError,
    UnknownColumnError,
    UnreadableDataError,
    UnusableTableError,
)

PEOPLE = pl.DataFrame(
    {"id": range(100), "group": ["a", "b"] * 50, "x": [float(i) for i in range(100)]}
)


def table(frame=PEOPLE, unit="id", rows="group", **asked):
    return Data.read(frame, unit=unit).table(rows, **asked)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"rows": 3}, DeclarationError, '"rows" must be a list'),
        ({"rows": []}, DeclarationError, "at least one dimension"),
        ({"rows": ["group", "group"]}, DeclarationError, "named twice"),
        ({"rows": "sex"}, UnknownColumnError, 'unknown column "sex"'),
        ({"rows": "id"}, UnusableTableError, "record-level"),
        ({"statistic": "median", "of": "id"}, UnusableTableError, 'of: "id" is made of the unit'),
        ({"weight": "id"}, UnusableTableError, 'weight: "id" is made of the unit'),
        (
            {"statistic": "ratio", "of": "x", "per": "id"},
            UnusableTableError,
            'per: "id" is made of the unit',
        ),
        (
            {"statistic": "sum", "of": "z", "derive": {"y": "power(2.0, id)", "z": "x + y"}},
            UnusableTableError,
            'of: "z" is made of the unit column "id"',
        ),
        (
            {"rows": "band", "derive": {"band": "id % 2"}},
            UnusableTableError,
            'dimension: "band" is made of the unit',
        ),
        (
            {"hierarchies": {"group": ["id"]}},
            UnusableTableError,
            'dimension: "id" is made of the unit',
        ),
        ({"where": 3}, DeclarationError, '"where" must be an SQL expression'),
        ({"where": "x > 1000"}, EmptyTableError, "no rows after where"),
        ({"derive": {"y": 3}}, DeclarationError, '"derive" must be'),
        ({"derive": ["y"]}, DeclarationError, '"derive" must be'),
        ({"statistic": []}, DeclarationError, '"statistic" must be'),
        ({"statistic": 3}, DeclarationError, '"statistic" must be'),
        ({"statistic": "avg"}, DeclarationError, 'unknown statistic "avg"'),
        ({"statistic": "p0"}, DeclarationError, "unknown statistic"),
        ({"statistic": "p100"}, DeclarationError, "unknown statistic"),
        ({"statistic": ["count", "count"]}, DeclarationError, "several different"),
        ({"statistic": "mean"}, DeclarationError, "needs a variable"),
        ({"statistic": "mean", "of": "group"}, UnusableTableError, "needs numbers"),
        ({"statistic": "mean", "of": "y"}, UnknownColumnError, 'unknown column "y"'),
        ({"of": "x"}, DeclarationError, "takes no variable"),
        ({"statistic": "ratio", "of": "x"}, DeclarationError, 'per="…"'),
        ({"statistic": "mean", "of": "x", "per": "x"}, DeclarationError, "takes no per"),
        ({"weight": "group"}, UnusableTableError, "a weight needs numbers"),
        ({"weight": "w"}, UnknownColumnError, 'unknown column "w"'),
        ({"statistic": "median", "of": "x", "weight": "x"}, DeclarationError, "weighted"),
        ({"times": 0}, DeclarationError, "above 0"),
        ({"times": 100}, DeclarationError, "multiplied by"),
        ({"statistic": "proportion"}, DeclarationError, "within"),
        ({"statistic": "proportion", "within": "sex"}, UnknownColumnError, "within: unknown"),
        ({"statistic": "proportion", "within": [], "margins": False}, DeclarationError, "margins"),
        ({"within": "group"}, DeclarationError, "within is for a proportion"),
        ({"hierarchies": {"group": {"a": "b"}}}, UnusableTableError, "name of a category"),
        ({"hierarchies": {"group": {"a": "c", "c": "a"}}}, UnusableTableError, "circle"),
        ({"hierarchies": {"group": {"z": "c"}}}, UnknownColumnError, "none of its labels"),
        ({"hierarchies": {"group": "region"}}, UnknownColumnError, 'unknown column "region"'),
        ({"hierarchies": {"group": "x"}}, UnusableTableError, "is in two groups"),
        ({"hierarchies": {"sex": {"a": "c"}}}, UnknownColumnError, "hierarchies: unknown"),
        ({"hierarchies": ["group"]}, DeclarationError, "for each dimension"),
        ({"merges": {"group": {"z": "c"}}}, UnknownColumnError, "in merges"),
        ({"merges": {"group": {1: 2}}}, DeclarationError, '"merges" must be'),
        ({"structural_zeros": ["group"]}, DeclarationError, '"structural_zeros" must be'),
        ({"structural_zeros": [{"group": "z"}]}, UnknownColumnError, "unknown category"),
        ({"structural_zeros": [{"sex": "F"}]}, UnknownColumnError, "unknown dimension"),
        ({"structural_zeros": [{"group": "a"}]}, UnusableTableError, "has people in it"),
    ],
)
def test_a_question_that_no_table_answers_is_refused_in_words(asked, error, words):
    with pytest.raises(error, match=words):
        table(**asked)


@pytest.mark.parametrize(
    ("column", "asked", "error", "words"),
    [
        (pl.lit(None).alias("x"), {"statistic": "mean", "of": "x"}, EmptyTableError, "every row"),
        (pl.lit(None).alias("id"), {}, UnreadableDataError, "missing in 100 rows"),
        (pl.lit("").alias("id"), {}, UnreadableDataError, "missing or blank in 100 rows"),
        (pl.lit(" \t\u00a0").alias("id"), {}, UnreadableDataError, "missing or blank in 100"),
        (pl.lit(float("inf")).alias("x"), {"statistic": "sum", "of": "x"}, OutputCheckError, "inf"),
        (pl.concat_list("x").alias("id"), {}, UnreadableDataError, "told apart by plain labels"),
        (pl.concat_list("x").alias("group"), {}, UnusableTableError, "plain labels"),
        (pl.lit("Total").alias("group"), {}, UnusableTableError, "word for a margin"),
    ],
)
def test_a_column_that_cannot_be_judged_is_refused_in_words(column, asked, error, words):
    with pytest.raises(error, match=words):
        table(PEOPLE.with_columns(column), **asked)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (None, UnreadableDataError),
        ({"id": [1]}, UnreadableDataError),
        (PEOPLE.head(0), EmptyTableError),
        (pl.DataFrame(), UnknownColumnError),
        (pl.scan_parquet("/nowhere.parquet"), UnreadableDataError),
        (PEOPLE.lazy().with_columns(pl.col("group").cast(pl.Int64)), UnreadableDataError),
        (pd.DataFrame({("a", "b"): [1]}), UnknownColumnError),
        (pd.Series([1, 2], name="group"), UnknownColumnError),
        (pd.DataFrame({"id": [1, 2], "group": ["a", 1]}), UnreadableDataError),
        (
            pd.DataFrame([[1, 2, 3]], columns=pd.Index(["id", "group", "group"])),
            UnreadableDataError,
        ),
    ],
)
def test_a_source_without_readable_people_is_refused(source, error):
    with pytest.raises(error):
        table(source)


def test_damaged_files_are_refused_and_told_from_missing_ones(tmp_path):
    whole = tmp_path / "whole.parquet"
    PEOPLE.write_parquet(whole)
    content = whole.read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(content[: len(content) // 2])
    spoilt = tmp_path / "spoilt.parquet"
    spoilt.write_bytes(content[:300] + bytes(80) + content[380:])
    for name in (cut, spoilt, tmp_path / "none.parquet", tmp_path, tmp_path / "x.txt"):
        with pytest.raises(UnreadableDataError):
            table(name)
    assert table(whole).grid.size == 3


def test_damaged_csv_is_refused(tmp_path):
    for number, content in enumerate((b"", b"id,group\n1,\xe9\n", bytes(range(256)))):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(content)
        with pytest.raises(OutputCheckError):
            table(file)


def test_a_million_labels_are_no_classification():
    many = pl.DataFrame({"id": range(1_000_000), "group": range(1_000_000)})
    with pytest.raises(UnusableTableError, match="coarser"):
        table(many)


@pytest.mark.parametrize(
    ("method", "options", "words"),
    [
        ("supress", {}, 'Did you mean "suppress"'),
        ("suppress", {"reveiws": True}, 'Did you mean "reviews"'),
        ("suppress", {"base": "5"}, "base cannot be"),
        ("round", {"base": 0}, "base cannot be 0"),
        (None, {}, "unknown protection"),
    ],
)
def test_a_misspelt_protection_protects_nothing_and_says_so(method, options, words):
    with pytest.raises(ProtectionError, match=words):
        table().protect(method, **options)


def test_a_variable_of_objects_is_refused():
    frame = pl.DataFrame({"id": [1, 2], "g": ["a", "b"]})
    for odd in (pl.Series("x", [{1}, {2}], dtype=pl.Object), pl.Series("x", [[1], [2]])):
        data = Data.read(frame.with_columns(odd), unit="id")
        with pytest.raises(UnusableTableError, match='the variable "x" is'):
            data.table("g", statistic="mode", of="x")
