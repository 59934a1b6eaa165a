"""A table of a Parquet file with little memory: python -m benchmarks.race.larger TASK FILE MIB."""

import json
import resource
import sys
from pathlib import Path

from benchmarks.measure import several_times
from benchmarks.race.ours import checked
from benchmarks.race.tasks import TASKS, UNIT
from output_checks import Data


def main(arguments: list[str]) -> None:
    """Allow so many MiB of data, make the table and judge it, write what it took as JSON."""
    task, file, allowed_mib = arguments
    allowed = int(allowed_mib) << 20
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
    data = Data.read(Path(file), unit=UNIT, name="invented")
    found = several_times(lambda: checked(data, TASKS[task]), times=1, seconds=0)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
