"""One search that learns while it branches: it proves the best, and says true things when ended."""

import numpy as np
import pytest
from pyscipopt import SCIP_RESULT

from output_checks.protect import branching
from output_checks.protect.branching import branch_and_cut
from output_checks.protect.effort import Effort
from output_checks.protect.search import Search
from tests.output_checks import instances
from tests.output_checks.made_tasks import TINY_TABLES, drawn, least_cost, safe_patterns, task_of

ROW = [[3, 30, 41], [25, 33, 27]]
tables = pytest.mark.parametrize("table", TINY_TABLES, ids=lambda one: one.name)


def dear(task, effort=None):
    """A search that knows the largest safe pattern alone."""
    search = Search(task, effort or Effort(np.inf))
    search.relax(search.effort.part(0.5))
    most = search.largest_safe()
    assert most is not None
    search.offer(most)
    return search


@tables
def test_it_proves_the_best_from_the_dearest(table):
    task = task_of(table)
    search = dear(task)
    branch_and_cut(search, search.effort.part(1.0))
    assert search.is_proven
    assert search.cost == pytest.approx(least_cost(task))
    assert task.is_safe(search.best)


@tables
def test_what_it_learns_rules_out_no_safe_pattern(table):
    task = task_of(table, people_too=True)
    search = dear(task)
    branch_and_cut(search, search.effort.part(1.0))
    for pattern in safe_patterns(task):
        assert not search.master.breaks(pattern.astype(float))


@pytest.mark.parametrize("steps", [0.0, 2e3, 2e4, 2e5])
def test_ended_early_it_leaves_a_safe_pattern_and_a_true_bound(steps):
    for seed in range(6):
        task = task_of(instances.two_way(4, 4, share=0.15, seed=seed))
        least = least_cost(task)
        if least == np.inf:
            continue
        search = dear(task, effort := Effort(1e9))
        branch_and_cut(search, effort.part(steps / effort.left))
        assert task.is_safe(search.best)
        assert search.bound <= least <= search.cost
        assert not search.is_proven or search.cost == least


def test_the_same_task_ends_the_same():
    ends = []
    for _ in range(2):
        task = task_of(instances.two_way(6, 6, share=0.15, seed=3))
        search = dear(task, effort := Effort(1e9))
        branch_and_cut(search, effort.part(5e4 / effort.left))
        ends.append((search.bound, search.cost, search.best.tolist(), effort.spent))
    assert ends[0] == ends[1]


def test_where_every_other_cell_is_too_dear_the_best_is_proven():
    task = drawn(ROW, [(0, 0)])
    search = Search(task, Effort(np.inf))
    search.relax(search.effort.part(1.0))
    search.start()
    search.relaxed.dearer[:] = 1e9
    cost = search.cost
    branch_and_cut(search, search.effort.part(1.0))
    assert (search.bound, search.cost) == (cost, cost)


def test_where_no_choice_is_left_that_could_do_the_best_is_proven():
    task = drawn(ROW, [(0, 0)])
    search = dear(task)
    cost = search.cost
    search.master.learn(np.zeros(len(task.cost)), int(np.flatnonzero(task.primary)[0]), 1.0)
    branch_and_cut(search, search.effort.part(1.0))
    assert (search.bound, search.cost) == (cost, cost)


def test_where_nothing_else_need_be_withheld_that_is_found():
    task = drawn(ROW, [(0, 0), (0, 1), (1, 0), (1, 1)])
    search = dear(task)
    search.relaxed.dearer[:] = 1e9
    branch_and_cut(search, search.effort.part(1.0))
    assert search.is_proven
    assert (search.best == task.primary).all()


def test_an_error_while_it_asks_is_handed_on(monkeypatch):
    def broken(self, *_args, **_options):
        raise ZeroDivisionError("no such row")

    task = task_of(TINY_TABLES[0])
    search = dear(task)
    monkeypatch.setattr(branching._Safety, "_checked", broken)
    monkeypatch.setattr(branching._Safety, "_ruled_out", broken)
    with pytest.raises(ZeroDivisionError, match="no such row"):
        branch_and_cut(search, search.effort.part(1.0))


@pytest.mark.parametrize(("share", "seed"), [(0.1, 1), (0.15, 0)])
def test_fractions_below_the_root_are_branched_on_until_it_is_proven(share, seed):
    task = task_of(instances.n_way((5, 5, 5), share=share, seed=seed))
    search = dear(task)
    branch_and_cut(search, search.effort.part(1.0))
    assert search.is_proven
    assert task.is_safe(search.best)


@pytest.mark.parametrize("is_safe", [True, False])
def test_a_pattern_that_no_linear_program_gave_is_judged_like_any_other(is_safe):
    task = drawn(ROW, [(0, 0)])
    search = dear(task)
    best = search.best.copy()
    search.cost += 1.0  # so that the best is cheaper than what is known
    asked = branching._Safety(search, np.array([], dtype=int), [], search.effort.part(1.0))
    asked._pattern = lambda solution: (best if is_safe else task.primary).astype(float)
    asked._spend = lambda: None
    asked._mend = lambda withheld: None
    found = asked.consenfops(None, 0, solinfeasible=False, objinfeasible=False)
    assert found == {"result": SCIP_RESULT.FEASIBLE if is_safe else SCIP_RESULT.INFEASIBLE}
