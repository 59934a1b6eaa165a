"""Variables of three values: a count, a mean and a spread tell how many people have each."""

import polars as pl
import pytest

from output_checks import Data
from tests.output_checks.drawing import valued

SCORES = {
    "a": [0.0] * 20 + [1.0] * 15 + [2.0] * 3,
    "b": [0.0] * 20 + [1.0] * 20,
    "c": [0.0] * 30 + [1.0] * 30 + [2.0] * 30,
    "d": [0.0] * 25 + [1.0] * 25 + [2.0] * 25,
}
EACH = ("units_with_lowest", "units_with_middle", "units_with_highest")


def each_of(table):
    return {row[0]: row[1:] for row in table.grids[-1].frame.select("group", *EACH).rows()}


def test_how_many_have_each_of_three_values_is_counted():
    table = valued(SCORES).table("group", statistic=["mean", "std"], of="x")
    assert each_of(table) == {
        "a": (20, 15, 3),
        "b": (20, 20, 0),
        "c": (30, 30, 30),
        "d": (25, 25, 25),
        "Total": (95, 90, 58),
    }


@pytest.mark.parametrize("added", [[], [3.0]])
def test_of_two_values_and_of_four_nothing_is_counted(added):
    scores = {"a": [0.0] * 20 + [1.0] * 15 + [2.0 * bool(added), *added], "b": [1.0] * 20 + [0.0]}
    table = valued(scores).table("group", statistic=["mean", "std"], of="x")
    assert set(each_of(table).values()) == {(None, None, None)}


def test_cells_of_three_values_in_a_table_of_more_are_not_counted():
    table = valued(SCORES | {"e": [3.0, 4.0, 5.0] * 10}).table("group", statistic="std", of="x")
    assert each_of(table)["a"] == (None, None, None)


def test_people_without_a_value_have_none_of_them():
    scores = {name: [*some, None, None] for name, some in SCORES.items()}
    assert each_of(valued(scores).table("group", statistic="std", of="x"))["a"] == (20, 15, 3)


def test_who_has_several_records_is_counted_once_for_each_value():
    frame = valued(SCORES).frame.collect()
    table = Data.read(pl.concat([frame, frame]), unit="id").table(
        "group", statistic=["mean", "std"], of="x"
    )
    assert each_of(table)["a"] == (20, 15, 3)


def withheld(table):
    return set(table.released().filter(pl.col("mean").is_null())["group"])


def test_a_withheld_number_of_people_with_one_of_three_values_stays_unknown():
    table = valued(SCORES).table("group", statistic=["count", "mean", "std"], of="x")
    (found,) = table.report().findings
    assert (found.rule, found.cells) == ("few_values", ({"group": "a"},))
    # a and b together have 58 - 30 - 25 = 3 of the value 2, so that a alone with b is no use:
    # nobody of b need have it. With d, or c, it is 3 + 25 of 28.
    assert withheld(table.protect("suppress")) == {"a", "d"}


def test_without_a_mean_beside_it_a_spread_does_not_tell_them():
    table = valued(SCORES | {"a": [0.0] * 2 + [1.0] * 3 + [2.0] * 3}).table(
        "group", statistic=["count", "std"], of="x"
    )
    held = table.protect("suppress").released().filter(pl.col("std").is_null())["group"]
    assert set(held) == {"a", "b"}  # 8 people and 40, the fewest
