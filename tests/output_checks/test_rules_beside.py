"""What several statistics of one table let a reader work out."""

import polars as pl
import pytest

from output_checks import Data, Verdict


def data(lacking, records=1, code=False, weight=None):
    """Forty people with 2, 3 or 4 (or 0 and 1), and some without a value."""
    values = [i % 2 if code else 2 + i % 3 for i in range(40)] + [None] * lacking
    frame = pl.DataFrame({"id": range(len(values)), "x": values, "g": "a", "one": 1})
    frame = pl.concat([frame] * records).with_columns(w=pl.lit(weight, dtype=pl.Float64))
    return Data.read(frame, unit="id")


def found(made):
    return [str(one.severity) for one in made.report().findings if one.rule == "without_value"]


@pytest.mark.parametrize(("lacking", "expected"), [(0, []), (1, ["fail"]), (9, ["fail"]), (10, [])])
def test_fewer_than_the_threshold_without_a_value_are_found(lacking, expected):
    made = data(lacking).table("g", statistic=["mean", "count", "sum"], of="x", margins=False)
    assert found(made) == expected


@pytest.mark.parametrize(
    ("statistics", "more", "expected"),
    [
        (["count", "sum"], {}, []),
        (["sum", "mean"], {}, []),
        (["count", "sum", "median"], {}, []),
        (["count", "mean", "std"], {}, []),
        # the sum of y = 1 is the number of people: the sum over the ratio
        (["count", "sum", "ratio"], {"per": "one"}, ["fail"]),
        (["count", "sum", "mean"], {"weight": "w"}, ["fail"]),
    ],
)
def test_which_statistics_tell_it(statistics, more, expected):
    made = data(3, weight=2.0).table("g", statistic=statistics, of="x", margins=False, **more)
    assert found(made) == expected


@pytest.mark.parametrize(
    ("statistics", "expected"),
    [
        (["count", "mean"], []),
        (["count", "mean", "proportion"], []),
        (["count", "sum", "proportion"], ["fail"]),
        (["count", "mean", "std"], ["fail"]),
        (["count", "sum", "var"], ["fail"]),
        (["count", "proportion", "var"], ["fail"]),
        # found once, however many ways there are
        (["count", "sum", "mean", "proportion", "var"], ["fail"]),
    ],
)
def test_which_statistics_of_yes_and_no_tell_it(statistics, expected):
    made = data(3, code=True).table("g", statistic=statistics, of="x", margins=False)
    assert found(made) == expected


def test_a_number_of_records_is_no_number_of_people():
    made = data(3, records=2).table("g", statistic=["count", "sum", "mean"], of="x")
    assert found(made) == []


def test_a_protected_table_does_not_tell_it_any_more():
    frame = pl.DataFrame(
        {
            "id": range(200),
            "g": ["a", "b", "c", "d"] * 50,
            # 3 of the 50 in a, and 20 in each other, have none
            "x": [
                None if i // 4 < (3 if i % 4 == 0 else 20) else float(2 + i % 3) for i in range(200)
            ],
        }
    )
    made = Data.read(frame, unit="id").table("g", statistic=["count", "sum", "mean"], of="x")
    assert found(made) == ["fail"]
    assert made.protect("suppress").report().verdict is Verdict.PASS
