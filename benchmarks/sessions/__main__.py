"""`python -m benchmarks.sessions N`: what N sessions at once cost, as one line of JSON."""

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.sessions.crowd import crowd
from benchmarks.sessions.hubs import CannotMeasureError, sealed, unsealed
from benchmarks.sessions.measures import MEMORY
from benchmarks.sessions.people import RECORDS, record_people
from benchmarks.sessions.side_by_side import notebooks_by_turns, sessions_by_turns
from tre.config import Config

CORES = 2
MANY = 20
"""With fewer sessions it is only a look, with few rounds."""
ROUNDS, FEW_ROUNDS = 7, 1
WORKING_SECONDS, FEW_SECONDS = 60.0, 5.0
KEPT_FREE_MIB, GROWTH = 1024, 1.6
"""A session that works with data needs more than a new one: so many times as much."""


def measured(sessions: int) -> dict[str, Any]:
    """Measure everything; the hub, its sessions and their browsers share two cores."""
    began, load = time.monotonic(), os.getloadavg()[0]
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    rounds, seconds = (ROUNDS, WORKING_SECONDS) if sessions >= MANY else (FEW_ROUNDS, FEW_SECONDS)
    with tempfile.TemporaryDirectory(prefix="sessions-") as name:
        folder = Path(name).resolve()
        home = folder / "home"
        accounts = record_people(Config(home=home), sessions)
        people = list(accounts.secrets)
        with sealed(home, accounts) as ours:
            with unsealed(folder / "stock", accounts) as stock:
                sides = sessions_by_turns((ours, stock), people[0], rounds)
            sides |= notebooks_by_turns(accounts.extract, folder / "again", rounds)
            invited = people[: _room_for(median(sides[MEMORY]["sealed"]))]
            together = crowd(ours, home, invited, seconds)
    return {
        "asked": sessions,
        "cores": len(cores),
        "load_before": load,
        "records": RECORDS,
        "sides": sides,
        "crowd": together,
        "working_seconds": seconds,
        "took_seconds": time.monotonic() - began,
    }


def _room_for(session_mib: float) -> int:
    """How many sessions the free memory of this machine holds; one at least."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith("MemAvailable:"))
    return max(1, int((int(line.split()[1]) / 1024 - KEPT_FREE_MIB) // (session_mib * GROWTH)))


def _stop(*_: object) -> None:
    sys.exit("stopped; what was started is ended")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.stdout.write(json.dumps(measured(int(sys.argv[1]))) + "\n")
    except CannotMeasureError as error:
        sys.exit(str(error))
