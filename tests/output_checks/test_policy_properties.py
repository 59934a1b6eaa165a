"""The strictest of policies, and the rules, on tables and policies that hypothesis makes up."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from output_checks import Policy, Verdict
from output_checks.grid import Grid, Protection
from output_checks.policy import NEVER, SETTINGS
from output_checks.rules import RULES, judge
from output_checks.settings import number, percent, severity, whole
from tests.output_checks.drawing import data
from tests.output_checks.made_grid import made_grid
from tests.output_checks.spec.drawn import records

SRS = Policy.named("srs")
ORDER = list(Verdict)
VALUES: Mapping[Any, some.SearchStrategy[Any]] = {
    severity: some.sampled_from(Verdict),
    whole: some.integers(1, 30),
    percent: some.sampled_from([1.0, 50.0, 67.0, 90.0, 99.5, 100.0, NEVER]),
    number: some.sampled_from([0.0, 0.5, 1.0, 10.0, 50.0]),
}
A_POLICY = some.builds(
    lambda name, values: replace(SRS, name=name, **values),
    some.text("abcdefgh", min_size=8, max_size=8),
    some.fixed_dictionaries({name: VALUES[one.read] for name, one in SETTINGS.items()}),
)
POLICIES = some.lists(A_POLICY, min_size=1, max_size=4, unique_by=lambda one: one.name)
STATISTICS = some.sampled_from(
    ["count", "sum", "mean", "std", "min", "max", "median", "p95", "mode", "proportion", "ratio"]
)
COUNT = some.integers(0, 25)
AMOUNT = some.sampled_from([0.0, 0.5, 1.0, 9.0, 10.0, 100.0])
COUNTED = ("units", "units_with_value", "negative", "positive", "units_at", "units_in_mode")
SIDES = ("units_at_or_below", "units_at_or_above", "numerator_units", "denominator_units")
AMOUNTS = ("value", "largest", "second_largest", "total_absolute", "weight", "lower", "upper")
PER = ("per_largest", "per_second_largest", "per_total_absolute", "people_lower", "people_upper")
TRUTHS = ("all_equal", "per_all_equal", "structural_zero", "withheld")
A_CELL = some.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*COUNTED, *SIDES), some.none() | COUNT),
        **dict.fromkeys((*AMOUNTS, *PER), some.none() | AMOUNT),
        **dict.fromkeys(TRUTHS, some.booleans()),
    },
)
PROTECTIONS = some.none() | some.sampled_from(
    [
        Protection(method="suppress", options={"base": 5}),
        Protection(method="round", options={"base": 6}),
        Protection(method="midpoint", options={"base": 6}),
        Protection(method="cell-key", options={"ptable": "10-5"}),
        Protection(method="noise", options={"epsilon": 2.0}),
    ]
)
GRIDS = some.builds(
    made_grid,
    STATISTICS,
    some.lists(A_CELL, min_size=1, max_size=5),
    of=some.sampled_from(["x", None]),
    per=some.just("y"),
    weight=some.sampled_from(["w", None]),
    protection=PROTECTIONS,
)
DRAWN = some.lists(
    some.lists(some.integers(0, 25), min_size=3, max_size=3), min_size=1, max_size=3
).filter(lambda rows: sum(map(sum, rows)))


def verdict(grid: Grid, policy: Policy, rules=RULES) -> int:
    return ORDER.index(Verdict.worst(one.severity for one in judge(grid, policy, rules)))


@given(GRIDS, POLICIES)
@settings(deadline=None, max_examples=120)
def test_the_strictest_policy_is_at_least_as_strict_as_each_of_them(grid, several):
    together = verdict(grid, Policy.strictest(several))
    assert all(together >= verdict(grid, one) for one in several)


@given(DRAWN, POLICIES, some.booleans())
@settings(deadline=None, max_examples=40)
def test_it_is_so_on_tables_of_people_too(rows, several, margins):
    drawn = "F M X\n" + "\n".join(
        f"{label} " + " ".join(map(str, row)) for label, row in zip("abc", rows, strict=False)
    )
    grid = data(drawn).table("group", "sex", margins=margins).grid
    together = verdict(grid, Policy.strictest(several))
    assert all(together >= verdict(grid, one) for one in several)


@given(POLICIES, some.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_repetition_and_grouping_make_no_difference(several, chance):
    expected = Policy.strictest(several)
    mixed = [*several, *several]
    chance.shuffle(mixed)
    one_by_one = reduce(lambda one, other: Policy.strictest([one, other]), mixed)
    for found in (Policy.strictest(mixed), one_by_one, Policy.strictest([expected, *several])):
        assert found == expected
        assert found.hash == expected.hash
        assert found.sources == expected.sources


@given(GRIDS, A_POLICY, some.permutations(list(RULES)))
@settings(deadline=None, max_examples=40)
def test_adding_a_rule_never_turns_fail_into_pass(grid, policy, names):
    worst = 0
    for number_of in range(len(names) + 1):
        now = verdict(grid, policy, {name: RULES[name] for name in names[:number_of]})
        assert now >= worst
        worst = now
    assert worst == verdict(grid, policy)


@given(GRIDS, A_POLICY)
@settings(deadline=None, max_examples=100)
def test_every_finding_is_about_its_rule_and_says_what_helps(grid, policy):
    for finding in judge(grid, policy):
        assert finding.severity in {Verdict.REVIEW, Verdict.FAIL}
        assert finding.message.endswith(".")
        assert finding.remedy.endswith(".")
        assert finding.message[0].isupper() or finding.message[0].isdigit()
        assert not re.search(r"\bnan\b", finding.message)


@given(some.integers(1, 120), some.integers(1, 120), A_POLICY)
@settings(deadline=None, max_examples=60)
def test_a_proportion_is_as_good_or_bad_as_the_counts_behind_it(having, lacking, policy):
    lenient = replace(policy, proportions=Verdict.FAIL, rounding_base=1)
    people = records(f"ward asthma\neast true *{having}\neast false *{lacking}").data
    counted = people.table("asthma", margins=False, policy=lenient)
    share = people.table("ward", statistic="proportion", of="asthma", margins=False, policy=lenient)
    assert share.report().verdict == counted.report().verdict
