"""Labels of every type: how they are read, in which order they are shown, how they are written."""

import json

import pandas as pd
import polars as pl
import pytest

from output_checks import Data

SIZES = ["small", "medium", "large"]


def sized(labels, **more):
    """Sixty people: 30 small, 20 medium, 10 large, in this order."""
    return pl.DataFrame({"id": range(60), "size": labels, "sex": ["F", "M"] * 30, **more})


def texts(table):
    return table.cells["size"].unique(maintain_order=True).to_list()


LABELS = [SIZES[0]] * 30 + [SIZES[1]] * 20 + [SIZES[2]] * 10


@pytest.mark.parametrize(
    "frame",
    [
        sized(pl.Series(LABELS, dtype=pl.Enum(SIZES))),
        sized(pl.Series(LABELS, dtype=pl.Enum([*SIZES, "huge"]))).lazy(),
        pd.DataFrame(
            {
                "id": range(60),
                "size": pd.Categorical(LABELS, categories=SIZES, ordered=True),
                "sex": ["F", "M"] * 30,
            }
        ),
    ],
)
def test_categories_are_shown_in_their_own_order(frame, tmp_path):
    table = Data.read(frame, unit="id").table("size", "sex")
    assert texts(table) == [*SIZES, "Total"]
    rows = [row["size"] for row in table.report().to_dict()["table"]]
    assert rows[::3] == [*SIZES, "Total"]
    assert [line.split(",")[0] for line in table.to_csv().splitlines()][1::3] == [*SIZES, "Total"]
    page = table._repr_html_()
    assert page.index(">small<") < page.index(">medium<") < page.index(">large<")
    table.write(tmp_path / "t.json")
    kept = json.loads((tmp_path / "t.json").read_text())
    assert [row["size"] for row in kept["table"]][::3] == [*SIZES, "Total"]


def test_an_order_changes_no_verdict_and_no_protection():
    own = Data.read(sized(pl.Series(LABELS, dtype=pl.Enum(SIZES))), unit="id")
    plain = Data.read(sized(LABELS), unit="id")
    left, right = (one.table("size", "sex", where="id < 57") for one in (own, plain))
    assert texts(right) == ["large", "medium", "small", "Total"]
    for one, other in ((left, right), (left.protect("suppress"), right.protect("suppress"))):
        assert one.report().verdict == other.report().verdict
        keys = ["size", "sex"]
        assert one.released().sort(keys).equals(other.released().sort(keys))


def test_merged_categories_stand_where_the_first_of_them_stood():
    data = Data.read(sized(pl.Series(LABELS, dtype=pl.Enum(SIZES))), unit="id")
    merged = data.table("size", merges={"size": {"large": "not small", "medium": "not small"}})
    assert texts(merged) == ["small", "not small", "Total"]


def test_categories_without_an_order_are_sorted():
    unordered = pd.Categorical(LABELS, categories=SIZES)
    frame = pd.DataFrame({"id": range(60), "size": unordered})
    table = Data.read(frame, unit="id").table("size")
    assert texts(table) == ["large", "medium", "small", "Total"]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (pd.cut(pd.Series(range(60)), [-1, 19, 59]), ["(-1, 19]", "(19, 59]"]),
        (pd.cut(pd.Series(range(60)), [9, 59]), ["(9, 59]", "Missing"]),
        (list(pd.period_range("2020-11", periods=3, freq="M")) * 20, None),
        (pd.Categorical([9, 10] * 30, categories=[10, 9], ordered=True), ["10", "9"]),
        (pd.Categorical([9, 10] * 30, ordered=True), ["9", "10"]),
        (pd.Categorical([True, False] * 30, categories=[True, False], ordered=True), None),
        (pd.Categorical(["x", None] * 30, ordered=True), ["x", "Missing"]),
        (pd.Series(["x", pd.NA] * 30, dtype="string"), ["x", "Missing"]),
        (pd.Series([7, pd.NA] * 30, dtype="Int64"), ["7", "Missing"]),
    ],
)
def test_labels_of_pandas(labels, expected):
    frame = pd.DataFrame({"id": range(60), "size": labels})
    shown = texts(Data.read(frame, unit="id").table("size"))
    periods = ["2020-11", "2020-12", "2021-01"]
    first = periods if len(shown) == 4 else ["true", "false"]
    assert shown == [*(expected or first), "Total"]


def test_an_index_with_a_name_is_a_column():
    frame = pd.DataFrame({"id": range(60), "size": LABELS}).set_index("id")
    assert Data.read(frame, unit="id").table("size").cells["units"].to_list() == [10, 20, 30, 60]


def test_a_variable_that_is_also_a_dimension_is_not_merged_with_it():
    # 20 people each with 1, 2 and 3: their sums are 20, 40 and 60
    frame = pl.DataFrame({"id": range(60), "visits": [1, 2, 3] * 20})
    merged = {"visits": {"2": "2 or 3", "3": "2 or 3"}}
    data = Data.read(frame, unit="id")
    for weight in (None, "visits"):
        table = data.table("visits", statistic="sum", of="visits", weight=weight, merges=merged)
        assert table.cells["visits"].to_list() == ["1", "2 or 3", "Total"]
        # weighted by itself: 20 x 1, 20 x 4 + 20 x 9
        assert table.cells["value"].to_list() == ([20, 260, 280] if weight else [20, 100, 120])
