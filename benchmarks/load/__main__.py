"""`python -m benchmarks.load SECONDS`: people at once at the desk, as one line of JSON."""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.load.measured import measured
from benchmarks.load.people import RECORDS
from benchmarks.load.served import databases
from benchmarks.sessions.hubs import CannotMeasureError

CORES, PEOPLE = 2, 50
THINK_SECONDS, TWICE = 3.0, 0.25
"""A click every three seconds is more than people who read can do."""


def everything(seconds: float) -> dict[str, Any]:
    """Measure each database that is here; servers and browsers share two cores."""
    cores, load = sorted(os.sched_getaffinity(0))[:CORES], os.getloadavg()[0]
    os.sched_setaffinity(0, cores)
    sides = []
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        for database in databases():
            sys.stderr.write(f"  {PEOPLE} people on {database} for {seconds:.0f} s …\n")
            folder = Path(name).resolve() / database.lower()
            how = {"think_seconds": THINK_SECONDS, "twice": TWICE}
            sides.append(measured(database, folder, PEOPLE, seconds, **how))
    return {
        "cores": len(cores),
        "load_before": load,
        "records": RECORDS,
        "seconds": seconds,
        "think_seconds": THINK_SECONDS,
        "twice": TWICE,
        "sides": sides,
    }


def _stop(*_: object) -> None:
    sys.exit("stopped; what was started is ended")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.stdout.write(json.dumps(everything(float(sys.argv[1]))) + "\n")
    except CannotMeasureError as error:
        sys.exit(str(error))
