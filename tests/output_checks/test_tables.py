"""Evidence and labels: any type, any order, any number of dimensions."""

import datetime as dt

import pandas as pd
import polars as pl
import pytest

from output_checks import (
    Data,
    DeclarationError,
    EmptyTableError,
    OutputCheckError,
    UnknownColumnError,
    UnreadableDataError,
    UnusableTableError,
    placing,
)
from tests.output_checks.drawing import data, found, valued


def of_labels(labels, counts, **options):
    rows = [label for label, count in zip(labels, counts, strict=True) for _ in range(count)]
    frame = pl.DataFrame({"id": range(len(rows)), "label": rows}, strict=False)
    return Data.read(frame, unit="id").table("label", **options)


@pytest.mark.parametrize(
    ("labels", "texts"),
    [
        ([1, 2, 10], ["1", "2", "10"]),
        ([1.5, 2.0, 10.0], ["1.5", "2.0", "10.0"]),
        (["a'b", 'c"d', "e`f; DROP"], ['a\'b', 'c"d', "e`f; DROP"]),
        (["Ελλάδα", "日本", "ไทย"], ["Ελλάδα", "日本", "ไทย"]),
        ([dt.date(2020, 1, m) for m in (1, 2, 3)], [f"2020-01-0{m}" for m in (1, 2, 3)]),
        ([dt.datetime(2020, 1, 1, h) for h in (1, 2, 3)],  # noqa: DTZ001
         [f"2020-01-01T0{h}:00:00" for h in (1, 2, 3)]),
        (["", " ", "x"], ["", " ", "x"]),
    ],
)  # fmt: skip
def test_labels_of_any_type_give_the_same_table_and_findings(labels, texts):
    table = of_labels(labels, [3, 20, 30])
    shown = table.cells.select("label", "value").rows()
    assert set(shown) == set(zip([*texts, "Total"], [3, 20, 30, 53], strict=True))
    assert [severity for _, severity in found(table, "threshold")] == ["fail"]
    protected = table.protect("suppress")
    assert protected.cells["withheld"].sum() == 2  # the 3, and the 20 as the cheapest beside it
    assert protected.report().verdict == "pass"


def test_integer_labels_stay_integers_in_the_report():
    report = of_labels([1, 2], [3, 20]).report()
    assert report.to_dict()["findings"][0]["cells"] == [{"label": 1}]
    assert [row["label"] for row in report.table] == [1, 2, "Total"]


def test_truth_and_missing_labels_are_categories():
    frame = pl.DataFrame(
        {"id": range(60), "ok": [True] * 20 + [False] * 30 + [None] * 10, "x": [1.0] * 60}
    )
    table = Data.read(frame, unit="id").table("ok")
    assert table.released().rows() == [
        ("false", 30),
        ("true", 20),
        ("Missing", 10),
        ("Total", 60),
    ]
    assert table.report().table[0] == {"ok": False, "value": 30}


def test_nan_is_missing_and_minus_zero_is_zero():
    frame = pl.DataFrame({"id": range(4), "f": [0.0, -0.0, float("nan"), None]})
    table = Data.read(frame, unit="id").table("f")
    assert table.released().rows() == [("0.0", 2), ("Missing", 2), ("Total", 4)]


def test_categories_and_enums_count_as_their_texts():
    texts = ["b"] * 12 + ["a"] * 15
    for kind in (pl.String, pl.Categorical, pl.Enum(["b", "a", "never"])):
        frame = pl.DataFrame({"id": range(27), "label": pl.Series(texts, dtype=kind)})
        table = Data.read(frame, unit="id").table("label")
        assert set(table.released().rows()) == {("a", 15), ("b", 12), ("Total", 27)}


@pytest.mark.parametrize("labels", [["Total", "x"], ["Missing", None]])
def test_a_category_called_like_a_margin_is_refused_with_a_remedy(labels):
    with pytest.raises(UnusableTableError, match="derive"):
        of_labels(labels, [20, 20])


def test_units_are_counted_and_not_rows():
    # 24 rows of 2 people, as in the table that other tools pass
    frame = pl.DataFrame({"id": [1, 2] * 12, "g": ["a"] * 24})
    table = Data.read(frame, unit="id").table("g")
    assert table.cells.select("value", "units", "records").rows() == [(2, 2, 24)] * 2
    assert table.report().verdict == "fail"


def test_a_person_in_two_categories_is_once_in_their_margin():
    frame = pl.DataFrame({"id": [1, 1, 2], "year": [1, 2, 2], "x": [5.0, 7.0, 1.0]})
    table = Data.read(frame, unit="id").table("year", statistic="sum", of="x")
    columns = ("value", "units", "largest", "second_largest", "total_absolute")
    assert table.cells.select(columns).rows() == [
        (5.0, 1, 5.0, 0.0, 5.0),
        (8.0, 2, 7.0, 1.0, 8.0),
        (13.0, 2, 12.0, 1.0, 13.0),
    ]


def test_a_mean_counts_people_with_a_value():
    table = valued({"a": [1.0, 2.0, 3.0, *[None] * 17], "b": [float(i) for i in range(20)]}).table(
        "group", statistic="mean", of="x"
    )
    assert table.cells.select("value", "units", "units_with_value").row(0) == (2.0, 20, 3)
    assert found(table, "threshold") == [((("a",),), "fail")]
    assert "3 people with a value" in table.report().findings[0].message


def test_a_mean_of_nobody_is_empty_and_not_zero():
    table = valued({"a": [None] * 20, "b": [float(i) for i in range(20)]}).table(
        "group", statistic="mean", of="x"
    )
    assert table.released()["value"].to_list() == [None, 9.5, 9.5]
    assert found(table, "zeros") == [((("a",),), "review")]


def test_sums_of_fractions_do_not_depend_on_the_order_of_rows():
    values = [0.1, 1e15, -1e15, 0.2, 1e-3, 7.7] * 50
    results = set()
    for step in (1, 7, 11, 13):
        order = [(i * step) % 300 for i in range(300)]
        frame = pl.DataFrame({"id": order, "g": ["a"] * 300, "x": [values[i] for i in order]})
        table = Data.read(frame, unit="id").table("g", statistic="sum", of="x")
        results.add(tuple(table.released()["value"].to_list()))
    assert len(results) == 1
    assert results.pop()[0] == pytest.approx(50 * (0.1 + 0.2 + 1e-3 + 7.7), abs=1e-9)


def test_huge_values_do_not_overflow():
    table = valued({"a": [1e300] * 15 + [5e299] * 5}).table("group", statistic="sum", of="x")
    assert table.released()["value"].to_list()[0] == pytest.approx(1.75e301, rel=1e-6)


def test_truth_can_be_averaged():
    frame = pl.DataFrame({"id": range(40), "g": ["a"] * 40, "ok": [True] * 10 + [False] * 30})
    table = Data.read(frame, unit="id").table("g", statistic="mean", of="ok")
    assert table.released()["value"].to_list() == [0.25, 0.25]


def test_infinite_values_are_refused_and_nan_is_missing():
    with pytest.raises(UnreadableDataError, match="infinite"):
        valued({"a": [1.0, float("inf")]}).table("group", statistic="sum", of="x")
    table = valued({"a": [1.0, float("nan"), 3.0]}).table("group", statistic="mean", of="x")
    assert table.cells.select("value", "units", "units_with_value").row(0) == (2.0, 3, 2)


def test_three_dimensions_have_margins_at_every_level():
    frame = pl.DataFrame(
        {"id": range(8), "a": [0, 0, 0, 0, 1, 1, 1, 1], "b": [0, 0, 1, 1] * 2, "c": [0, 1] * 4}
    )
    table = Data.read(frame, unit="id").table(["a", "b"], "c")
    values = table.grid.column("value")
    assert values.shape == (3, 3, 3)
    assert values[-1, -1, -1] == 8
    assert values[0, -1, -1] == 4
    assert values[0, 1, -1] == 2
    assert values[0, 1, 0] == 1


def test_a_category_without_people_in_a_row_is_a_zero_cell():
    table = data("F M\na 10 20\nb 0 40").table("group", "sex")
    assert table.cells.filter(pl.col("units") == 0).select("group", "sex").rows() == [("b", "F")]


# Filters and derived columns


def test_where_and_derive_are_sql_of_single_rows():
    frame = pl.DataFrame(
        {"id": range(100), "age": [*range(50), *range(50)], "sex": ["F", "M"] * 50}
    )
    table = Data.read(frame, unit="id").table(
        "band",
        where="age < 40 AND sex IN ('F', 'M')",
        derive={"band": "CASE WHEN age < 20 THEN 'young' ELSE 'old' END"},
    )
    assert table.released().rows() == [("old", 40), ("young", 40), ("Total", 80)]


def test_where_leaves_out_what_is_null():
    frame = pl.DataFrame({"id": range(30), "g": ["a"] * 30, "x": [None] * 10 + [1] * 20})
    assert Data.read(frame, unit="id").table("g", where="x > 0").released()["value"][0] == 20


@pytest.mark.parametrize(
    ("where", "error", "says"),
    [
        ("age > ", DeclarationError, "cannot be read as SQL"),
        ("agee > 3", UnknownColumnError, 'Did you mean "age"'),
        ("age > AVG(age)", DeclarationError, "unknown function"),
        ("age > (MAX(age))", DeclarationError, "unknown function"),
        ('age > "max"(age)', DeclarationError, "unknown function"),
        ("RANK() OVER (ORDER BY age) > 3", DeclarationError, "unknown function"),
        ("age OVER 3", DeclarationError, "may not use OVER"),
        ("age IN (SELECT 1)", DeclarationError, "may not use SELECT"),
        ("age > 3 -- all", DeclarationError, "comment"),
        ("age > current_date", DeclarationError, "another table at another time"),
        ("Current_Timestamp IS NULL", DeclarationError, "write the day itself"),
        ("localtime IS NULL", DeclarationError, "may not use LOCALTIME,"),
        ('"^a.*$" > 3', DeclarationError, "stands for several columns"),
        ("`*` > 3", DeclarationError, "stands for several columns"),
        ("age /* */ > 3", DeclarationError, "comment"),
        ("age + 1", DeclarationError, "not true or false"),
        ("UPPER(age) = 'X'", UnreadableDataError, "does not fit"),
        ("age LIKE 'x%'", DeclarationError, "does not fit"),
    ],
)
def test_an_expression_that_is_not_understood_is_refused(where, error, says):
    frame = pl.DataFrame({"id": range(30), "age": range(30), "sex": ["F"] * 30})
    with pytest.raises(error, match=says):
        Data.read(frame, unit="id").table("sex", where=where)


def test_a_derived_column_may_not_replace_one():
    frame = pl.DataFrame({"id": range(30), "sex": ["F"] * 30})
    with pytest.raises(DeclarationError, match="choose a new name"):
        Data.read(frame, unit="id").table("sex", derive={"id": "1"})


def test_a_condition_may_ask_for_the_unit():
    frame = pl.DataFrame({"id": range(30), "sex": ["F"] * 30})
    data = Data.read(frame, unit="id")
    made = data.table("sex", derive={"even": "id % 2 = 0"}, where="even AND id < 24")
    assert made.cells["value"].to_list() == [12, 12]


def test_words_in_quotes_are_labels_and_not_functions():
    frame = pl.DataFrame({"id": range(30), "sex": ["max("] * 20 + ["over"] * 10})
    table = Data.read(frame, unit="id").table("sex", where="sex <> 'over' AND \"sex\" = 'max('")
    assert table.released()["value"][0] == 20


# Misuse


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"rows": "sx"}, UnknownColumnError, 'Did you mean "sex"'),
        ({"rows": "sex", "columns": "sex"}, DeclarationError, "twice"),
        ({"rows": []}, DeclarationError, "at least one dimension"),
        ({"rows": "id"}, UnusableTableError, "single people"),
        ({"rows": "value"}, UnusableTableError, "rename"),
        ({"rows": "list"}, UnusableTableError, "plain labels"),
        ({"rows": "sex", "statistic": "meen", "of": "x"}, DeclarationError, "mean"),
        ({"rows": "sex", "statistic": "mean"}, DeclarationError, "needs a variable"),
        ({"rows": "sex", "of": "x"}, DeclarationError, "takes no variable"),
        ({"rows": "sex", "statistic": "mean", "of": "group"}, UnusableTableError, "numbers"),
        ({"rows": "sex", "where": "x > 99"}, EmptyTableError, "no rows"),
        ({"rows": "sex", "statistic": "mean", "of": "none"}, EmptyTableError, "missing"),
        ({"rows": "sex", "structural_zeros": [{"sx": "F"}]}, UnknownColumnError, "dimension"),
        ({"rows": "sex", "structural_zeros": [{"sex": "Q"}]}, UnknownColumnError, "category"),
        ({"rows": "sex", "structural_zeros": [{"sex": "F"}]}, UnusableTableError, "people in it"),
        ({"rows": "sex", "policy": "sers"}, OutputCheckError, 'Did you mean "srs"'),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(arguments, error, says):
    frame = pl.DataFrame(
        {
            "id": range(20),
            "sex": ["F"] * 20,
            "group": ["a"] * 20,
            "value": [1] * 20,
            "x": [1.0] * 20,
            "none": [None] * 20,
            "list": [[1]] * 20,
        },
        schema_overrides={"none": pl.Float64},
    )
    with pytest.raises(error, match=says):
        Data.read(frame, unit="id").table(**arguments)


def test_an_empty_table_says_so():
    empty = pl.DataFrame({"id": [], "sex": []}, schema={"id": pl.Int64, "sex": pl.String})
    with pytest.raises(EmptyTableError, match="no rows"):
        Data.read(empty, unit="id").table("sex")


def test_too_many_labels_are_refused(monkeypatch):
    monkeypatch.setattr(placing, "MOST_CELLS", 100)
    frame = pl.DataFrame({"id": range(200), "a": range(200)})
    with pytest.raises(UnusableTableError, match="201 cells"):
        Data.read(frame, unit="id").table("a")


def test_a_missing_unit_is_refused():
    frame = pl.DataFrame({"id": [1, None, None], "sex": ["F"] * 3})
    with pytest.raises(UnreadableDataError, match="2 rows"):
        Data.read(frame, unit="id").table("sex")
    with pytest.raises(UnknownColumnError, match="unit"):
        Data.read(frame, unit="idd")


# Sources


def test_every_source_gives_the_same_table(tmp_path):
    frame = pl.DataFrame({"id": [f"0{i}" for i in range(40)], "g": [1] * 20 + [2] * 20})
    frame.write_csv(tmp_path / "people.csv")
    frame.write_parquet(tmp_path / "people.parquet")
    pandas = pd.DataFrame(frame.to_dict(as_series=False))
    sources = (
        frame,
        frame.lazy(),
        pandas,
        tmp_path / "people.csv",
        str(tmp_path / "people.parquet"),
    )
    texts = {Data.read(source, unit="id").table("g").to_csv() for source in sources}
    assert texts == {"g,value\n1,20\n2,20\nTotal,40\n"}
    assert Data.read(tmp_path / "people.csv", unit="id").name == "people"


def test_units_in_a_csv_are_texts(tmp_path):
    rows = [f"{'0' * (i % 2)}7{i // 2},a" for i in range(40)]
    (tmp_path / "d.csv").write_text("id,g\n" + "\n".join(rows))
    assert Data.read(tmp_path / "d.csv", unit="id").table("g").released()["value"][0] == 40


def test_unreadable_sources_are_refused(tmp_path):
    for name, content in {
        "cut.parquet": b"PAR1....",
        "d.txt": b"x",
        "bad.csv": b"a,b\n1,2,3\n\xff\xfe",
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableDataError):
            Data.read(tmp_path / name, unit=None).table("a")
    mixed, imaginary = pd.DataFrame({"a": [object(), {1}]}), pd.DataFrame({"a": [1j]})
    for source in (tmp_path / "none.csv", 7, mixed, imaginary):
        with pytest.raises(UnreadableDataError):
            Data.read(source, unit=None)


def test_a_csv_that_breaks_late_is_refused(tmp_path):
    (tmp_path / "late.csv").write_text("id,g\n" + "1,2\n" * 10 + '"3,4\n')
    with pytest.raises(OutputCheckError):
        Data.read(tmp_path / "late.csv", unit="id").table("g")


def test_a_parquet_cut_short_while_it_is_read_is_refused(tmp_path):
    file = tmp_path / "people.parquet"
    pl.DataFrame({"id": range(1000), "g": [str(i % 3) for i in range(1000)]}).write_parquet(file)
    read = Data.read(file, unit="id")
    content = file.read_bytes()
    file.write_bytes(content[:4] + b"\0" * 2000 + content[2004:])
    with pytest.raises(UnreadableDataError):
        read.table("g")
