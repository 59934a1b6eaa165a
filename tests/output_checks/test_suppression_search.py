"""The search's parts: effort, how far cells move, and what readers work out."""

import numpy as np
import pytest

from output_checks.protect import movement
from output_checks.protect.effort import Effort
from output_checks.protect.movement import Movement, Reader
from output_checks.protect.solver import Model
from tests.output_checks.made_tasks import (
    TINY_TABLES,
    drawn,
    furthest,
    task_of,
    unsafe_by_linprog,
)

attacks = pytest.mark.parametrize(
    "attack",
    [one for table in TINY_TABLES for one in task_of(table, people_too=True).attacks],
    ids=lambda one: f"{len(one.values)} {'people' if one.small else 'sums'}",
)


def drawn_patterns(seed, size, count):
    chance = np.random.default_rng(seed)
    for _ in range(count):
        yield chance.random(size) < chance.uniform(0.3, 0.9)


# Effort


def test_an_effort_is_what_it_may_take_less_what_was_spent():
    effort = Effort(100)
    assert effort.left == 100
    effort.spend(30)
    assert (effort.spent, effort.left) == (30, 70)
    effort.spend(80)
    assert (effort.spent, effort.left) == (110, 0)


def test_a_share_ends_before_the_whole():
    effort = Effort(100)
    effort.spend(20)
    part = effort.part(0.5)  # of the 80 that are left
    smaller = part.part(0.25)  # of these 40
    assert (part.left, smaller.left) == (40, 10)
    effort.spend(15)
    assert (effort.left, part.left, smaller.left) == (65, 25, 0)
    effort.spend(30)
    assert (effort.left, part.left) == (35, 0)
    assert part.part(1.0).left == 0


def test_a_share_is_never_more_than_what_is_left_of_the_whole():
    effort = Effort(100)
    part = effort.part(1.0)
    effort.spend(100)
    assert part.left == 0
    assert Effort(np.inf).part(0.25).left == np.inf


# Movements


@attacks
def test_a_cell_moves_as_far_as_a_linear_program_says(attack):
    chance = np.random.default_rng(0)
    for withheld in drawn_patterns(1, len(attack.values), 6):
        chosen = withheld * chance.choice([0.25, 0.5, 1.0], len(withheld))
        moving = Movement(attack, np.flatnonzero(withheld), Effort(np.inf))
        moving.free(chosen, 25.0)
        for cell in np.flatnonzero(withheld):
            moving.reach(cell, 1)
            moving.reach(cell, -1)
            assert moving.up[cell] == pytest.approx(furthest(attack, chosen, cell, 1, 25.0))
            assert moving.down[cell] == pytest.approx(furthest(attack, chosen, cell, -1, 25.0))
        for moved in moving.seen:
            assert np.abs(attack.structure.relations @ moved).max() < 1e-6
            assert (moved[~withheld] == 0).all()


def test_a_cell_that_was_let_moves_by_its_new_part():
    # 4 and 6 over 30 and 50: 4 can rise by what 6 gives.
    (attack,) = drawn([[4, 6], [30, 50]], []).attacks
    cells = np.array([0, 1, 3, 4])
    moving = Movement(attack, cells, Effort(np.inf))
    moving.free(np.isin(np.arange(9), cells).astype(float), 20.0)
    moving.reach(0, 1)
    assert moving.up[0] == 6
    moving.let(1, 0.5, 20.0)
    moving.free(np.where(np.arange(9) == 1, 0.5, np.isin(np.arange(9), cells)), 20.0)
    moving.reach(0, 1)
    assert moving.up[0] == 3
    moving.let(1, 1.0, 20.0)
    moving.reach(0, 1)
    assert moving.up[0] == 6


@attacks
def test_no_cell_moves_further_than_its_weights_whatever_the_duals(attack):
    chance = np.random.default_rng(2)
    rows = attack.structure.relations.shape[0]
    for number, withheld in enumerate(drawn_patterns(3, len(attack.values), 25)):
        cell = int(chance.choice(np.flatnonzero(withheld)))
        sign = 1 if number % 2 else -1
        need = float(chance.choice([1.0, 9.0, 1000.0]))
        duals = chance.choice([-1.0, 0.0, 0.5, 1.0], rows) * chance.choice([1.0, 1.7])
        moving = Movement(attack, np.flatnonzero(withheld), Effort(np.inf))
        weights = moving.weights(cell, sign, duals, need)
        moved = min(furthest(attack, withheld.astype(float), cell, sign), need)
        assert moved <= weights[withheld].sum() + 1e-6
        assert ((weights >= 0) & (weights <= need)).all()


@attacks
def test_what_sums_are_worth_says_which_cells_hold_one_back(attack):
    # With the duals of its furthest movement a cell that cannot move at all weighs nothing.
    for withheld in drawn_patterns(4, len(attack.values), 10):
        moving = Movement(attack, np.flatnonzero(withheld), Effort(np.inf))
        moving.free(withheld.astype(float), 10.0)
        for cell in np.flatnonzero(withheld):
            duals = moving.reach(cell, 1)
            if furthest(attack, withheld.astype(float), cell, 1, 10.0) < 1e-6:
                assert moving.weights(cell, 1, duals, 10.0)[withheld].sum() < 1e-6


def test_a_solve_that_fails_moves_nothing_and_values_nothing(monkeypatch):
    def failed(self):
        found = solve(self)
        found.status = "failed"
        return found

    solve = Model.minimise
    monkeypatch.setattr(movement, "Model", type("FailingModel", (Model,), {"minimise": failed}))
    (attack,) = drawn([[4, 6], [30, 50]], []).attacks
    moving = Movement(attack, np.array([0, 1, 3, 4]), Effort(np.inf))
    moving.free(np.ones(9), 20.0)
    assert not moving.reach(0, 1).any()
    assert not moving.up.any()
    assert not moving.seen


# Readers


@attacks
def test_a_reader_finds_what_a_linear_program_finds_from_pattern_to_pattern(attack):
    reader = Reader(attack, Effort(np.inf))
    for withheld in drawn_patterns(5, len(attack.values), 12):
        reader.look_at(withheld)
        expected = unsafe_by_linprog(attack, withheld)
        assert reader.unsafe() == expected
        reader.trim()
        assert reader.unsafe() == expected
        assert reader.unsafe(first_only=True) == expected[:1]


@attacks
def test_cells_are_shown_and_taken_back_as_if_looked_at_anew(attack):
    chance = np.random.default_rng(6)
    withheld = np.ones(len(attack.values), dtype=bool)
    reader = Reader(attack, Effort(np.inf))
    reader.look_at(withheld)
    for cell in chance.permutation(len(withheld)):
        without = withheld.copy()
        without[cell] = False
        is_safe = reader.is_safe_without(int(cell))
        assert is_safe == (unsafe_by_linprog(attack, without) == [])
        if is_safe and chance.random() < 0.7:
            withheld = without
        else:
            reader.take_back()
        if chance.random() < 0.3:
            reader.trim()
        fresh = Reader(attack, Effort(np.inf))
        fresh.look_at(withheld)
        assert reader.unsafe() == fresh.unsafe()


def test_to_take_back_what_was_never_shown_changes_nothing():
    (attack,) = drawn([[4, 6], [30, 50]], []).attacks
    reader = Reader(attack, Effort(np.inf))
    reader.look_at(np.isin(np.arange(9), (0, 1)))
    before = reader.unsafe()
    reader.take_back()
    assert reader.unsafe() == before == [0, 1]


def test_a_reader_of_a_table_that_withholds_nothing_finds_nothing():
    (attack,) = drawn([[4, 6], [30, 50]], []).attacks
    reader = Reader(attack, Effort(np.inf))
    reader.look_at(np.zeros(9, dtype=bool))
    reader.trim()
    assert reader.unsafe() == []
