"""Rounding of weighted shares, ratios and means: they tell what their rounded parts tell."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_checks import Data, policies, rebuild
from output_checks.policy import Policy
from output_checks.protect.parts import to_nearest

quick = settings(max_examples=15, deadline=None, derandomize=True)


def people(groups, value=lambda number: 100 + number % 7):
    """(how many, of them ill, the weight of each) of every group."""
    rows = [
        (group, number < ill, float(value(number)), weight)
        for group, (count, ill, weight) in groups.items()
        for number in range(count)
    ]
    frame = pl.DataFrame(rows, ["group", "ill", "x", "w"], orient="row")
    return frame.with_row_index("id").with_columns(y=pl.lit(7.0))


GROUPS = {"a": (20, 8, 1.5), "b": (50, 20, 1.0)}


def table(statistic, groups=None, policy="srs", **asked):
    if statistic != "count" and "of" not in asked:
        asked["of"] = "ill" if statistic == "proportion" else "x"
    data = Data.read(people(groups or GROUPS), unit="id")
    return data.table("group", statistic=statistic, weight="w", policy=policy, **asked)


def values(protected, statistic="value"):
    return dict(protected.released().select("group", statistic).rows())


def test_a_weighted_share_is_that_of_two_rounded_weights():
    # 10 people of a weigh 15, taken up to 2 each: 20. a: 12 of 30 -> 20 of 40; b: 20 of 50 ->
    # 20 of 60; in all 32 of 80 -> 40 of 80. Exactly all three are 0.4.
    rounded = table("proportion").protect("round", base=10)
    assert values(rounded) == {"a": 0.5, "b": 0.333, "Total": 0.5}
    assert (
        "Every proportion is worked out of weighted counts rounded to 20, and shown with 3 "
        "significant figures; where the rounded weighted count is 0 there is none."
    ) in rounded.report().note
    with_amounts = table("proportion").protect("round", base=10, amounts=10)
    # 12 -> 10 of 30; 20 of 50; 32 -> 30 of 80
    assert values(with_amounts) == {"a": 0.333, "b": 0.4, "Total": 0.375}


def test_a_weighted_share_of_the_table_is_that_of_two_rounded_weights():
    frame = people(GROUPS).with_columns(half=pl.col("id") % 2)
    made = Data.read(frame, unit="id").table(
        "group", "half", statistic="proportion", weight="w", within=["group"], times=100
    )
    shown = made.protect("round", base=10, controlled=False).released()
    # a: 10 and 10 people of 1.5: 15 -> 20 of 30 -> 40; b: 25 -> 20 (1.25 times 20) of 50 -> 60
    cells = {(group, half): share for group, half, share in shown.rows()}
    assert cells["a", "0"] == cells["a", "1"] == 50.0
    assert cells["b", "0"] == cells["b", "1"] == 33.3
    assert cells["Total", "0"] == 50.0  # 40 -> 40 of 80


def test_a_weighted_ratio_is_that_of_two_rounded_sums():
    # a: 20 amounts: 2 full sevens 1442 and 100..105 615: 2057, times 1.5 3085.5 -> 3000 of
    # 20 * 1.5 * 7 = 210; 10 people have 70 and at most 8.0 each, the total's 560 / 70: 100: 200
    # b: 50: 7 sevens 5047 + 100: 5147 -> 5000 of 350 -> 400 (3.5 goes up)
    # in all 8232.5 -> 8000 of 560 -> 600
    shown = values(table("ratio", per="y").protect("round", base=10, amounts=1000))
    assert shown == {"a": 15.0, "b": 12.5, "Total": 13.3}
    report = table("ratio", per="y").protect("round", base=10, amounts=1000).report()
    assert "sums rounded to 1,000 and sums of y rounded to 100" in report.note


def test_a_weighted_mean_is_that_of_a_rounded_sum_and_a_rounded_weight():
    # a: 3085.5 -> 3000 of 30 -> 40: 75; b: 5147 -> 5000 of 50 -> 60: 83.3; 8232.5 of 80 -> 100
    shown = values(table("mean").protect("round", base=10, amounts=1000))
    assert shown == {"a": 75.0, "b": 83.3, "Total": 100.0}


def test_weighted_counts_beside_sums_have_a_base_of_their_own():
    both = table(["count", "sum"], of="x").protect("round", base=10, amounts=1000)
    assert values(both, "count") == {"a": 40.0, "b": 60.0, "Total": 80.0}
    assert values(both, "sum") == {"a": 3000.0, "b": 5000.0, "Total": 8000.0}
    assert "Weighted counts are rounded to the nearest 20" in both.report().note
    alone = table("count").protect("round", base=10, amounts=7)
    assert values(alone) == {"a": 28.0, "b": 49.0, "Total": 77.0}  # 30, 50 and 80 in sevens


def test_a_mean_beside_a_share_per_thousand_is_no_thousand_times_as_much():
    data = Data.read(people(GROUPS), unit="id")
    made = data.table("group", statistic=["mean", "ratio"], of="x", per="y", times=1000)
    shown = made.protect("round", base=10, amounts=1000).released()
    assert shown["mean"].to_list() == [100.0, 100.0, 100.0]  # 2000 / 20, 5000 / 50, 7000 / 70
    assert shown["ratio"].to_list()[0] == 20_000.0  # 1000 * 2000 / 100, 140 to the nearest 100


def test_a_base_leaves_open_how_many_of_a_heavy_group_there_are():
    # The 12 of a weigh 40 each and 400 others 1: a base for the usual weight would be 50 or less,
    # and 480 beside 450 and 500 would be 12 people for who knows the weight.
    groups = {"a": (12, 6, 40.0), "b": (400, 200, 1.0)}
    rounded = table("count", groups).protect("round", base=10)
    assert values(rounded)["a"] == 500.0
    assert rounded.declaration.protection["amounts"] == 500.0  # 10 people of 40, taken up


@pytest.mark.parametrize("policy", policies())
@pytest.mark.parametrize(
    ("statistic", "more"),
    [
        ("count", {}),
        ("sum", {}),
        ("mean", {}),
        ("mean", {"of": "ill"}),
        ("sum", {"of": "ill"}),
        ("proportion", {}),
        ("ratio", {"per": "y"}),
        (["count", "proportion"], {"of": "ill"}),
        (["count", "sum", "mean"], {}),
    ],
)
def test_rounded_weighted_figures_pass_under_every_policy(policy, statistic, more):
    groups = {"a": (60, 24, 1.3), "b": (80, 30, 0.8), "c": (70, 40, 21.0)}
    rounded = table(statistic, groups, policy, **more).protect("round")
    assert rounded.report().verdict == "pass", rounded.report().findings
    again = rebuild(rounded.declaration, Data.read(people(groups), unit="id"))
    assert again.released().equals(rounded.released())


def rules(made):
    return {(one.rule, str(one.severity)) for one in made.report().findings}


def test_a_policy_that_rounds_counts_finds_exact_weighted_ones_in_disguise():
    groups = {"a": (60, 24, 1.3), "b": (80, 30, 0.8)}
    # Weighted people with a variable of yes and no, as a count, a sum, a mean and a proportion.
    assert ("rounding", "fail") in rules(table("count", groups, "hes"))
    assert ("rounding", "fail") in rules(table("sum", groups, "hes", of="ill"))
    assert ("rounding", "review") in rules(table("mean", groups, "hes", of="ill"))
    assert ("rounding", "review") in rules(table("proportion", groups, "hes"))
    fine = table("sum", groups, "hes", of="ill").protect("round", amounts=2)
    assert ("rounding", "fail") in rules(fine)  # 5 people of 1.3 are more than 2


def test_weights_that_are_the_same_for_all_hide_no_digit_of_a_mean():
    # 13 and 40 people, of 37 and 111 in all, with one weight or none: 2.846153... is of 13.
    def made(weights):
        amounts = [3] * 11 + [2] * 2 + [3] * 31 + [2] * 9
        frame = pl.DataFrame(
            {
                "id": range(53),
                "group": ["a"] * 13 + ["b"] * 40,
                "x": amounts,
                "w": weights,
                "y": [4.0] * 53,
            }
        )
        return Data.read(frame, unit="id")

    one_weight, others = made([1.3] * 53), made([1.0 + 0.01 * (one % 7) for one in range(53)])
    asked = {"statistic": "mean", "of": "x", "policy": "hes"}
    assert ("precision", "review") in rules(one_weight.table("group", **asked))
    assert ("precision", "review") in rules(one_weight.table("group", weight="w", **asked))
    assert ("precision", "review") not in rules(others.table("group", weight="w", **asked))
    ratio = asked | {"statistic": "ratio", "per": "y"}
    assert ("precision", "review") in rules(one_weight.table("group", **ratio))
    assert ("precision", "review") in rules(one_weight.table("group", weight="w", **ratio))
    assert ("precision", "review") not in rules(others.table("group", weight="w", **ratio))
    for told in (asked, ratio):
        rounded = one_weight.table("group", weight="w", **told).protect("round")
        assert not {one for one in rules(rounded) if one[0] == "precision"}


@quick
@given(
    seed=st.integers(0, 10_000),
    span=st.sampled_from([(0.8, 1.3), (0.1, 40.0)]),
    statistic=st.sampled_from(["proportion", "mean", "ratio"]),
)
def test_what_has_the_same_rounded_parts_is_shown_as_the_same(seed, span, statistic):
    """Whoever has the rounded parts knows the figure: nothing exact is left in it."""
    chance = np.random.default_rng(seed)
    size, low, high = 240, *span
    frame = pl.DataFrame(
        {
            "id": range(size),
            "group": chance.choice(["a", "b", "c"], size),
            "ill": chance.random(size) < 0.4,
            "x": np.round(chance.gamma(2.0, 500.0, size), 2),
            "y": chance.integers(1, 9, size).astype(float),
            "w": np.round(np.exp(chance.uniform(np.log(low), np.log(high), size)), 3),
        }
    )
    of = "ill" if statistic == "proportion" else "x"
    per = {"per": "y"} if statistic == "ratio" else {}
    asked: dict[str, Any] = {"statistic": statistic, "of": of, "weight": "w", **per}
    made = Data.read(frame, unit="id").table("group", **asked)
    rounded = made.protect("round", base=10, digits=9)
    assert rounded.declaration.protection is not None
    base = rounded.declaration.protection["amounts"]
    weight, above = pl.col("w"), pl.col(of).cast(float) * pl.col("w")
    below = pl.col("y") * weight if statistic == "ratio" else weight
    for group, shown in values(rounded).items():
        some = frame if group == "Total" else frame.filter(pl.col("group") == group)
        numerator = to_nearest(some.select(above.sum()).to_numpy()[0, 0], base)
        denominator = some.select(below.sum()).item()
        # The denominator's base is a number that both people and weights are a base for.
        candidates = {
            float(f"{numerator / to_nearest(denominator, step * 10.0**power):.9g}")
            for step in (1, 2, 5)
            for power in range(4)
            if to_nearest(denominator, step * 10.0**power)
        }
        assert shown in candidates | {1.0, None}


def test_weighted_figures_that_are_left_by_suppression_are_rounded_as_well():
    groups = GROUPS | {"c": (3, 1, 1.0), "d": (4, 2, 1.0)}
    made = table("proportion", groups, "hes").protect("suppress", amounts="auto")
    shown = values(made)
    assert shown["c"] is shown["d"] is None
    assert shown["b"] == 0.4  # 5 people weigh up to 7.5: 10, and 20 of 50
    assert made.report().verdict == "pass", made.report().findings
    assert "weighted counts rounded to 10" in made.report().note
    assert Policy.named("hes").rounding_base == 5
