"""The model that is solved again and again with other costs."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from output_checks.protect.solver import Model


@pytest.mark.parametrize("times", [1, 2])
def test_one_cost_replaced_once_or_again_by_itself_counts_once(times):
    # x + y = 10, each up to 8; only x costs: x = 2, y = 8. Without the cost either would do.
    sums = csr_matrix(np.array([[1.0, 1.0]]))
    bounds = np.zeros(2), np.full(2, 8.0)
    model = Model(sums, (np.array([10.0]), np.array([10.0])), bounds)
    for _ in range(times):
        model.set_cost(0, 3.0)
    assert model.minimise().columns.tolist() == [2.0, 8.0]
    model.set_cost(0, 0.0)
    model.set_cost(1, 3.0)
    assert model.minimise().columns.tolist() == [8.0, 2.0]


PRINT_NOTHING = """
import numpy as np
from scipy.sparse import csr_matrix
from output_checks.protect.solver import Model
one = np.array([1.0])
Model(csr_matrix([[1.0]]), (one, one), (np.zeros(1), one)).minimise()
"""


def test_the_optimiser_prints_nothing():
    """A banner on standard output, as HiGHS 1.16 prints one, would come before a command's JSON."""
    done = subprocess.run(
        [sys.executable, "-c", PRINT_NOTHING], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
