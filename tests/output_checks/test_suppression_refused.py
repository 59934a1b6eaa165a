"""A safe pattern is found wherever there is one. Fails at c342357; see the report."""

import numpy as np
import pytest

from output_checks.protect.optimal import cheapest_pattern
from tests.output_checks import instances
from tests.output_checks.made_tasks import drawn, least_cost, task_of


@pytest.mark.parametrize("primary", [[(1, 0)], [(0, 0), (0, 1), (1, 0)]])
def test_a_cell_that_is_safe_by_moving_both_ways_is_not_refused(primary):
    # 30 can fall by 6 and rise by 4: [24, 34] is 10 wide, as are all four cells' intervals.
    task = drawn([[4, 6], [30, 50]], primary)
    assert task.unsafe(task.allowed) == []
    assert cheapest_pattern(task) is not None


@pytest.mark.parametrize("seed", [1, 11, 15, 20, 22])
def test_a_tiny_table_with_a_safe_pattern_is_not_refused(seed):
    task = task_of(instances.n_way((2, 2, 2), share=0.3, seed=seed))
    assert np.isfinite(least_cost(task))
    assert cheapest_pattern(task) is not None
