"""A Parquet file that is larger than the memory: read in parts, with the same evidence."""

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from output_checks.evidence import gather, rows
from output_checks.statistics import statistic

KEYSETS = [one for size in (2, 1, 0) for one in combinations(("a", "b"), size)]
STATISTICS = ("count", "sum", "mean", "std", "median")
SIZE = 20_000
PART = 500_000

MEASURED = """
import sys
from pathlib import Path
from output_checks import Data
from output_checks.evidence import rows

def peak_mib():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

rows._ROWS_AT_ONCE = int(sys.argv[2])
data = Data.read(sys.argv[1], unit="id")
data.table("a", "b", statistic="sum", of="x", where="a = 'nobody' OR id < 10")  # loads libraries
before = peak_mib()
data.table("a", "b", statistic="sum", of="x")
print(peak_mib() - before)
"""


def invented(size):
    chance = np.random.default_rng(11)
    return pl.DataFrame(
        {
            "id": chance.integers(0, size // 4, size),
            "a": chance.integers(0, 7, size),
            "b": chance.integers(0, 5, size),
            "x": chance.lognormal(3, 2, size) * chance.choice([-1.0, 1.0], size),
        }
    ).with_columns(pl.format("category {}", pl.col("a", "b")).name.keep())


@pytest.fixture(scope="module")
def frame():
    return invented(SIZE)


def gathered(data, unit="id"):
    asked = [statistic(name) for name in STATISTICS]
    return gather(data, keysets=KEYSETS, unit=unit, of="x", statistics=asked)


@pytest.mark.parametrize("unit", ["id", None])
def test_a_file_read_in_parts_gives_the_evidence_of_one_in_memory(
    frame, unit, tmp_path, monkeypatch
):
    frame.write_parquet(tmp_path / "large.parquet", row_group_size=1_000)
    whole, overlaps = gathered(frame.lazy(), unit)
    monkeypatch.setattr(rows, "_ROWS_AT_ONCE", 3_000)
    parts, also = gathered(pl.scan_parquet(tmp_path / "large.parquet"), unit)
    assert overlaps == also
    for one, other in zip(whole, parts, strict=True):
        assert one.equals(other)


def test_no_part_holds_many_more_rows_than_its_share(frame, tmp_path, monkeypatch):
    frame.write_parquet(tmp_path / "large.parquet", row_group_size=1_000)
    heights = []

    def remembered(*queries):
        found = collected(*queries)
        heights.extend(one.height for one in found)
        return found

    collected = rows.collected
    monkeypatch.setattr(rows, "_ROWS_AT_ONCE", 2_000)
    monkeypatch.setattr(rows, "collected", remembered)
    gather(
        pl.scan_parquet(tmp_path / "large.parquet"),
        keysets=KEYSETS,
        unit="id",
        statistics=[statistic("count")],
    )
    assert len(heights) == 10
    assert sum(heights) == SIZE
    assert max(heights) < 3_000


def written(file, copies):
    few = invented(PART)
    pl.concat(
        [few.with_columns(pl.col("id") + 2 * PART * copy) for copy in range(copies)]
    ).write_parquet(file)
    return file


def peak_mib(file, rows_at_once):
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file), str(rows_at_once)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},  # each thread holds a buffer of its own
    )
    return float(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_the_peak_of_memory_does_not_grow_with_the_records(tmp_path):
    small, large = written(tmp_path / "small.parquet", 4), written(tmp_path / "large.parquet", 16)
    added_mib = 12 * PART * (2 * 8 + 2 * 16) / 2**20  # 275: two numbers, two labels of 16 bytes
    lowest = peak_mib(small, PART)
    # Measured: 29 to 48 MiB for either file; the large one in a single part takes 335 to 347.
    assert peak_mib(large, PART) - lowest < added_mib / 3
    assert peak_mib(large, 16 * PART) - lowest > added_mib / 3
