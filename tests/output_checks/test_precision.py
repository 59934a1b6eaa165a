"""The digits of means: what they tell of numbers of people, and how many of them to show."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from output_checks.grid import Protection
from output_checks.policy import Policy
from output_checks.rules import RULES
from output_checks.rules.precision import multiples
from tests.output_checks.made_grid import made_grid, said

HES = Policy.named("hes")
EXACTLY_13 = {"sum": 37.0, "records_with_value": 13, "units_with_value": 13}


@pytest.mark.parametrize(
    ("sums", "expected", "scale"),
    [
        # 37/13 is in lowest terms, 36/12 is 3, 35/14 is 5/2, and 0 says nothing.
        ([37.0, 36.0, 35.0, 0.0], [13, 1, 2, 1], 1),
        # 3.7 is 37 tenths of 13, 0.5 is 5 of 12, 0.7 is 7 tenths of 14: one tenth of 2.
        ([3.7, 0.5, 0.7, 0.0], [13, 12, 2, 1], 10),
        ([3.75, 0.5, 0.25, 0.0], [13, 6, 14, 1], 100),  # 375/13, 50/12, 25/14
        ([3.7512, 0.5, 0.7, 0.0], [1, 1, 1, 1], 1),  # no whole number of hundredths
        ([1e18, 37.0, 35.0, 0.0], [1, 1, 1, 1], 1),  # more digits than a float has
        ([np.nan, 37.0, 36.0, 0.0], [1, 12, 7, 1], 1),
    ],
)
def test_the_digits_of_a_mean_tell_its_denominator_in_lowest_terms(sums, expected, scale):
    people = np.array([13, 12, 14, 9])
    assert multiples(np.array(sums), people)[1] == scale
    assert multiples(np.array(sums), people)[0].tolist() == expected


def test_a_number_that_only_one_multiple_can_be_is_told():
    assert said(made_grid("mean", [EXACTLY_13, {}]), "precision", HES) == ["review a"]
    few = {"sum": 13.0, "records_with_value": 7, "units_with_value": 7}
    found = list(RULES["precision"].find(made_grid("mean", [few, EXACTLY_13]), HES))
    assert [(one.severity, one.cells) for one in found] == [
        ("fail", ({"group": "a"},)),
        ("review", ({"group": "b"},)),
    ]


def test_it_is_asked_where_counts_are_rounded_by_a_policy_or_by_hand():
    assert said(made_grid("mean", [EXACTLY_13]), "precision") == []
    by_hand = Protection(method="suppress", options={"base": 5})
    assert said(made_grid("mean", [EXACTLY_13], protection=by_hand), "precision") == ["review a"]
    plain = Protection(method="suppress", options={})
    assert said(made_grid("mean", [EXACTLY_13], protection=plain), "precision") == []


def test_means_that_are_of_no_fraction_and_those_that_are_withheld_tell_nothing():
    assert said(made_grid("mean", [EXACTLY_13], weight="w"), "precision", HES) == []
    noise = Protection(method="noise", options={})
    assert said(made_grid("mean", [EXACTLY_13], protection=noise), "precision", HES) == []
    assert said(made_grid("mean", [EXACTLY_13 | {"withheld": True}]), "precision", HES) == []


@given(st.integers(1, 400), st.integers(1, 5000), st.sampled_from([1.0, 10.0, 100.0]))
def test_as_many_digits_as_the_remedy_says_tell_nothing(people, whole, scale):
    cell = {"sum": whole / scale, "records_with_value": people, "units_with_value": people}
    policy = replace(HES, name="fives", rounding_base=5)
    for finding in RULES["precision"].find(made_grid("mean", [cell]), policy):
        digits = int(finding.remedy.split(" digits")[0].rsplit(" ", 1)[1])
        shown = round(whole / scale / people, digits)
        least = max((people + 2) // 5 * 5 - 2, 1)
        for other in range(least, least + 5):
            nearest = round(shown * scale * other) / scale / other
            assert abs(nearest - shown) <= 0.5 * 10.0**-digits + 1e-12
