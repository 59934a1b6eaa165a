"""Standard deviations and variances: equations about values, alone, together and subtracted."""

from pathlib import Path

import polars as pl
import pytest

from output_checks import Data, Policy, check_together

SHIPPED = Path(__file__).parents[2] / "output_checks" / "policies" / "srs.toml"


@pytest.fixture(scope="module")
def lax(tmp_path_factory):
    """A policy that asks for two people and one degree of freedom, and for nothing else."""
    text = SHIPPED.read_text().replace('name = "srs"', 'name = "lax"')
    for field, value in (
        ("threshold", "1"),
        ("degrees_of_freedom", "1"),
        *((f"dominance_{n}_{word}", '"never"') for n in (1, 2) for word in ("review", "fail")),
        ("p_percent", "0"),
        *((name, '"pass"') for name in ("extremes", "positions", "any_extreme", "zeros")),
        *((f"class_disclosure_{word}", '"never"') for word in ("review", "fail")),
    ):
        before, after = text.split(f"[{field}]\nvalue = ", 1)
        text = f"{before}[{field}]\nvalue = {value}\n{after.split(chr(10), 1)[1]}"
    path = tmp_path_factory.mktemp("policy") / "lax.toml"
    path.write_text(text)
    return Policy.read(path)


def told(number, statistics, policy, of=lambda at: at * at + 1.0):
    """What the rule `spread` says of so many people, beside a group that is large enough."""
    rows = [("a", of(at)) for at in range(number)] + [("b", of(at)) for at in range(40)]
    frame = pl.DataFrame(rows, ["g", "x"], orient="row").with_row_index("id")
    table = Data.read(frame, unit="id").table("g", statistic=statistics, of="x", policy=policy)
    found = [one for one in table.report().findings if one.rule == "spread"]
    assert all(one.severity == "fail" for one in found)
    assert all({"g": "a"} in one.cells for one in found)
    return [one.message for one in found]


@pytest.mark.parametrize(
    ("number", "statistics", "is_found"),
    [
        # One equation: of two people each knows the other's distance.
        (2, ["std"], True),
        (3, ["std"], False),
        # Two: of three people each knows the sum and the squares of the other two.
        (3, ["mean", "std"], True),
        (4, ["mean", "std"], False),
        # A sum beside a mean, or a variance beside a standard deviation, says nothing more.
        (4, ["sum", "mean", "std", "var"], False),
        # Four: with both ends two values are left of four people, and one known of five.
        (5, ["min", "max", "mean", "std"], True),
        (6, ["min", "max", "mean", "std"], False),
        (6, ["min", "median", "max", "mean", "var"], True),
    ],
)
def test_statistics_are_equations_whatever_the_policy_allows(number, statistics, is_found, lax):
    assert bool(told(number, statistics, lax)) == is_found


def test_the_finding_names_the_statistics_that_tell_it(lax):
    assert told(3, ["mean", "std"], lax) == [
        "Of 3 people the mean and the standard deviation together tell every value to whoever "
        "knows one of them."
    ]


def test_degrees_of_freedom_are_asked_for_first():
    (said,) = told(3, ["mean", "std"], "srs")
    assert "2 degrees of freedom" in said


def test_one_far_from_all_others_is_found_in_a_spread_alone():
    # 29 times 5 and once 95: the mean is 8, the squares 29 * 9 = 261 and 87 * 87 = 7569.
    rows = [("a", 5.0)] * 29 + [("a", 95.0)] + [("b", float(at)) for at in range(30)]
    frame = pl.DataFrame(rows, ["g", "x"], orient="row").with_row_index("id")
    report = Data.read(frame, unit="id").table("g", statistic="std", of="x").report()
    assert {"dominance", "p_percent"} <= {one.rule for one in report.findings}


def test_a_spread_of_nothing_tells_that_all_are_equal():
    rows = [("a", 7.0)] * 30 + [("b", float(at)) for at in range(30)]
    frame = pl.DataFrame(rows, ["g", "x"], orient="row").with_row_index("id")
    report = Data.read(frame, unit="id").table("g", statistic="var", of="x").report()
    (found,) = [one for one in report.findings if one.severity == "fail"]
    assert (found.rule, found.cells) == ("all_equal", ({"g": "a"},))


# Two spreads of nearly the same people, or of nearly the same variable


def data():
    frame = pl.DataFrame(
        {"id": range(60), "g": ["a", "b"] * 30, "x": [float(n) for n in range(60)]}
    )
    return Data.read(frame, unit="id")


def both(first, second):
    """The verdict of one table of x and one of x without one person's amount."""
    one = data().table("g", statistic=first, of="x")
    other = data().table(
        "g", statistic=second, of="y", derive={"y": "CASE WHEN x = 7 THEN 0 ELSE x END"}
    )
    return check_together({"one": one, "other": other})


def test_spreads_of_all_but_one_person_fail():
    one = data().table("g", statistic="std", of="x")
    other = data().table("g", statistic="std", of="x", where="x <> 7")
    assert check_together([one, other]).together == "fail"


@pytest.mark.parametrize(
    ("first", "second"),
    [("std", ["mean", "std"]), (["std", "mean"], "var"), (["sum", "var"], ["var"])],
)
def test_with_a_mean_of_either_two_spreads_tell_the_one_who_differs(first, second):
    assert both(first, second).together == "fail"


def test_two_spreads_alone_go_to_a_person_who_is_told_what_to_do():
    report = both("std", "var")
    assert report.together == "review"
    (first, *_) = report.findings
    assert "seen in spreads, which alone do not tell it" in first.message
    assert "Release one of the outputs" in first.remedy
    assert "no mean, sum or spread of either is out" in first.remedy


@pytest.mark.parametrize(("first", "second"), [("mean", "std"), ("var", "sum")])
def test_a_mean_of_the_one_and_a_spread_of_the_other_leave_the_squares_open(first, second):
    # A sum less v, and a variance less v: two unknowns, v and the squares, and one equation.
    report = both(first, second)
    assert report.together == "review"
    assert "no mean, sum or spread of either is out" in report.findings[0].remedy


def test_a_mean_in_a_third_output_tells_what_two_spreads_leave_open():
    less = {"y": "CASE WHEN x = 7 THEN 0 ELSE x END"}
    outputs = {
        "one": data().table("g", statistic="std", of="x"),
        "other": data().table("g", statistic="std", of="y", derive=less),
        "third": data().table("g", statistic="mean", of="x"),
    }
    assert check_together(outputs).together == "fail"


def test_the_order_of_statistics_makes_no_difference():
    verdicts = {both(first, first).together for first in (["std", "mean"], ["mean", "std"])}
    assert verdicts == {"fail"}
