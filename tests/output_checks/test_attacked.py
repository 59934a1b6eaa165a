"""Protected tables attacked from outside: only what is released, and a solver of one's own."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from output_checks import Data

THRESHOLD = 10


def sparse_counts(seed):
    """A table of 3 by 3 to 5 by 6 cells, each 0 to 40 people, some of them empty."""
    chance = np.random.default_rng(seed)
    shape = chance.integers(3, 6), chance.integers(3, 7)
    counts = chance.poisson(chance.choice([2, 8, 20], size=shape)).clip(max=40)
    return counts * (chance.random(shape) < chance.choice([0.4, 0.7, 1]))


def cells_behind(shape):
    """For every released cell the inner cells that it is the sum of."""
    rows, columns = shape
    numbers = np.eye(rows * columns).reshape(rows, columns, -1)
    numbers = np.concatenate([numbers, numbers.sum(axis=0, keepdims=True)], axis=0)
    return np.concatenate([numbers, numbers.sum(axis=1, keepdims=True)], axis=1)


def extreme(costs, sums, known, sign):
    found = milp(
        sign * costs,
        integrality=np.ones(len(costs)),
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(sums, known, known),
    )
    return sign * round(found.fun) if found.success else np.inf


@pytest.mark.parametrize("seed", range(12))
def test_nobody_can_work_out_a_withheld_count(seed):
    counts = sparse_counts(seed)
    people = [place for place in np.ndindex(*counts.shape) for _ in range(counts[place])]
    frame = pl.DataFrame(
        {
            "id": range(len(people)),
            "a": [f"a{i}" for i, _ in people],
            "b": [f"b{j}" for _, j in people],
        }
    )
    table = Data.read(frame, unit="id").table("a", "b")
    truth = table.released()["value"].to_list()
    seen = table.protect("suppress").released()["value"].to_list()
    shape = (frame["a"].n_unique(), frame["b"].n_unique())
    behind = cells_behind(shape).reshape(-1, np.prod(shape))
    shown = [i for i, value in enumerate(seen) if value is not None]
    assert [seen[i] for i in shown] == [truth[i] for i in shown]
    assert all(not 0 < seen[i] < THRESHOLD for i in shown)
    known = np.array([seen[i] for i in shown], dtype=float)
    for cell in set(range(len(seen))) - set(shown):
        low = extreme(behind[cell], behind[shown], known, 1)
        high = extreme(behind[cell], behind[shown], known, -1)
        assert high - low >= THRESHOLD or (low <= 1 and high >= THRESHOLD - 1)
