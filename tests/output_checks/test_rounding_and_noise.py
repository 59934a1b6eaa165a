"""Rounding and noise: what they give, and when they refuse."""

from typing import Any, cast

import numpy as np
import pytest

from output_checks import BudgetSpentError, Data, ProtectionError, private_count
from output_checks.protect import rounded
from tests.output_checks.drawing import accountant, data, means

SMALL = """
     F   M   X
a   30   3  41
b   25  33  27
c   60  35  18
"""


# Rounding


def test_conventional_rounding_takes_the_nearest_multiple_halves_up():
    table = data("F\na 12\nb 13\nc 25").table("group").protect("round", base=5, controlled=False)
    assert table.released()["value"].to_list() == [10, 15, 25, 50]
    table = data("F\na 14\nb 15\nc 25").table("group").protect("round", base=10, controlled=False)
    assert table.released()["value"].to_list() == [10, 20, 30, 50]  # 54 -> 50


def test_controlled_rounding_adds_up_and_stays_within_a_base():
    table = data(SMALL).table("group", "sex").protect("round", base=10)
    shown = table.grid.column("value")
    assert (shown[:-1].sum(axis=0) == shown[-1]).all()
    assert (shown[:, :-1].sum(axis=1) == shown[:, -1]).all()
    assert (np.abs(shown - table.grid.column("exact")) < 10).all()
    assert table.report().verdict == "pass"  # 3 became 0 or 10: a reader can tell 0 to 9 at best


def test_a_small_count_rounded_too_finely_is_still_found():
    table = data("F\na 3\nb 40\nc 50").table("group").protect("round", base=5, controlled=False)
    (finding,) = table.report().findings
    assert (finding.rule, finding.severity) == ("threshold", "fail")  # 5 stands for 3 to 7
    assert "3 to 7" in finding.message
    table = data("F\na 2\nb 40\nc 50").table("group").protect("round", base=5, controlled=False)
    (finding,) = table.report().findings
    assert finding.severity == "review"  # 0 stands for 0 to 2


def test_the_default_base_is_the_policys_or_its_threshold():
    table = data(SMALL).table("group", "sex")
    assert (table.protect("round").declaration.protection or {})["base"] == 10
    table = data(SMALL).table("group", "sex", policy="hes")
    assert (table.protect("round").declaration.protection or {})["base"] == 5


def test_a_mean_cannot_be_rounded_to_safety():
    # A mean of few stays one of few, however it is rounded.
    before = {one.rule for one in means().report().findings}
    assert "threshold" in before
    after = {one.rule for one in means().protect("round").report().findings}
    assert after == before


def test_a_rounding_that_cannot_add_up_is_refused(monkeypatch):
    class Unsolved:
        status = "infeasible"
        columns = np.array([])

    monkeypatch.setattr(rounded.Model, "minimise", lambda self: Unsolved)
    with pytest.raises(ProtectionError, match="controlled=False"):
        data(SMALL).table("group", "sex").protect("round")


# Noise


def test_noise_is_charged_and_adds_up_to_its_margins():
    budget = accountant()
    table = private_count(
        data("F M\na 100 200\nb 300 400"),
        "group",
        "sex",
        epsilon=0.5,
        categories="public",
        accountant=budget,
        random_state=7,
    )
    shown = table.grid.column("value")
    assert (shown[:-1].sum(axis=0) == shown[-1]).all()
    assert np.abs(shown - table.grid.column("exact")).max() < 100
    assert budget.spent_budget == [(0.5, 0)]
    assert table.declaration.protection == {
        "method": "noise",
        "epsilon": 0.5,
        "categories": "public",
        "random_state": 7,
    }
    assert table.report().verdict == "fail"
    assert "chosen seed" in table.report().note


def test_noise_by_chance_passes_and_has_no_seed():
    options: dict[str, Any] = {
        "epsilon": 0.5,
        "categories": "public",
        "accountant": accountant(),
    }
    table = private_count(data("F M\na 100 200"), "group", "sex", **options)
    assert table.report().verdict == "pass"
    assert "random_state" not in (table.declaration.protection or {"random_state": 1})


def test_a_spent_budget_refuses_before_anything_is_computed():
    class Untouchable:
        def table(self, *args, **kwargs):
            raise AssertionError("the data were touched")

    budget = accountant(1.0, [(0.9, 0)])
    with pytest.raises(BudgetSpentError, match=r"0\.1 is left of 1"):
        private_count(
            cast("Data", Untouchable()),
            "group",
            categories="public",
            epsilon=0.5,
            accountant=budget,
        )
    assert budget.spent_budget == [(0.9, 0)]


@pytest.mark.parametrize("epsilon", [0, -1, True, "much", float("nan"), float("inf")])
def test_an_epsilon_that_is_none_is_refused(epsilon):
    with pytest.raises(ProtectionError, match="epsilon"):
        data(SMALL).table("group").protect(
            "noise", categories="public", epsilon=epsilon, accountant=accountant()
        )


def test_a_large_epsilon_goes_to_a_person():
    table = private_count(
        data(SMALL), "group", categories="public", epsilon=3.0, accountant=accountant(5.0)
    )
    assert [finding.rule for finding in table.report().findings] == ["noise"]
    assert table.report().verdict == "review"


def test_noise_without_margins_and_structural_zeros():
    table = data("F M\na 100 0\nb 300 400").table(
        "group", "sex", margins=False, structural_zeros=[{"group": "a", "sex": "M"}]
    )
    noisy = table.protect("noise", categories="public", epsilon=1.0, accountant=accountant())
    assert noisy.released()["value"].to_list()[1] == 0
