"""What a reader can tell of a withheld mean: of a sum and of a number of people it is."""

import polars as pl
import pytest

from output_checks import Data
from tests.output_checks.drawing import valued

TWO_SMALL = {
    "a": [10.0, 12, 14, 16, 18],  # 70
    "b": [10.0, 12, 14, 16, 18, 20],  # 90
    "c": [20.0 + at % 9 for at in range(40)],
}


def spans(table):
    return {row[0]: row[1:] for row in table.intervals().select("group", "lower", "upper").rows()}


def test_a_withheld_mean_is_any_sum_over_any_number_of_people():
    table = valued(TWO_SMALL).table("group", statistic="mean", of="x").protect("suppress")
    # The two have 160 in 11 people: each 0 to 160 of 1 to 11, if anybody is there. A reader does
    # not know that they are 5 and 6, so that 160 / 5 = 32 is not the most.
    assert spans(table) == dict.fromkeys("ab", (0.0, pytest.approx(160.0)))


def test_below_zero_few_people_are_the_least():
    below = {name: [-one for one in some] for name, some in TWO_SMALL.items()}
    table = valued(below).table("group", statistic="mean", of="x", margins=False)
    assert spans(table.protect("suppress")) == {"a": (None, None), "b": (None, None)}


@pytest.mark.parametrize("by", ["records", "weights"])
def test_what_is_divided_by_is_taken_for_known_where_it_is_no_number_of_people(by):
    frame = valued(TWO_SMALL).frame.collect().with_columns(w=pl.lit(2.0))
    if by == "records":  # everybody is there twice, so that a has 140 in 10 records, both 320
        table = Data.read(pl.concat([frame, frame]), unit="id").table(
            "group", statistic="mean", of="x"
        )
    else:  # 2 · 70 over weights of 10
        table = Data.read(frame, unit="id").table("group", statistic="mean", of="x", weight="w")
    assert spans(table.protect("suppress")) == {
        "a": (0.0, pytest.approx(32.0)),  # 320 / 10
        "b": (0.0, pytest.approx(320 / 12)),
    }


def test_a_mean_of_nothing_is_divided_by_its_records():
    frame = valued(TWO_SMALL | {"d": [0.0, 0, 0]}).frame.collect().with_columns(w=pl.lit(2.0))
    table = Data.read(frame, unit="id").table("group", statistic="mean", of="x", weight="w")
    held = spans(table.protect("suppress"))
    assert held["d"][0] == 0.0
