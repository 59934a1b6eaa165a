"""Whose records are around a median or percentile, and how bad that is by each policy."""

from dataclasses import replace

import polars as pl
import pytest

from output_checks import Data, Policy
from output_checks.policy import NEVER
from output_checks.words import Verdict
from tests.output_checks.made_grid import made_grid, said

FEW = {"records_with_value": 150, "records_around": 100}


def around(first, second):
    return FEW | {"most_records_around": first, "second_most_records_around": second}


def with_changes(**changes):
    return replace(Policy.named("srs"), name="made up", **changes)


@pytest.mark.parametrize(
    ("first", "second", "policy", "expected"),
    [
        (50, 1, "srs", ["fail a"]),  # half
        (49, 1, "srs", []),  # 49 of the 99 that the second leaves
        (49, 2, "srs", ["review a"]),  # 49 of 98
        (34, 32, "srs", ["review a"]),  # 34 of 68
        (34, 31, "srs", []),  # 34 of 69
        (45, 44.9, "srs", ["review a"]),  # together 89.9 %
        (45, 45, "srs", ["fail a"]),  # 90 %
        (35, 31.9, "abs", ["review a"]),  # 66.9 %
        (35, 32, "abs", ["fail a"]),  # 67 %
        (10, 10, "srs", []),  # ten people with a tenth each
    ],
)
def test_how_much_one_and_two_people_may_have(first, second, policy, expected):
    assert said(made_grid("median", [around(first, second)]), "positions", policy) == expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (Verdict.PASS, []),
        (Verdict.REVIEW, ["review a", "review b", "review c"]),
        (Verdict.FAIL, ["fail a", "fail b", "review c"]),
    ],
)
def test_nothing_is_worse_than_a_policy_says_of_positions(positions, expected):
    grid = made_grid("p25", [around(60, 10), around(48, 45), around(40, 20)])
    assert said(grid, "positions", with_changes(positions=positions)) == expected


def test_a_policy_without_shares_of_two_still_asks_what_the_second_can_tell():
    never = with_changes(dominance_2_review=NEVER, dominance_2_fail=NEVER)
    grid = made_grid("median", [around(49, 49), around(10, 10)])
    assert said(grid, "positions", never) == ["review a"]


def test_where_it_is_not_known_it_is_found():
    assert said(made_grid("median", [{"records_with_value": 150}]), "positions") == ["fail a"]
    assert said(made_grid("median", [{}]), "positions") == []  # each record is a person


def table_of(rows, statistic="median"):
    frame = pl.DataFrame(rows, schema=["id", "x"], orient="row").with_columns(g=pl.lit("a"))
    return Data.read(frame, unit="id").table("g", statistic=statistic, of="x", margins=False)


def others(first, count, each=1):
    return [(f"{first} {who}", first + who) for who in range(count) for _ in range(each)]


@pytest.mark.parametrize("statistic", ["median", "p25", "p75"])
def test_people_with_one_record_each_are_never_found(statistic):
    tied = [(f"p{who}", who // 15) for who in range(300)]
    apart = [(f"p{who}", who) for who in range(60)]
    for rows in (tied, apart, [*apart, ("p0", 0)]):  # and one with two records
        assert table_of(rows, statistic).report().verdict == "pass"


def test_heavy_people_far_from_a_position_are_not_found():
    """The p75 is among those with one record; the 60 of p0 are all below it."""
    rows = [("p0", 0)] * 60 + others(100, 200)
    assert table_of(rows, "p75").report().verdict == "pass"
    assert table_of([("p0", 150)] * 60 + others(100, 100), "median").report().verdict == "fail"


def test_a_value_that_most_people_have_is_not_that_of_who_has_most_records():
    """p0 has 30 of the 130 records of 5, and as large a part of those around the median."""
    rows = [("p0", 5)] * 30 + [(f"q{who}", 5) for who in range(100)] + others(10, 20)
    table = table_of(rows)
    row = table.cells.row(0, named=True)
    assert row["most_records_around"] == pytest.approx(row["records_around"] * 30 / 130)
    assert table.report().verdict == "pass"
