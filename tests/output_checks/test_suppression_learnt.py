"""What the search learns rules out no safe pattern, and what it makes of a pattern is cheaper."""

import numpy as np
import pytest

from output_checks.protect import improve, master, optimal
from output_checks.protect.effort import Effort
from output_checks.protect.master import Master
from output_checks.protect.search import Search
from output_checks.protect.solver import Model
from tests.output_checks import instances
from tests.output_checks.made_tasks import (
    TINY_TABLES,
    drawn,
    least_cost,
    patterns_of,
    safe_patterns,
    task_of,
    unsafe_by_linprog,
)

tables = pytest.mark.parametrize("table", TINY_TABLES, ids=lambda one: one.name)


def assert_rules_out_no_safe_pattern(known, safe):
    for pattern in safe:
        assert (known._known @ pattern.astype(float)).min(initial=0.0) >= -1e-6


@tables
def test_a_whole_search_learns_nothing_against_any_safe_pattern(table):
    task = task_of(table, people_too=True)
    safe = list(safe_patterns(task))
    searching = searched(task)
    optimal._prove([searching], searching.effort)
    assert len(searching.master)
    assert_rules_out_no_safe_pattern(searching.master, safe)
    assert searching.bound == pytest.approx(least_cost(task))


@pytest.mark.parametrize("strictly", [True, False])
@tables
def test_ruling_out_patterns_rules_out_no_safe_one(table, strictly):
    task = task_of(table, people_too=True)
    searching = Search(task, Effort(np.inf))
    patterns, chance = patterns_of(task), np.random.default_rng(7)
    near = task.allowed | task.primary
    for number in chance.choice(len(patterns), 40):
        chosen = patterns[number].astype(float)
        if not strictly:
            chosen *= np.where(task.primary, 1.0, chance.random(len(chosen)))
        learnt = searching.learn(chosen, strictly=strictly, near=near if number % 2 else None)
        if strictly and learnt:
            assert (searching.master._known @ chosen).min() < 0
    assert_rules_out_no_safe_pattern(searching.master, safe_patterns(task))


@tables
def test_whole_cells_are_ruled_out_just_where_they_are_unsafe_in_fractions(table):
    task = task_of(table, people_too=True)
    searching = Search(task, Effort(np.inf))
    patterns, chance = patterns_of(task), np.random.default_rng(8)
    for number in chance.choice(len(patterns), 25):
        unsafe = any(unsafe_by_linprog(one, patterns[number]) for one in task.attacks)
        assert bool(searching.learn(patterns[number].astype(float), strictly=True)) == unsafe


# 3 over 25, 30 over 33, 41 over 27: cell 0 is small; 8 is the last inner cell's place of 3x4.
ROW = [[3, 30, 41], [25, 33, 27]]


def test_where_nothing_is_left_to_choose_the_fixed_cells_do_or_do_not():
    task = drawn(ROW, [(0, 0)])
    known = Master(task, Effort(np.inf))
    found = known.whole(task.primary, task.primary, nodes=100, below=100.0)
    assert found is not None
    assert (found == task.primary).all()
    known.learn(np.isin(np.arange(12), (1, 2)).astype(float), 0, 1.0)
    assert known.whole(task.primary, task.primary, nodes=100, below=100.0) is None


def test_nothing_is_found_that_costs_more_than_is_asked_for():
    task = drawn(ROW, [(0, 0)])
    known = Master(task, Effort(np.inf))
    known.learn(np.isin(np.arange(12), (1, 2)).astype(float), 0, 1.0)
    assert known.whole(task.allowed, task.primary, nodes=100, below=30.5) is None
    found = known.whole(task.allowed, task.primary, nodes=100, below=31.0)
    assert found is not None
    assert np.flatnonzero(found).tolist() == [0, 1]


# Making patterns cheaper


def searched(task):
    searching = Search(task, Effort(np.inf))
    searching.relax(searching.effort.part(0.25))
    assert searching.start()
    return searching


def costly(task):
    """A search whose best pattern is the most costly one: all that may be withheld is."""
    searching = searched(task)
    searching.best, searching.cost, searching.bound = None, np.inf, 0.0
    assert task.is_safe(task.allowed | task.primary)
    searching.offer(task.allowed | task.primary)
    return searching


def noting_offers(searching):
    """Every pattern that is offered from now on, with what the best one cost before."""
    offers, offer = [], searching.offer

    def noted(withheld):
        offers.append((withheld.copy(), searching.cost))
        return offer(withheld)

    searching.offer = noted
    return offers


@pytest.mark.parametrize(
    "table",
    [
        instances.two_way(6, 8, share=0.2, seed=2),
        instances.n_way((3, 3, 4), share=0.1, seed=2),
        instances.hierarchical(((6, 2, 1), (4, 1)), share=0.15, seed=2),
        instances.sums(((5, 1), (6, 1)), share=0.15, seed=2),
    ],
    ids=lambda one: one.name,
)
def test_only_safe_and_cheaper_patterns_are_offered(table):
    task = task_of(table)
    searching = costly(task)
    offers = noting_offers(searching)
    improve.improve(searching, Effort(np.inf).part(1.0))
    assert offers
    for withheld, before in offers:
        assert task.cost_of(withheld) < before
        assert withheld[task.primary].all()
        assert not (withheld & ~task.allowed & ~task.primary).any()
        assert not any(unsafe_by_linprog(one, withheld) for one in task.attacks)
    assert searching.cost == task.cost_of(offers[-1][0])


class SpentAfterOneLook:
    """An effort of which there is something left the first time only."""

    def __init__(self):
        self.looks = 0

    @property
    def left(self):
        self.looks += 1
        return 1.0 if self.looks == 1 else 0.0


@pytest.mark.parametrize("effort", [Effort(0.0).part(1.0), SpentAfterOneLook()])
def test_without_effort_a_pattern_stays_as_it_is(effort):
    searching = costly(task_of(TINY_TABLES[0]))
    before = searching.best.copy()
    improve.improve(searching, effort)
    assert (searching.best == before).all()


def test_neighbourhoods_that_take_too_many_rounds_are_left(monkeypatch):
    monkeypatch.setattr(improve, "_ROUNDS", 0)
    searching = costly(task_of(TINY_TABLES[0]))
    before = searching.best.copy()
    improve.improve(searching, Effort(np.inf).part(1.0))
    assert (searching.best == before).all()


def test_a_neighbourhood_is_no_larger_than_can_be_chosen_anew(monkeypatch):
    monkeypatch.setattr(improve, "_CHOSEN_AGAIN", 3)
    searching = costly(task_of(TINY_TABLES[0]))
    again = improve._neighbourhood(searching, int(np.flatnonzero(searching.task.allowed)[-1]))
    assert again.sum() == 3
    assert not (again & searching.task.primary).any()


def test_neighbourhoods_that_fail_leave_a_safe_pattern_and_a_true_bound(monkeypatch):
    class WholeFails(Model):
        def __init__(self, *args, whole=False):
            super().__init__(*args, whole=whole)
            self.fails = whole

        def minimise(self, *, anew=False):
            found = super().minimise(anew=anew)
            found.status = "failed" if self.fails else found.status
            return found

    monkeypatch.setattr(master, "Model", WholeFails)
    proven = set()
    for seed in range(20):
        task = task_of(instances.two_way(4, 4, share=0.15, seed=seed))
        found = optimal.cheapest_pattern(task)
        least = least_cost(task)
        if found is None:
            assert least == np.inf
            continue
        assert task.unsafe(found.withheld) == []
        assert found.bound <= least <= task.cost_of(found.withheld)
        assert not found.proven or task.cost_of(found.withheld) == least
        proven.add(found.proven)
    assert True in proven


@pytest.mark.parametrize("columns", [np.array([]), np.zeros(5)], ids=["none", "broken"])
def test_what_a_limited_search_gives_is_not_taken_where_it_breaks_a_row(monkeypatch, columns):
    def limited(self):
        found = Model.minimise(self)
        found.status, found.columns = "limited", columns
        return found

    task = drawn(ROW, [(0, 0)])
    known = Master(task, Effort(np.inf))
    known.learn(np.isin(np.arange(12), (1, 2)).astype(float), 0, 1.0)
    monkeypatch.setattr(master, "Model", type("LimitedModel", (Model,), {"minimise": limited}))
    # Of the six inner cells five are not primary; none of them chosen breaks what was learnt.
    assert known.whole(task.allowed, task.primary, nodes=1, below=100.0) is None


def test_without_any_safe_pattern_the_start_says_so():
    task = drawn([[3, 12], [20, 30]], [(0, 0)])
    task.allowed[:] = False
    search = Search(task, Effort(np.inf))
    none = np.zeros(len(task.cost))
    search.relaxed = master.Relaxed(chosen=task.primary.astype(float), cost=0.0, dearer=none)
    assert not search.start()


def test_what_no_pattern_keeps_unknown_is_not_among_the_most_that_can_be_withheld():
    task = drawn([[3, 20, 15], [20, 30, 12], [9, 9, 9]], [(0, 0)])
    task.allowed[:] = False
    task.allowed[[1, 4, 5, 8]] = True  # the last is the only one of its row and column
    most = Search(task, Effort(np.inf)).largest_safe()
    assert most is not None
    assert np.flatnonzero(most).tolist() == [0, 1, 4, 5]
