"""The rules at their limits, on grids whose evidence is made by hand."""

import time
from typing import Any

import pytest

from output_checks import Policy, Verdict
from output_checks.grid import Protection
from output_checks.rules import RULES, judge
from output_checks.statistics import Kind, statistic
from tests.output_checks.made_grid import HARMLESS, large_grid, made_grid, said

ONE_OF_EACH_KIND = ("count", "sum", "mean", "std", "median", "max", "mode", "proportion", "ratio")


def with_changes(**changes):
    """srs with other severities."""
    srs = Policy.named("srs")
    values: dict[str, Any] = {name: getattr(srs, name) for name in Policy.__dataclass_fields__}
    values["name"] = "own"
    return Policy(**{**values, **changes})


@pytest.mark.parametrize("name", ONE_OF_EACH_KIND)
def test_a_harmless_cell_passes_whatever_is_shown_of_it(name):
    grid = made_grid(name, [{}, {}], per="y" if name == "ratio" else None)
    assert judge(grid, Policy.named("srs")) == ()


@pytest.mark.parametrize("name", ONE_OF_EACH_KIND)
def test_of_everything_that_a_rule_reads_the_absence_is_found(name):
    kind = statistic(name).kind
    read = {column for rule in RULES.values() for column in rule.reads.get(kind, ())}
    assert {"units", "withheld"} <= read
    for column in sorted(read):
        grid = made_grid(name, [{column: None}, {}], per="y", weight="w")
        findings = judge(grid, Policy.named("srs"))
        assert [(one.rule, one.severity, one.cells) for one in findings] == [
            ("evidence", "fail", ({"group": "a"},))
        ], column
        dropped = grid.frame.drop(column)
        gone = type(grid)(
            dimensions=grid.dimensions,
            margins=False,
            statistic=name,
            frame=dropped,
            of="x",
            per="y",
            weight="w",
        )
        (finding,) = judge(gone, Policy.named("srs"))
        assert finding.cells == ({"group": "a"}, {"group": "b"})
        assert column in finding.message


def test_the_evidence_of_a_variable_may_be_missing_where_nobody_has_a_value():
    nobody = {"units_with_value": 0, "units_at": None, "units_at_or_below": None}
    assert said(made_grid("median", [{}, nobody]), "evidence") == []
    unknown = nobody | {"units_with_value": None}
    assert said(made_grid("median", [{}, unknown]), "evidence") == ["fail b"]


def test_a_weighted_table_must_know_its_weights():
    cells = [{"weight": 50.0}, {"weight": None}]
    assert said(made_grid("count", cells, weight="w"), "evidence") == ["fail b"]
    assert said(made_grid("count", cells), "evidence") == []


@pytest.mark.parametrize(
    ("sharing", "policy", "expected"),
    [
        (1, "srs", ["fail a"]),
        (9, "srs", ["fail a"]),
        (10, "srs", []),  # ten share it
        (10, "opensafely", ["fail a"]),  # none at all
        (7, "hes", ["fail a"]),
        (8, "hes", []),
    ],
)
@pytest.mark.parametrize("name", ["min", "max"])
def test_an_extreme_needs_as_many_people_as_a_count(name, sharing, policy, expected):
    assert said(made_grid(name, [{"units_at": sharing}]), "extremes", policy) == expected


def test_a_policy_may_let_any_extreme_pass_or_have_it_looked_at():
    lone = made_grid("max", [{"units_at": 1}, {"units_at": 40}])
    assert said(lone, "extremes", with_changes(extremes=Verdict.PASS)) == []
    looked = with_changes(extremes=Verdict.PASS, any_extreme=Verdict.REVIEW)
    assert said(lone, "extremes", looked) == ["review a", "review b"]


def test_a_percentile_is_no_extreme_and_an_extreme_no_percentile():
    for name, rule in (("p99", "extremes"), ("max", "positions"), ("min", "positions")):
        few = made_grid(name, [{"units_at": 1, "units_at_or_above": 1, "units_at_or_below": 1}])
        assert said(few, rule) == []


@pytest.mark.parametrize(
    ("at", "below", "above", "expected"),
    [
        (0, 10, 10, []),  # between two people: ten on either side
        (0, 9, 11, ["fail a"]),
        (1, 11, 11, []),  # one person's value: ten others on either side
        (1, 10, 30, ["fail a"]),
        (1, 30, 10, ["fail a"]),
        (2, 10, 30, []),  # two share it: they count on both sides
        (12, 12, 12, []),
    ],
)
def test_a_single_person_in_the_middle_counts_on_no_side(at, below, above, expected):
    cell = {"units_at": at, "units_at_or_below": below, "units_at_or_above": above}
    assert said(made_grid("median", [cell]), "positions") == expected


def test_the_message_says_which_side_is_thin():
    thin = {"units_at": 1, "units_at_or_below": 60, "units_at_or_above": 2}
    (finding,) = RULES["positions"].find(made_grid("p95", [thin]), Policy.named("srs"))
    assert finding.message == (
        "Only 1 person is at or above the p95, not counting the one whose value it is; the policy "
        "asks for at least 10 on each side."
    )


@pytest.mark.parametrize(
    ("having", "of", "policy", "expected"),
    [
        (9, 40, "srs", ["fail a"]),
        (10, 40, "srs", []),
        (36, 40, "srs", ["review a"]),  # 90 %
        (35, 40, "srs", []),  # 87.5 %
        (36, 40, "eurostat", ["fail a"]),
        (40, 40, "srs", ["fail a"]),
        (9, 9, "srs", ["fail a", "fail a"]),  # too few, and all of them
    ],
)
def test_a_mode_is_that_of_enough_and_not_of_all(having, of, policy, expected):
    cell = {"units_in_mode": having, "units_with_value": of}
    assert said(made_grid("mode", [cell]), "mode", policy) == expected


@pytest.mark.parametrize(
    ("having", "base", "expected"),
    [
        (9, 100, ["fail a", "review a"]),  # 9 are few, and 91 % are the others
        (10, 100, ["review a"]),
        (11, 100, []),
        (50, 59, ["fail a"]),  # the rest is 9
        (89, 100, []),
        (90, 100, ["review a"]),
        (0, 100, ["fail a"]),  # nobody: a zero, and all are the others
        (100, 100, ["fail a"]),
        (5, 9, ["fail a"]),  # 4 and 5
        (0, 0, []),  # nobody at all is for zeros
    ],
)
def test_a_proportion_is_judged_on_both_sides(having, base, expected):
    cell = {"numerator_units": having, "denominator_units": base}
    assert said(made_grid("proportion", [cell]), "proportions") == expected


def test_none_of_a_proportion_is_at_least_as_bad_as_a_zero():
    cell = {"numerator_units": 0, "denominator_units": 100}
    never = with_changes(class_disclosure_fail=float("inf"), class_disclosure_review=float("inf"))
    assert said(made_grid("proportion", [cell]), "proportions", never) == ["review a"]
    assert said(made_grid("proportion", [cell | {"structural_zero": True}]), "proportions") == []


@pytest.mark.parametrize(
    ("having", "base", "expected"),
    [
        (9, 100, ["fail a"]),
        (10, 100, []),
        (95, 100, ["fail a"]),  # five have none
        (100, 100, []),  # everybody has some
        (0, 100, []),  # nobody has: all_equal
        (3, 0, []),  # divided by nobody
    ],
)
def test_a_ratio_needs_enough_people_with_and_without(having, base, expected):
    cell = {"numerator_units": having, "denominator_units": base}
    assert said(made_grid("ratio", [cell], per="y"), "ratios") == expected


@pytest.mark.parametrize(
    ("name", "having", "amounts", "expected"),
    [
        # various amounts: only who has any
        ("sum", 9, 15.0, ["fail a"]),
        ("mean", 10, 15.0, []),
        ("sum", 95, 150.0, []),
        ("sum", 0, 0.0, []),  # nobody has: all_equal
        # a standard deviation of various amounts tells nobody how many have any
        ("std", 9, 15.0, []),
        # everybody who has any has 2: as good as yes and no
        ("std", 9, 18.0, ["fail a", "review a"]),
        ("var", 11, 22.0, []),  # 89 % have 0
        ("mean", 10, 20.0, ["review a"]),  # 90 % have 0
        ("mean", 90, 180.0, ["review a"]),  # 90 % have 2
        ("mean", 91, 182.0, ["fail a", "review a"]),  # nine have 0
        ("sum", 50, 100.0, []),
        ("sum", 100, 200.0, []),  # everybody has 2: all_equal
    ],
)
def test_a_sum_needs_enough_people_who_make_it(name, having, amounts, expected):
    cell = {"positive": having, "negative": 0, "total_absolute": amounts, "numerator_units": None}
    assert said(made_grid(name, [cell]), "contributors") == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ({"all_equal": True, "per_all_equal": True}, ["fail a"]),
        ({"all_equal": True}, []),
        ({"per_all_equal": True}, []),
        ({"numerator_units": 0}, ["fail a"]),
        # no value, since all that they have to divide by is 0
        ({"numerator_units": 0, "denominator_units": 0}, ["fail a"]),
    ],
)
def test_a_ratio_tells_equal_values_where_both_parts_are_equal(cell, expected):
    assert said(made_grid("rate", [cell], per="y"), "all_equal") == expected


def test_both_parts_of_a_ratio_may_be_dominated():
    # 80 of 100 on top, 60 of 100 below; the rest hides each of them.
    cell = {"largest": 80.0, "second_largest": 1.0, "total_absolute": 100.0}
    below = {"per_largest": 60.0, "per_second_largest": 1.0, "per_total_absolute": 100.0}
    grid = made_grid("ratio", [cell, below], per="y")
    messages = [one.message for one in RULES["dominance"].find(grid, Policy.named("srs"))]
    assert messages == [
        "The largest contributor makes up 80 % of the numerator.",
        "The largest contributor makes up 60 % of the denominator.",
    ]
    near = {"per_largest": 95.0, "per_second_largest": 4.0, "per_total_absolute": 100.0}
    assert said(made_grid("ratio", [near], per="y"), "p_percent") == ["fail a"]


@pytest.mark.parametrize(("people", "expected"), [(1, ["fail a"]), (10, ["fail a"]), (11, [])])
def test_a_spread_needs_ten_degrees_of_freedom(people, expected):
    assert said(made_grid("var", [{"units_with_value": people}]), "spread") == expected
    assert said(made_grid("std", [{"units_with_value": 0}]), "spread") == []


def test_the_base_of_a_proportion_and_of_a_ratio_is_their_threshold():
    few = [{"denominator_units": 9}, {"denominator_units": 10}]
    for name, words in (("proportion", "is a share of 9 people"), ("rate", "amounts of 9 people")):
        grid = made_grid(name, few, per="y")
        (finding,) = RULES["threshold"].find(grid, Policy.named("srs"))
        assert finding.cells == ({"group": "a"},)
        assert words in finding.message


def test_people_without_weight_are_reviewed_in_weighted_tables_only():
    nobody = {"weight": 0.0, "weighing_units": 0}
    cells = [nobody, nobody | {"units": 0}, {"weighing_units": 9}, {"weighing_units": 10}]
    assert said(made_grid("count", cells, weight="w"), "weights") == ["review a", "fail c"]
    assert said(made_grid("count", [{"weight": None}]), "weights") == []


def test_withheld_cells_are_not_judged_by_what_is_behind_them():
    bad = {
        "units": 1,
        "units_with_value": 1,
        "denominator_units": 1,
        "numerator_units": 1,
        "units_in_mode": 1,
        "units_at": 1,
        "units_at_or_below": 1,
        "units_at_or_above": 1,
        "all_equal": True,
        "negative": 1,
        "largest": 200.0,
        "withheld": True,
        "value": None,
    }
    for name in ONE_OF_EACH_KIND:
        grid = made_grid(name, [bad, {}, {}], per="y")
        assert judge(grid, Policy.named("srs")) == (), name


def test_a_weighted_count_must_be_rounded_too():
    cells = [{"value": 12.5}, {"value": 15.0}, {"value": None}, {"value": 0.0}]
    exact = made_grid("count", cells, weight="w")
    assert said(exact, "rounding", "hes") == ["fail a b"]
    rounded = made_grid("count", cells, protection=Protection(method="round", options={"base": 5}))
    assert said(rounded, "rounding", "hes") == ["fail a"]
    assert said(exact, "rounding", "srs") == []


def test_a_rounded_cell_is_judged_by_what_a_reader_can_tell_of_it():
    rounding = Protection(method="round", options={"base": 5})
    cells = [
        {"units": 4, "lower": 3.0, "upper": 7.0},  # certainly small
        {"units": 9, "lower": 8.0, "upper": 12.0},  # perhaps, in too narrow a span
        {"units": 4, "lower": 0.0, "upper": 9.0},  # anything small
        {"units": 4, "lower": 3.0, "upper": None},  # anything from 3
        {"units": 40, "lower": 38.0, "upper": 42.0},
    ]
    grid = made_grid("count", cells, protection=rounding)
    assert said(grid, "threshold") == ["fail a", "review b"]


def test_a_withheld_sum_needs_an_interval_as_wide_as_its_largest_contribution():
    hidden = {"withheld": True, "value": None, "largest": 20.0}
    cells = [
        hidden | {"lower": 209.0, "upper": 229.0},
        hidden | {"lower": 209.0, "upper": 228.0},
        hidden | {"lower": None, "upper": 228.0},
        hidden | {"lower": 5.0, "upper": 5.0, "largest": 0.0},  # pinned, of nothing
        hidden | {"lower": 0.0, "upper": 0.0, "largest": 0.0, "records_with_value": 0},
    ]
    assert said(made_grid("sum", cells), "withheld_cells") == ["fail b", "fail d"]
    # a mean of 100 records moves by a hundredth of a contribution
    mean = [hidden | {"lower": 2.0, "upper": 2.2}, hidden | {"lower": 2.0, "upper": 2.1}]
    assert said(made_grid("mean", mean), "withheld_cells") == ["fail b"]
    assert said(made_grid("median", mean), "withheld_cells") == []


def test_people_of_withheld_cells_must_stay_unknown_in_every_statistic():
    hidden = {"withheld": True, "value": None}
    cells = [
        hidden | {"people_lower": 2.0, "people_upper": 9.0},
        hidden | {"people_lower": None, "people_upper": 9.0},
        hidden | {"people_lower": 2.0, "people_upper": None},
        {"people_lower": 5.0, "people_upper": 5.0},
    ]
    for name in ONE_OF_EACH_KIND:
        assert said(made_grid(name, cells, per="y"), "withheld_cells") == ["fail a"], name


@pytest.mark.parametrize("name", ["count", "mean", "median", "ratio"])
def test_ten_thousand_cells_take_less_than_a_second_of_work(name):
    grid = large_grid(name, 100, 100)
    started = time.process_time()
    assert judge(grid, Policy.named("srs"))
    assert time.process_time() - started < 1


def test_every_kind_has_its_rules():
    asked = {kind: {one.name for one in RULES.values() if kind in one.reads} for kind in Kind}
    everywhere = {
        "evidence",
        "unit",
        "threshold",
        "zeros",
        "class_disclosure",
        "withheld_cells",
        "noise",
    }
    amounts = {"contributors", "dominance", "p_percent", "negatives", "all_equal"}
    squares = {"dominance", "p_percent"}
    own = {
        Kind.COUNT: {"weights", "rare_values", "without_value", "several_cells", "rounding"},
        Kind.SUM: {"weights", "rare_values", "rounding", *amounts},
        Kind.MEAN: {"weights", "rare_values", "rounding", "precision", *amounts},
        Kind.SPREAD: {"rounding", "spread", "few_values", "rare_values", "contributors"}
        | {*squares, "all_equal"},
        Kind.POSITION: {"extremes", "positions", "dominance", "all_equal"},
        Kind.MODE: {"mode"},
        Kind.PROPORTION: {"weights", "proportions", "rounding"},
        Kind.RATIO: {"weights", "ratios", "precision", "dominance", "p_percent"}
        | {"rare_values", "negatives", "all_equal"},
    }
    assert asked == {kind: everywhere | own[kind] for kind in Kind}
    read = {name for one in RULES.values() for names in one.reads.values() for name in names}
    assert set(HARMLESS) >= read
