"""Weighted tables: people who do not count, and people who count for all others."""

import polars as pl
import pytest

from output_checks import Data, UnreadableDataError

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
