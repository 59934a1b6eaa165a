"""Weighted tables: people who do not count, and people who count for all others."""

import polars as pl
import pytest

from output_checks import Data, UnreadableDataError, UnusableTableError
from output_checks.cli import run

MANY = 40


def table(weights, **asked):
    frame = pl.DataFrame(
        {
            "id": range(len(weights) + MANY),
            "group": ["a"] * len(weights) + ["b"] * MANY,
            "ill": [i % 2 == 0 for i in range(len(weights) + MANY)],
            "w": [float(one) for one in weights] + [1.0] * MANY,
        }
    )
    return Data.read(frame, unit="id").table("group", weight="w", **asked)


def found(made):
    return [
        (finding.cells[0]["group"], str(finding.severity))
        for finding in made.report().findings
        if finding.rule == "weights" and finding.cells[0]["group"] == "a"
    ]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1.0] * 20, []),
        ([1.0] * 10 + [0.0] * 10, []),
        ([1.0] * 9 + [0.0] * 11, [("a", "fail")]),
        ([1.0] + [0.0] * 99, [("a", "fail")]),
        ([0.0] * 20, [("a", "review")]),
        # one has 10,000 of 10,099: more than half alone, and with the next more than 90 %
        ([10_000.0] + [1.0] * 99, [("a", "review"), ("a", "fail")]),
        # one has 19 of 38: just half
        ([19.0] + [1.0] * 19, [("a", "review")]),
        ([18.0] + [1.0] * 19, []),
    ],
)
@pytest.mark.parametrize("asked", [{}, {"statistic": "proportion", "of": "ill"}])
def test_a_weighted_cell_is_that_of_the_people_who_weigh_in_it(weights, expected, asked):
    assert found(table(weights, **asked)) == expected


def test_the_weights_behind_a_cell_are_counted_by_person():
    frame = pl.DataFrame(
        {"id": [1, 1, 2, 3], "group": ["a", "a", "a", "b"], "w": [5.0, 5.0, 2.0, 0.0]}
    )
    cells = Data.read(frame, unit="id").table("group", weight="w").cells
    columns = ("weight", "weighing_units", "largest_weight", "second_largest_weight")
    assert cells.select(columns).rows() == [
        (7.0, 2, 5.0, 2.0),
        (0.0, 0, 0.0, 0.0),
        (7.0, 2, 5.0, 2.0),
    ]


def test_a_unit_that_is_not_a_number_is_nobody():
    frame = pl.DataFrame({"id": [1.0, float("nan"), 2.0], "group": ["a", "a", "b"]})
    with pytest.raises(UnreadableDataError, match="missing in 1 row"):
        Data.read(frame, unit="id").table("group")


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (-1.0, "negative or infinite"),
        (float("inf"), "negative or infinite"),
        (float("-inf"), "negative or infinite"),
        (None, "missing in 1 rows"),
        (float("nan"), "missing in 1 rows"),
    ],
)
def test_what_is_no_weight_is_refused_in_words(weight, words, tmp_path, capsys):
    weights = [weight] + [1.0] * 39
    frame = pl.DataFrame({"id": range(40), "group": ["a", "b"] * 20, "w": weights})
    with pytest.raises(UnusableTableError, match=words):
        Data.read(frame, unit="id").table("group", weight="w")
    frame.write_parquet(tmp_path / "people.parquet")
    asked = ["--rows", "group", "--unit", "id", "--weight", "w"]
    assert run(["table", str(tmp_path / "people.parquet"), *asked]) == 3
    assert words in capsys.readouterr().err


def test_the_largest_weights_that_can_be_added_do_not_overflow():
    cells = [("a", "review"), ("a", "fail")]
    assert found(table([1e304] + [1.0] * 19)) == cells


@pytest.mark.parametrize("statistic", ["mean", "proportion"])
@pytest.mark.parametrize(
    ("heavy", "expected"),
    [
        # of those with a value one weighs 100 of 119: alone more than half
        (True, [("a", "review")]),
        # whoever weighs 1,000 has no value: the 20 with one weigh the same
        (None, []),
    ],
)
def test_who_has_no_value_weighs_nothing_in_a_mean_or_proportion(statistic, heavy, expected):
    frame = pl.DataFrame(
        {
            "id": range(60),
            "group": ["a"] * 20 + ["b"] * 40,
            "ill": pl.Series([heavy, *[True, False] * 29, True], dtype=pl.Boolean),
            "w": [100.0] + [1.0] * 59,
        }
    )
    if heavy is None:
        frame = frame.with_columns(w=pl.when(pl.col("id") == 0).then(1000.0).otherwise(1.0))
    made = Data.read(frame, unit="id").table("group", weight="w", statistic=statistic, of="ill")
    assert sorted(found(made)) == expected


def test_few_who_weigh_among_those_with_a_value_are_found():
    frame = pl.DataFrame(
        {
            "id": range(60),
            "group": ["a"] * 60,
            "x": [float(one) for one in range(20)] + [None] * 40,
            "w": [1.0] * 5 + [0.0] * 15 + [1.0] * 40,
        }
    )
    made = Data.read(frame, unit="id").table("group", weight="w", statistic="mean", of="x")
    # 20 people have a value, and 45 a weight, but only 5 have both.
    assert found(made) == [("a", "fail")]
    assert made.cells["weighing_units"].to_list() == [5, 5]
    assert made.cells["weight"].to_list() == [5.0, 5.0]


@pytest.mark.parametrize(
    ("ill", "weights", "expected"),
    [
        # ill: 20, of whom 2 have a weight; not ill: 40 with one
        ([True] * 20 + [False] * 40, [1.0] * 2 + [0.0] * 18 + [1.0] * 40, (2, 42)),
        # one of the 20 with a value has a weight, and 40 without a value have one
        ([True] * 10 + [False] * 10 + [None] * 40, [1.0] + [0.0] * 19 + [1.0] * 40, (1, 1)),
        ([True] * 20 + [False] * 40, [1.0] * 60, (20, 60)),
    ],
)
def test_behind_a_weighted_proportion_are_the_people_who_weigh(ill, weights, expected):
    frame = pl.DataFrame({"id": range(60), "group": ["a"] * 60, "ill": ill, "w": weights})
    data = Data.read(frame, unit="id")
    cells = data.table("group", statistic="proportion", of="ill", weight="w").cells
    assert cells.select("numerator_units", "denominator_units").row(0) == expected


def test_a_ratio_beside_a_mean_does_not_make_its_variable_a_code():
    frame = pl.DataFrame({"id": range(40), "g": ["a"] * 40, "x": [1.0, 2.0] * 20, "y": [2.0] * 40})
    table = Data.read(frame, unit="id").table("g", statistic=["mean", "ratio"], of="x", per="y")
    mean, ratio = table.grids
    assert mean.frame["numerator_units"].to_list() == [None, None]
    assert ratio.frame["numerator_units"].to_list() == [40, 40]


def test_somebody_with_records_of_both_codes_has_both():
    # p0 to p2 have 2 in one of their two records, and all 40 have 1
    rows = [(i, 1.0) for i in range(40)] + [(i, 2.0 if i < 3 else 1.0) for i in range(40)]
    frame = pl.DataFrame(rows, schema=["id", "x"], orient="row").with_columns(g=pl.lit("a"))
    table = Data.read(frame, unit="id").table("g", statistic="mean", of="x", margins=False)
    said = [one.message for one in table.report().findings if one.rule == "contributors"]
    assert said == [
        "Of 40 people with a value, 40 have the lower of the two values and 3 the higher; the "
        "policy asks for at least 10.",
        "92 % of the people in the cell have the lower of the two values, and the others one "
        "other.",
    ]


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
def test_the_scale_of_the_weights_changes_nothing_of_a_withheld_mean(scale):
    """Grossing weights made a safe interval look narrow, and small ones a narrow one wide."""
    rows = [(a, b) for a in "ABC" for b in "pqr" for _ in range(4 if (a, b) == ("A", "p") else 40)]
    frame = pl.DataFrame(rows, schema=["a", "b"], orient="row").with_row_index("id")
    frame = frame.with_columns(x=(pl.col("id") * 37 % 61).cast(pl.Float64), w=pl.lit(scale))
    asked = Data.read(frame, unit="id").table("a", "b", statistic="mean", of="x", weight="w")
    made = asked.protect("suppress")
    assert made.report().verdict == "pass", made.report().findings
    plain = Data.read(frame, unit="id").table("a", "b", statistic="mean", of="x")
    hidden = made.grids[0].frame["withheld"].to_list()
    assert hidden == plain.protect("suppress").grids[0].frame["withheld"].to_list()
