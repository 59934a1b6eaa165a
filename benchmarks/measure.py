"""Time a piece of work and the most memory that it took."""

import ctypes
import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

T = TypeVar("T")
STATUS = Path("/proc/self/status")
FORGET_THE_PEAK = "5"
"""What /proc/self/clear_refs is told, to start the peak of the resident memory again."""


@dataclass(slots=True, kw_only=True)
class Measured:
    """Rows of the report: what was done, what it took, and a word on the result.

    facts: whatever else the process that asked is to be told, ready for JSON.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def time(self, what: str, work: Callable[[], T], note: Callable[[T], str]) -> T:
        """Do the work once, as one row; `note` says something of what came out.

        Seconds by the clock and of all processors together, those of ended children included; the
        memory is the most that was resident at any moment of it, in this process or in a child.
        """
        _forget_the_peak()
        began, worked = time.perf_counter(), _processor_seconds()
        result = work()
        row = {
            "what": what,
            "seconds": time.perf_counter() - began,
            "processor_seconds": _processor_seconds() - worked,
            "memory_mib": max(_resident_mib("VmHWM"), _most_of_a_child()),
        }
        self.rows.append(row | {"note": note(result)})
        return result

    def report(self) -> None:
        """Write the rows as JSON for the process that asked."""
        sys.stdout.write(json.dumps({"rows": self.rows} | self.facts) + "\n")


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _most_of_a_child() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def several_times(work: Callable[[], Any], *, times: int, seconds: float) -> dict[str, Any]:
    """Do the work up to `times` times, no new one after `seconds`: median times, peak memory.

    Seconds by the clock, and those of all processors together, which other work on the machine
    changes less. The memory is that of the first time, above what was resident before it: data
    and libraries are loaded by then. None where the kernel lets no process start its peak again.
    """
    before = _settled_mib()
    is_known = _forget_the_peak()
    taken = []
    worked = []
    note = ""
    peak = None
    began = time.perf_counter()
    while len(taken) < times and (not taken or time.perf_counter() - began < seconds):
        start, start_working = time.perf_counter(), time.process_time()
        result = work()
        taken.append(time.perf_counter() - start)
        worked.append(time.process_time() - start_working)
        if peak is None:
            peak = _resident_mib("VmHWM")
        note = str(result)
        del result
    memory = max(peak - before, 0.0) if is_known and peak is not None else None
    return {
        "seconds": median(taken),
        "processor_seconds": median(worked),
        "runs": len(taken),
        "memory_mib": memory,
        "loaded_mib": before,
        "note": note,
    }


def _settled_mib() -> float:
    """Resident memory when what loading left over has gone back to the system."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):  # another C library
        sys.stderr.write("cannot trim; the memory that loading left over counts as loaded\n")
    time.sleep(1.5)
    return _resident_mib("VmRSS")


def _forget_the_peak() -> bool:
    try:
        Path("/proc/self/clear_refs").write_text(FORGET_THE_PEAK, encoding="ascii")
    except OSError:
        return False
    return True


def _resident_mib(field_name: str) -> float:
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    line = next(line for line in lines if line.startswith(f"{field_name}:"))
    return int(line.split()[1]) / 1024
