"""acro: rows counted or summed, with the checks that it makes of rows."""

import logging
import warnings
from pathlib import Path

import pandas as pd
from acro import ACRO

from benchmarks.race.tasks import VARIABLE, Task

Loaded = tuple[ACRO, pd.DataFrame]


def load(path: Path) -> Loaded:
    """Read the records into memory; acro logs every call and warns of pandas, which costs time."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    return ACRO(suppress=False), pd.read_parquet(path)


def table(loaded: Loaded, task: Task) -> str:
    """Make the table and its check; say what acro says."""
    acro, frame = loaded
    rows = [frame[name] for name in task.rows]
    columns = [frame[name] for name in task.columns]
    if task.statistic == "count":
        acro.crosstab(rows, columns, margins=True)
    else:
        acro.crosstab(rows, columns, values=frame[VARIABLE], aggfunc="sum", margins=True)
    name = acro.results.get_index(-1).uid
    return str(acro.results.get(name).status)
