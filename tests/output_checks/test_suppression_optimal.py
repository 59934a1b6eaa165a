"""The cheapest pattern: against trying all patterns of tiny tables, and audited on larger ones."""

from dataclasses import replace

import numpy as np
import pytest

from output_checks.errors import ProtectionError
from output_checks.protect import optimal
from output_checks.protect.optimal import cheapest_pattern
from tests.output_checks import instances
from tests.output_checks.made_tasks import (
    drawn,
    found_for,
    least_cost,
    on_counts,
    permuted,
    task_of,
)

TINY = [
    *(instances.two_way(3, 4, share=0.2, seed=seed) for seed in range(8)),
    *(instances.two_way(4, 4, share=0.15, seed=seed, zeros=0.1) for seed in range(8)),
    *(instances.n_way((2, 2, 2), share=0.3, seed=seed) for seed in range(2, 10)),
    *(instances.n_way((2, 2, 3), share=0.25, seed=seed) for seed in range(8)),
    *(instances.hierarchical(((4, 2, 1), (3, 1)), share=0.2, seed=seed) for seed in range(8)),
    *(instances.sums(((3, 1), (4, 1)), share=0.2, seed=seed) for seed in range(8)),
    *(instances.sums(((2, 1), (2, 1), (2, 1)), share=0.2, seed=seed) for seed in range(8)),
]
MEDIUM = [
    instances.two_way(20, 30, share=0.05, seed=3),
    instances.two_way(30, 40, share=0.1, seed=3),
    instances.n_way((6, 6, 6), share=0.05, seed=3),
    instances.hierarchical(((24, 6, 1), (12, 3, 1)), share=0.04, seed=3),
]
named = pytest.mark.parametrize("table", MEDIUM, ids=lambda one: one.name)


def assert_is_best(task):
    """The pattern costs what the cheapest of all safe ones costs, and says so."""
    least = least_cost(task)
    found = cheapest_pattern(task)
    if found is None:
        assert least == np.inf
        return
    assert_is_safe(task, found)
    assert found.proven
    assert found.bound == pytest.approx(least)
    assert task.cost_of(found.withheld) == pytest.approx(least)


def assert_is_safe(task, found):
    assert task.unsafe(found.withheld) == []
    assert task.is_safe(found.withheld)
    assert found.withheld[task.primary].all()
    assert not (found.withheld & ~task.allowed & ~task.primary).any()
    assert 0 <= found.bound <= task.cost_of(found.withheld)


@pytest.mark.parametrize("number", range(len(TINY)))
def test_no_safe_pattern_of_a_tiny_table_costs_less(number):
    assert_is_best(task_of(TINY[number]))


@pytest.mark.parametrize("seed", range(6))
def test_none_costs_less_against_readers_of_people_and_of_sums_at_once(seed):
    table = instances.sums(((3, 1), (4, 1)), share=0.2, seed=seed)
    assert_is_best(task_of(table, people_too=True))


@pytest.mark.parametrize("seed", range(6))
def test_none_costs_less_where_margins_may_be_withheld_too(seed):
    assert_is_best(task_of(instances.two_way(2, 3, share=0.3, seed=seed), margins=True))


@pytest.mark.parametrize("seed", range(6))
def test_none_costs_less_where_some_cells_are_published_already(seed):
    task = task_of(instances.two_way(4, 4, share=0.15, seed=seed))
    published = np.random.default_rng(seed).random(len(task.allowed)) < 0.2
    assert_is_best(replace(task, allowed=task.allowed & ~published))


@pytest.mark.parametrize("seed", range(6))
def test_none_costs_less_where_costs_are_not_whole_numbers(seed):
    task = task_of(instances.two_way(3, 4, share=0.2, seed=seed))
    cost = np.random.default_rng(seed).uniform(0.1, 2.0, len(task.cost))
    assert_is_best(replace(task, cost=cost))


@pytest.mark.parametrize("seed", range(6))
def test_none_costs_less_against_a_reader_who_knows_how_large_cells_can_be(seed):
    task = task_of(instances.two_way(3, 4, share=0.2, seed=seed))
    (attack,) = task.attacks
    known = replace(attack, upper=attack.values + 12)
    assert_is_best(replace(task, attacks=(known,)))


def test_two_small_cells_of_one_row_take_two_of_another_with_them():
    # 4 and 6 move against 30 and 50: by 6 up and 4 down, 10 in all. 30 + 1 and 50 + 1 are 82.
    found = found_for(drawn([[4, 6], [30, 50]], [(0, 0), (0, 1)]))
    assert found.withheld.reshape(3, 3).tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, False],
    ]
    assert (found.bound, found.proven) == (82.0, True)


def test_a_table_in_which_nothing_is_small_is_shown():
    found = found_for(drawn([[40, 60], [30, 50]], []))
    assert not found.withheld.any()
    assert (found.bound, found.proven) == (0.0, True)


def test_where_the_only_other_cell_of_a_sum_is_published_there_is_no_pattern():
    task = drawn([[4, 60], [30, 50]], [(0, 0)])
    published = np.isin(np.arange(9), 1)
    assert cheapest_pattern(task) is not None
    assert cheapest_pattern(replace(task, allowed=task.allowed & ~published)) is None


def test_a_margin_is_withheld_where_it_may_be_and_nothing_else_does():
    # One row of one cell: 4 and its totals are the same number in all four places.
    assert cheapest_pattern(drawn([[4]], [(0, 0)])) is None
    assert found_for(drawn([[4]], [(0, 0)], margins=True)).withheld.all()


@named
def test_a_larger_table_is_safe_and_costs_no_less_than_its_bound(table):
    task = task_of(table)
    found = found_for(task)
    assert_is_safe(task, found)
    again = found_for(task)
    assert (again.withheld == found.withheld).all()
    assert (again.bound, again.proven) == (found.bound, found.proven)


@named
def test_the_order_of_cells_changes_nothing_about_the_cost(table):
    task = task_of(table)
    other = permuted(task, np.random.default_rng(5).permutation(len(table.values)))
    one, two = found_for(task), found_for(other)
    assert_is_safe(other, two)
    assert one.proven
    assert two.proven
    assert task.cost_of(one.withheld) == other.cost_of(two.withheld)


@named
def test_the_bound_is_no_higher_where_margins_may_be_withheld_too(table):
    found, margins = found_for(task_of(table)), task_of(table, margins=True)
    with_margins = found_for(margins, 4e6)
    assert_is_safe(margins, with_margins)
    # What is safe with shown margins is one of the patterns, so that no bound is above it.
    assert with_margins.bound <= margins.cost_of(found.withheld)


@named
def test_what_is_published_already_is_not_withheld(table):
    task = task_of(table)
    before = found_for(task)
    extra = np.flatnonzero(before.withheld & ~task.primary)
    published = np.isin(np.arange(len(table.values)), extra[::5])
    fixed = replace(task, allowed=task.allowed & ~published)
    after = found_for(fixed)
    assert_is_safe(fixed, after)
    assert task.cost_of(after.withheld) >= before.bound


@named
@pytest.mark.parametrize("steps", [0.0, 1.0, 3e4, 3e5])
def test_a_search_that_may_take_few_steps_is_safe(monkeypatch, table, steps):
    monkeypatch.setattr(optimal, "MOST_STEPS", steps)
    task = task_of(table)
    assert_is_safe(task, found_for(task))


# The reader


def test_an_attack_whose_bounds_exclude_the_truth_is_refused():
    task = drawn([[4, 6], [30, 50]], [(0, 0)])
    (attack,) = task.attacks
    mistaken = replace(attack, lower=np.full(9, 100.0))
    with pytest.raises(ProtectionError, match="cannot be relied on"):
        mistaken.unsafe(task.allowed)


def test_a_pattern_holds_where_no_cell_is_unsafe():
    task = drawn([[4, 6], [30, 50]], [(0, 0), (0, 1)])
    (attack,) = task.attacks
    assert attack.holds(task.allowed)
    # 4 and 6 alone: each is what its column leaves.
    assert not attack.holds(task.primary)
    assert attack.unsafe(task.primary).tolist() == [0, 1]
    assert task.is_safe(task.allowed)
    assert not task.is_safe(task.primary)


@pytest.mark.parametrize("seed", range(6))
def test_looking_at_the_first_unsafe_cell_only_tells_the_same(seed):
    task = task_of(instances.n_way((2, 2, 3), share=0.3, seed=seed), margins=True)
    chance = np.random.default_rng(seed)
    for _ in range(6):
        withheld = chance.random(len(task.cost)) < chance.uniform(0.4, 0.9)
        assert task.is_safe(withheld) == (task.unsafe(withheld) == [])


@pytest.mark.parametrize("small", [0, 1, 2, 3, 5, 10])
def test_what_a_safe_cell_must_be_able_to_do_is_asked_of_no_safe_interval(small):
    values = np.arange(14.0)
    structure = drawn([[1, 1], [1, 1]], []).attacks[0].structure
    attack = on_counts(structure, values, small)
    attack = replace(attack, width=np.full(14, float(max(small, 4))) if not small else attack.width)
    up, width = attack.needs()
    for cell, value in enumerate(values):
        spans = [(low, high) for low in range(int(value) + 1) for high in range(int(value), 30)]
        safe = [span for span in spans if attack.is_safe(cell, *span)]
        assert up[cell] <= min(high - value for _, high in safe)
        assert width[cell] <= min(high - low for low, high in safe)


def test_whole_intervals_are_judged_like_single_ones():
    structure = drawn([[1, 1], [1, 1]], []).attacks[0].structure
    for small in (0, 1, 2, 10):
        attack = on_counts(structure, np.full(9, 5.0), small)
        attack = replace(attack, width=np.full(9, 7.0) if not small else attack.width)
        for low in range(6):
            for high in range(5, 18):
                judged = attack.are_safe(np.full(9, float(low)), np.full(9, float(high)))
                assert judged.tolist() == [attack.is_safe(cell, low, high) for cell in range(9)]
