"""One thread or several: the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MAKE = """
import json
import numpy as np
import polars as pl
from output_checks import Data

chance = np.random.default_rng(7)
size = 20_000
frame = pl.DataFrame(
    {
        "id": chance.integers(0, 6_000, size),
        "a": chance.integers(0, 6, size),
        "b": chance.integers(0, 5, size).astype(str),
        "x": chance.lognormal(3, 2, size) * chance.choice([-1.0, 1.0], size),
    }
)
table = Data.read(frame, unit="id").table(
    "a", "b", statistic=["sum", "mean", "std", "median"], of="x"
)
print(pl.thread_pool_size())
print(json.dumps([grid.rows(grid.frame.columns[2:]) for grid in table.grids]))
print(json.dumps(table.report().to_dict(), default=str))
"""


def made_with(threads):
    done = subprocess.run(
        [sys.executable, "-c", MAKE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "POLARS_MAX_THREADS": str(threads)},
    )
    used, *rest = done.stdout.splitlines()
    assert int(used) == threads
    return rest


def test_the_number_of_threads_changes_not_one_bit():
    one, four = made_with(1), made_with(4)
    assert json.loads(one[0])[0][0]["units"] > 100
    assert one == four
