"""A count beside a weighted count tells of people whose weight is not that of most."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import check_together

CHANCE = np.random.default_rng(3)
SIZE = 240
FRAME = pl.DataFrame(
    {
        "id": range(SIZE),
        "r": [("N", "S")[number % 2] for number in range(SIZE)],
        "design": [2.0 if number % 60 == 1 else 1.0 for number in range(SIZE)],
        "mostly": [
            round(1.5 + number / 300, 3) if number % 16 == 1 else 1.0 for number in range(SIZE)
        ],
        "survey": np.round(CHANCE.uniform(0.5, 2, SIZE), 2),
        "twofold": [2.0] * SIZE,
        "design_of_two": [4.0 if number % 60 == 1 else 2.0 for number in range(SIZE)],
    }
)
DATA = Data.read(FRAME, unit="id", name="p")


def together(weight):
    return check_together({"people": DATA.table("r"), "weighted": DATA.table("r", weight=weight)})


def test_few_of_another_weight_are_told_by_the_count_beside_it():
    # Of the 120 in the south four weigh 2, as they do among all 240: 124 - 120 and 244 - 240.
    found = together("design").findings
    assert [str(one.severity) for one in found] == ["fail", "fail"]
    assert all("4 people add another amount" in one.message for one in found)


def test_what_most_people_weigh_must_be_known_where_it_is_not_one():
    found = together("design_of_two").findings
    assert [str(one.severity) for one in found] == ["review", "review"]


def test_a_weight_by_another_name_is_told_as_the_weight_itself():
    copied = DATA.table("r", weight="x", derive={"x": "design * 1.0"})
    report = check_together([DATA.table("r"), copied])
    assert len(report.findings) == len(together("design").findings)
    assert report.verdict == together("design").verdict


def test_a_released_count_is_asked_as_well():
    report = check_together([DATA.table("r", weight="design")], released=[DATA.table("r")])
    assert {one.rule for one in report.findings} == {"differencing"}


@pytest.mark.parametrize("weight", ["mostly", "survey", "twofold"])
def test_what_many_people_weigh_is_not_told(weight):
    # Fifteen of 120 have another weight than 1; nobody has the same; or everybody has.
    assert together(weight).findings == ()
