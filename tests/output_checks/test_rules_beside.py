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
        (["count", "mean", "std"], {}, ["review"]),
        (["count", "std"], {}, ["review"]),
        # a ratio to y = 1 is the mean
        (["count", "ratio"], {"per": "one"}, ["review"]),
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
        (["count", "mean"], ["fail"]),
        (["count", "proportion"], ["fail"]),
        (["count", "var"], ["review"]),
        (["mean", "proportion"], []),
        (["count", "mean", "proportion"], ["fail"]),
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


def test_a_proportion_with_all_its_digits_tells_who_has_no_value():
    """98 people and a share of 18/97: of 89 to 98 people only 97 have such a share."""
    share = 18 / 97
    fits = [n for n in range(89, 99) if abs(share * n - round(share * n)) < 1e-9]
    assert fits == [97]
    rows = [{"id": i, "g": "A", "s": None if i == 0 else i <= 18} for i in range(98)]
    rows += [{"id": i, "g": "B", "s": i % 2 == 0} for i in range(98, 200)]
    made = Data.read(pl.DataFrame(rows), unit="id").table(
        "g", statistic=["count", "proportion"], of="s", policy="ukllc", margins=False
    )
    (one,) = [one for one in made.report().findings if one.rule == "without_value"]
    assert (one.severity, one.cells) == (Verdict.FAIL, ({"g": "A"},))
    assert "tells that 1 person has no value" in one.message


def test_few_people_with_a_value_fail_too():
    rows = [{"id": i, "g": "A", "s": i % 2 == 0 if i < 7 else None} for i in range(98)]
    made = Data.read(pl.DataFrame(rows), unit="id").table(
        "g", statistic=["count", "proportion"], of="s", margins=False
    )
    (one,) = [one for one in made.report().findings if one.rule == "threshold"]
    assert one.severity is Verdict.FAIL


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
