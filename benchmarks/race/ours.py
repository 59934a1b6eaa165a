"""output_checks: a table with its evidence, with its verdict, and with all its sentences."""

from pathlib import Path

import polars as pl

from benchmarks.race.tasks import UNIT, VARIABLE, Task
from output_checks import Data, Table


def load(path: Path) -> Data:
    """Read the records into memory."""
    return Data.read(pl.read_parquet(path), unit=UNIT, name="invented")


def table(data: Data, task: Task) -> Table:
    """Make the table with everything that is behind its cells."""
    return data.table(
        task.rows,
        task.columns,
        statistic=task.statistic,
        of=None if task.statistic == "count" else VARIABLE,
    )


def table_only(data: Data, task: Task) -> str:
    """Make the table; say how many cells it has."""
    return f"{len(table(data, task).cells):,} cells"


def checked(data: Data, task: Task) -> str:
    """Make the table and judge it; say the verdict.

    Every finding is known then, and counted by its rule; none is a sentence yet.
    """
    return str(table(data, task).report().verdict)


def read(data: Data, task: Task) -> str:
    """Make the table, judge it and read every finding; say the verdict and how many there are."""
    report = table(data, task).report()
    return f"{report.verdict}, {len(tuple(report.findings)):,} findings"
