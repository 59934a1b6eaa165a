"""A part of a safe pattern is shown and grown anew: what is kept is safe, and never dearer."""

import numpy as np
import pytest

from output_checks.protect import optimal, pattern, regrow
from output_checks.protect.effort import Effort
from output_checks.protect.optimal import cheapest_pattern
from output_checks.protect.pattern import Growth, Task
from output_checks.protect.search import Search
from tests.output_checks import instances
from tests.output_checks.made_tasks import TINY_TABLES, drawn, task_of, unsafe_by_linprog

ROW = [[3, 30, 41], [25, 33, 27]]
LARGER = [
    instances.two_way(6, 8, share=0.2, seed=2),
    instances.n_way((4, 4, 5), share=0.15, seed=2),
    instances.hierarchical(((6, 2, 1), (4, 1)), share=0.15, seed=2),
    instances.sums(((5, 1), (6, 1)), share=0.15, seed=2),
]


def dear(task):
    """A search that knows the largest safe pattern alone."""
    search = Search(task, Effort(np.inf))
    search.relax(search.effort.part(0.5))
    most = search.largest_safe()
    assert most is not None
    search.offer(most)
    return search


@pytest.mark.parametrize("table", LARGER, ids=lambda one: one.name)
def test_it_finds_safe_patterns_that_are_cheaper(table):
    task = task_of(table)
    search = dear(task)
    before = search.cost
    regrow.regrow(search, search.effort.part(1.0))
    assert search.cost < before
    assert search.cost == task.cost_of(search.best)
    assert search.best[task.primary].all()
    assert not (search.best & ~task.allowed & ~task.primary).any()
    assert not any(unsafe_by_linprog(one, search.best) for one in task.attacks)


def test_the_same_task_ends_the_same():
    found = []
    for _ in range(2):
        search = dear(task_of(LARGER[1]))
        regrow.regrow(search, search.effort.part(1.0))
        found.append((search.best.tolist(), search.effort.spent))
    assert found[0] == found[1]


def test_without_effort_or_a_pattern_nothing_is_tried():
    task = task_of(TINY_TABLES[0])
    search = dear(task)
    before = search.best.copy()
    regrow.regrow(search, Effort(0.0).part(1.0))
    assert (search.best == before).all()
    search.best = None
    regrow.regrow(search, search.effort.part(1.0))
    assert search.best is None


def test_where_only_primary_cells_are_withheld_nothing_can_be_shown():
    task = drawn(ROW, [(0, 0), (0, 1), (1, 0), (1, 1)])
    search = dear(task)
    search.best, search.cost = task.primary.copy(), 1.0
    spent = search.effort.spent
    regrow.regrow(search, search.effort.part(1.0))
    assert search.effort.spent == spent


def test_what_cannot_be_grown_again_stays_withheld(monkeypatch):
    search = dear(task_of(LARGER[0]))
    before = search.best.copy()
    monkeypatch.setattr(Growth, "until_safe", lambda self, withheld, readers: False)
    regrow.regrow(search, search.effort.part(1.0))
    assert (search.best == before).all()


def test_readers_know_again_what_they_knew_before_a_try():
    task = task_of(LARGER[0])
    search = dear(task)
    search.readers[0].look_at(search.best)
    search.readers[0].unsafe()
    withheld, seen = search.readers[0].known()
    search.remember()
    search.readers[0].look_at(task.primary)
    assert search.readers[0].unsafe()
    search.look_back()
    after = search.readers[0].known()
    assert (after[0] == withheld).all()
    assert (after[1] == seen).all()
    assert search.readers[0].unsafe() == []


def test_patterns_that_are_made_cheaper_first_are_proven_too(monkeypatch):
    for table in [*TINY_TABLES, *LARGER]:
        task = task_of(table)
        found = []
        for small in (250, 0):
            monkeypatch.setattr(optimal, "_SMALL", small)
            pattern = cheapest_pattern(task)
            assert pattern is not None
            found.append((pattern.proven, pattern.bound, task.cost_of(pattern.withheld)))
        assert found[0] == found[1]


def test_where_growing_anew_comes_down_to_the_bound_nothing_is_left_to_prove(monkeypatch):
    def asked(search, part):
        raise AssertionError("the proof was begun")

    monkeypatch.setattr(optimal, "_SMALL", 0)
    monkeypatch.setattr(optimal, "branch_and_cut", asked)
    monkeypatch.setattr(optimal, "regrow", lambda search, part: search.raise_bound(search.cost))
    found = cheapest_pattern(task_of(LARGER[1]))
    assert found is not None
    assert found.proven


# Growing


def grown(task: Task, *, whole: bool = False) -> Growth:
    may = task.allowed | task.primary
    return Growth(task, may, task.cost, Effort(np.inf), whole=whole)


def test_what_one_movement_shows_safe_is_not_moved_again(monkeypatch):
    moved, cells = pattern._Flow.moved, []

    def noted(self, cell, way, price):
        cells.append(cell)
        return moved(self, cell, way, price)

    monkeypatch.setattr(pattern._Flow, "moved", noted)
    # All four are small, none can be told, and one movement of all four says so of each.
    task = drawn([[9, 9, 90], [9, 9, 80], [70, 60, 50]], [(0, 0), (0, 1), (1, 0), (1, 1)])
    search = dear(task)
    withheld = task.primary.copy()
    assert grown(task).until_safe(withheld, search.readers)
    assert task.is_safe(withheld)
    assert len(set(cells)) < 4


def test_where_nothing_moves_there_is_no_pattern_in_whole_people(monkeypatch):
    task = drawn(ROW, [(0, 0)])
    monkeypatch.setattr(pattern._Flow, "moved", lambda self, cell, way, price: None)
    assert not grown(task, whole=True).until_safe_in_whole_numbers(task.primary.copy())


def test_a_pattern_that_whole_people_break_and_nothing_mends_is_none(monkeypatch):
    task = drawn(ROW, [(0, 0)])
    assert cheapest_pattern(task) is not None
    monkeypatch.setattr(Task, "unsafe", lambda self, withheld: [(self.attacks[0], 0)])
    monkeypatch.setattr(Growth, "_protected", lambda self, unsafe, withheld: False)
    assert cheapest_pattern(task) is None
