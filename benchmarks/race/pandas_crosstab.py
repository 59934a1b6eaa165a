"""pandas.crosstab: rows counted or summed, with no evidence and no check."""

from pathlib import Path

import pandas as pd

from benchmarks.race.tasks import VARIABLE, Task


def load(path: Path) -> pd.DataFrame:
    """Read the records into memory."""
    return pd.read_parquet(path)


def table(frame: pd.DataFrame, task: Task) -> str:
    """Make the table; say how many cells it has."""
    rows = [frame[name] for name in task.rows]
    columns = [frame[name] for name in task.columns]
    if task.statistic == "count":
        made = pd.crosstab(rows, columns, margins=True)
    else:
        made = pd.crosstab(rows, columns, values=frame[VARIABLE], aggfunc="sum", margins=True)
    return f"{made.size:,} cells"
