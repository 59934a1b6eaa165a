"""One program, one table, one process: python -m benchmarks.race PROGRAM TASK FILE TIMES."""

import importlib
import json
import sys
from pathlib import Path

from benchmarks.measure import several_times
from benchmarks.race.tasks import TASKS

SECONDS = 20.0
"""After so long a slow program is not asked again."""

PROGRAMS = {
    "output_checks": ("benchmarks.race.ours", "table_only"),
    "output_checks with its check": ("benchmarks.race.ours", "checked"),
    "output_checks, every finding read": ("benchmarks.race.ours", "read"),
    "bare polars": ("benchmarks.race.bare_polars", "evidence"),
    "pandas.crosstab": ("benchmarks.race.pandas_crosstab", "table"),
    "acro": ("benchmarks.race.acro_crosstab", "table"),
}


def main(arguments: list[str]) -> None:
    """Load the data, make the table several times, write what it took as JSON."""
    program, task, file, times = arguments
    module_name, function = PROGRAMS[program]
    module = importlib.import_module(module_name)
    loaded = module.load(Path(file))
    work = getattr(module, function)
    found = several_times(lambda: work(loaded, TASKS[task]), times=int(times), seconds=SECONDS)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
