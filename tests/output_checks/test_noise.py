"""Noise on counts, sums, means and quantiles: its size, its bounds, and when it refuses."""

from typing import cast

import numpy as np
import polars as pl
import pytest
from diffprivlib import mechanisms

from output_checks import (
    BudgetSpentError,
    Data,
    DeclarationError,
    ProtectionError,
    UnknownColumnError,
)
from output_checks.private_tables import (
    Paid,
    private_histogram,
    private_mean,
    private_quantiles,
    private_sum,
)
from output_checks.protect import private
from output_checks.protect.accounting import PrivacyBudget
from output_checks.protect.contributions import added_up
from output_checks.protect.quantile import noisy_quantile
from tests.output_checks.drawing import data, means

LITTLE = 1e9
"""An epsilon so great that there is next to no noise: what is left is what it is drawn around."""


def plenty() -> PrivacyBudget:
    return PrivacyBudget(5e9)


def people(rows, columns=("id", "group", "x")) -> Data:
    frame = pl.DataFrame(
        {name: [row[at] for row in rows] for at, name in enumerate(columns)}, strict=False
    )
    return Data.read(frame, unit="id")


THREE = [(1, "a", 10.0), (2, "a", 250.0), (3, "b", -40.0)]


def noisy(data_, statistic, bounds, epsilon=LITTLE, rows="group", **options):
    table = data_.table(rows, statistic=statistic, of="x")
    options = {"categories": "public", "accountant": plenty(), "bounds": bounds} | options
    return table.protect("noise", epsilon=epsilon, **options)


def values(table) -> list[float]:
    return [round(one, 2) for one in table.released()["value"].to_list()]


# What is added up


def test_a_sum_is_of_contributions_brought_between_the_bounds():
    # a: 10 + 100 (of 250); b: 0 (of -40); the total adds up the noisy cells.
    assert values(noisy(people(THREE), "sum", (0, 100))) == [110.0, 0.0, 110.0]


def test_somebodys_records_in_a_cell_are_one_contribution():
    # 1 has 60 and 70 in a: 130, brought down to 100.
    rows = [(1, "a", 60.0), (1, "a", 70.0), (2, "a", 5.0)]
    assert values(noisy(people(rows), "sum", (0, 100))) == [105.0, 105.0]


def test_a_mean_counts_everybody_once_by_the_mean_of_their_records():
    # a: (65 + 5) / 2, not (60 + 70 + 5) / 3.
    rows = [(1, "a", 60.0), (1, "a", 70.0), (2, "a", 5.0), (3, "b", 20.0)]
    # Total: (65 + 5 + 20) / 3 = 30.
    assert values(noisy(people(rows), "mean", (0, 100))) == [35.0, 20.0, 30.0]


def test_who_has_no_value_is_not_in_a_mean():
    rows = [(1, "a", 60.0), (2, "a", None), (3, "a", float("nan"))]
    assert values(noisy(people(rows), "mean", (0, 100))) == [60.0, 60.0]


def test_a_quantile_is_near_the_true_one():
    rows = [(number, "a", float(number)) for number in range(101)]
    assert values(noisy(people(rows), "p25", (0, 100)))[0] == pytest.approx(25, abs=1)
    assert values(noisy(people(rows), "median", (0, 100)))[0] == pytest.approx(50, abs=1)


def test_truths_are_numbers_too():
    rows = [(1, "a", True), (2, "a", False), (3, "a", True)]
    assert values(noisy(people(rows), "sum", (0, 1))) == [2.0, 2.0]


def test_groups_and_totals_are_added_up_from_the_noisy_cells():
    rows = [(number, "abc"[number % 3], 1.0) for number in range(90)]
    table = people(rows).table(
        "group", statistic="sum", of="x", hierarchies={"group": {"a": "ab", "b": "ab"}}
    )
    options = {
        "categories": "public",
        "epsilon": 0.5,
        "bounds": (0, 1),
        "accountant": plenty(),
        "random_state": 3,
    }
    a, b, c, ab, total = table.protect("noise", **options).released()["value"].to_list()
    assert ab == a + b
    assert total == a + b + c


def test_a_structural_zero_has_no_noise():
    rows = [(1, "a", 10.0, "F"), (2, "b", 20.0, "F"), (3, "b", 30.0, "M")]
    table_of = people(rows, ("id", "group", "x", "sex"))
    impossible = [{"group": "a", "sex": "M"}]
    shown = {}
    for statistic in ("sum", "mean", "median"):
        table = table_of.table(
            "group", "sex", statistic=statistic, of="x", structural_zeros=impossible
        )
        protected = table.protect(
            "noise", categories="public", epsilon=0.1, bounds=(0, 50), accountant=plenty()
        )
        shown[statistic] = protected.cells.filter(group="a", sex="M")["value"].item()
    assert shown["sum"] == 0
    assert shown["mean"] is None
    assert shown["median"] is None


def test_several_statistics_share_one_epsilon():
    budget = PrivacyBudget(1.0)
    table = people(THREE).table("group", statistic=["count", "sum", "mean"], of="x")
    protected = table.protect(
        "noise", categories="public", epsilon=0.9, bounds=(0, 100), accountant=budget
    )
    assert protected.released().columns == ["group", "count", "sum", "mean"]
    assert budget.spent_budget == [(0.9, 0.0)]
    assert budget.spent[0].purpose == "count, sum, mean by group"


# How much noise


def spread_of(monkeypatch, act) -> list[tuple[float, int]]:
    """(epsilon, sensitivity) of every mechanism that is set up."""
    seen = []

    class Watched(mechanisms.Geometric):
        def __init__(self, *, epsilon, sensitivity=1, random_state=None):
            seen.append((epsilon, sensitivity))
            super().__init__(epsilon=epsilon, sensitivity=sensitivity, random_state=random_state)

    monkeypatch.setattr(mechanisms, "Geometric", Watched)
    act()
    return seen


def test_noise_is_drawn_for_what_one_person_can_change(monkeypatch):
    two = people(THREE)
    # Of bounds -50 and 100 one person changes a sum by up to 100 = 3200 steps of 2**(7 - 12).
    seen = spread_of(monkeypatch, lambda: noisy(two, "sum", (-50, 100), epsilon=0.5))
    assert seen == [(0.5, 3200)]
    # Of a mean half goes to a sum around 25, changed by up to 75 = 2400 steps, half to people.
    seen = spread_of(monkeypatch, lambda: noisy(two, "mean", (-50, 100), epsilon=0.5))
    assert seen == [(0.25, 2400), (0.25, 1)]
    # Of counts one person changes one cell by 1; with two cells a person, two.
    table = two.table("group")
    seen = spread_of(
        monkeypatch,
        lambda: table.protect("noise", categories="public", epsilon=0.5, accountant=plenty()),
    )
    assert seen == [(0.5, 1)]
    seen = spread_of(
        monkeypatch,
        lambda: table.protect(
            "noise", categories="public", epsilon=0.5, accountant=plenty(), cells_per_person=2
        ),
    )
    assert seen == [(0.5, 2)]


def test_noise_has_the_size_that_its_epsilon_says():
    # Laplace-like noise of scale 100 / 0.5 = 200 has a mean absolute size of 200.
    rows = [(number, f"g{number:03}", 50.0) for number in range(400)]
    table = noisy(people(rows), "sum", (0, 100), epsilon=0.5, random_state=11)
    found = np.abs(table.released()["value"].to_numpy()[:-1] - 50)
    assert found.mean() == pytest.approx(200, rel=0.15)


def test_a_quantile_shares_its_epsilon_among_the_cells_that_a_person_is_in(monkeypatch):
    seen = []

    def watched(amounts, share, bounds, epsilon, random_state):
        seen.append((len(amounts), share, epsilon))
        return 1.0

    monkeypatch.setattr(private, "noisy_quantile", watched)
    noisy(people(THREE), "p90", (0, 100), epsilon=1.0, cells_per_person=2)
    # a, b and the total; everybody is in one of two and in the total, in up to two of the former.
    assert seen == [(2, 0.9, 0.25), (1, 0.9, 0.25), (3, 0.9, 0.25)]


def test_quantiles_that_noise_has_crossed_are_put_in_order():
    drawn = [[9.0, 1.0, 5.0]] * 2  # p75 and then the others of a, and of the total
    asked = people(THREE[:1]).table("group", statistic=["p75", "median", "p25"], of="x")
    values = [np.array(one) for one in zip(*drawn, strict=True)]
    shown = private._in_order(asked.grids, values)
    assert [one.tolist() for one in shown] == [[9.0, 9.0], [5.0, 5.0], [1.0, 1.0]]
    for seed in range(20):
        noisy_one = noisy(
            people(THREE), ["p75", "median", "p25"], (0, 100), epsilon=0.1, random_state=seed
        )
        for row in noisy_one.released().select("p25", "median", "p75").rows():
            assert list(row) == sorted(row)


def test_nobodys_quantile_is_anywhere_between_the_bounds():
    found = [noisy_quantile(np.array([]), 0.5, (0, 100), 1.0, seed) for seed in range(40)]
    assert min(found) < 25
    assert max(found) > 75


def test_a_noisy_mean_stays_between_its_bounds():
    table = noisy(people(THREE), "mean", (0, 100), epsilon=0.001, random_state=1)
    assert all(0 <= value <= 100 for value in table.released()["value"].to_list())


# People in several cells


def test_people_in_several_cells_are_refused_unless_it_is_said_in_how_many():
    rows = [(1, "a", 1.0), (1, "b", 1.0), (2, "b", 1.0)]
    budget = PrivacyBudget(1e12)
    with pytest.raises(ProtectionError, match="cells_per_person"):
        noisy(people(rows), "sum", (0, 1), accountant=budget)
    assert budget.spent == ()
    counted = noisy(people(rows), "sum", (0, 1), cells_per_person=1)
    assert values(counted)[-1] == 2.0  # everybody once, in one of their cells
    counted = noisy(people(rows), "sum", (0, 1), cells_per_person=2)
    assert values(counted) == [1.0, 2.0, 3.0]
    assert "more than 2 cells" in (counted.grid.protection.notes[-1])
    table = people(rows).table("group")
    counts = table.protect(
        "noise", categories="public", epsilon=LITTLE, accountant=plenty(), cells_per_person=2
    )
    assert counts.released()["value"].to_list() == [1, 2, 3]


# Refusals


@pytest.mark.parametrize(
    "bounds", [None, 5, (1,), (1, 1), (2, 1), ("a", "b"), (0, float("inf")), (True, 5)]
)
def test_bounds_that_are_none_are_refused_and_cost_nothing(bounds):
    budget = PrivacyBudget(1.0)
    with pytest.raises(ProtectionError, match="bounds"):
        noisy(people(THREE), "sum", bounds, epsilon=0.5, accountant=budget)
    assert budget.spent == ()


def test_counts_take_no_bounds():
    with pytest.raises(ProtectionError, match="need no bounds"):
        data("F\na 5").table("group").protect(
            "noise", categories="public", epsilon=1, accountant=plenty(), bounds=(0, 1)
        )


@pytest.mark.parametrize("statistic", ["std", "max"])
def test_a_statistic_without_a_mechanism_is_refused(statistic):
    with pytest.raises(ProtectionError, match="quantile"):
        means(statistic).protect(
            "noise", categories="public", epsilon=1, accountant=plenty(), bounds=(0, 1)
        )


def test_weighted_people_are_refused():
    frame = pl.DataFrame({"id": [1, 2], "group": ["a", "b"], "w": [1.0, 2.0]})
    table = Data.read(frame, unit="id").table("group", weight="w")
    with pytest.raises(ProtectionError, match="unweighted"):
        table.protect("noise", categories="public", epsilon=1, accountant=plenty())


def test_an_accountant_that_is_none_is_refused():
    with pytest.raises(ProtectionError, match="accountant must be"):
        data("F\na 5").table("group").protect(
            "noise", categories="public", epsilon=1, accountant=None
        )


def test_noise_that_cannot_be_drawn_costs_nothing(monkeypatch):
    budget = PrivacyBudget(1.0)

    def broken(*args):
        raise ProtectionError("the mechanism broke")

    monkeypatch.setattr(private, "_people_in", broken)
    with pytest.raises(ProtectionError, match="broke"):
        data("F\na 5").table("group").protect(
            "noise", categories="public", epsilon=0.5, accountant=budget
        )
    assert budget.spent == ()


def test_noise_is_drawn_again_for_another_price_only():
    table = (
        data("F\na 5")
        .table("group")
        .protect("noise", categories="public", epsilon=1, accountant=plenty())
    )
    with pytest.raises(ProtectionError, match="protected already"):
        table.protect("noise", categories="public", epsilon=1, accountant=plenty())


# In one call


def test_private_sums_means_and_quantiles_are_tables():
    paid: Paid = {"categories": "public", "epsilon": LITTLE, "accountant": plenty()}
    assert values(private_sum(people(THREE), "x", "group", bounds=(0, 100), **paid)) == [
        110.0,
        0.0,
        110.0,
    ]
    mean = private_mean(people(THREE), "x", "group", bounds=(0, 100), **paid)
    # a: (10 + 100) / 2; b: 0 (of -40); Total: 110 / 3.
    assert values(mean) == [55.0, 0.0, 36.67]
    paid["where"] = "x > 0"
    chosen = private_mean(people(THREE), "x", "group", bounds=(0, 100), **paid)
    assert chosen.cells["units"].to_list() == [2, 0, 2]
    table = private_quantiles(
        people(THREE), "x", "group", shares=(0.5, 0.025), bounds=(0, 100), **paid
    )
    assert table.released().columns == ["group", "median", "p2.5"]


@pytest.mark.parametrize("share", [0, 1, True, "half"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(DeclarationError, match="share"):
        private_quantiles(
            people(THREE),
            "x",
            "group",
            shares=[share],
            bounds=(0, 1),
            epsilon=1,
            accountant=plenty(),
        )


def test_a_histogram_has_empty_bins_too_and_the_last_has_its_upper_edge():
    rows = [(number, "a", value) for number, value in enumerate([0, 9.5, 10, 30, 31, -5, None])]
    table = private_histogram(
        people(rows), "x", [0, 10, 20, 30], epsilon=LITTLE, accountant=plenty()
    )
    assert table.released().rows() == [
        ("0 to below 10", 2),
        ("10 to below 20", 1),
        ("20 to 30", 1),
        ("Total", 4),
    ]
    table = private_histogram(
        people(rows), "x", [0, 9, 9.25, 30], epsilon=LITTLE, accountant=plenty(), where="x < 30"
    )
    assert table.released()["value"].to_list() == [1, 0, 2, 3]
    table = private_histogram(people(rows), "x", [0, 5], epsilon=LITTLE, accountant=plenty())
    assert table.released().rows() == [("0 to 5", 1), ("Total", 1)]


@pytest.mark.parametrize("edges", [[1], [1, 1], [2, 1], [0, float("nan")], [0, "1"], [False, 1]])
def test_edges_that_are_none_are_refused(edges):
    with pytest.raises(DeclarationError, match="rising"):
        private_histogram(people(THREE), "x", edges, epsilon=1, accountant=plenty())


def test_a_histogram_of_a_column_that_is_not_there_is_refused():
    with pytest.raises(UnknownColumnError, match="unknown column"):
        private_histogram(people(THREE), "y", [0, 1], epsilon=1, accountant=plenty())


def test_a_spent_budget_refuses_before_the_data_are_touched():
    class Untouchable:
        def table(self, *args, **kwargs):
            raise AssertionError("the data were touched")

    with pytest.raises(BudgetSpentError):
        private_sum(
            cast("Data", Untouchable()),
            "x",
            "g",
            bounds=(0, 1),
            epsilon=2,
            accountant=PrivacyBudget(1),
        )


def test_whole_numbers_are_added_up_over_groups_and_totals():
    table = people(THREE).table("group", hierarchies={"group": {"a": "all", "b": "all"}})
    assert added_up(np.array([2, 5]), table.plain).tolist() == [2, 5, 7, 7]
