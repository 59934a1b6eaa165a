"""The processor time of a set of processes, which other work on the machine changes less."""

import os
from collections.abc import Iterable
from pathlib import Path

from tre.hub.processes import Process

_OWN_AND_ENDED_CHILDREN = slice(11, 15)
"""Places in /proc/<pid>/stat after the command's closing bracket (proc(5): fields 14 to 17)."""


def processor_seconds(those: Iterable[Process]) -> float:
    """Seconds of all processors that they and their ended children have used since they started."""
    return sum(_ticks(one.pid) for one in those) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0
    fields = text.rpartition(")")[2].split()
    return sum(int(field) for field in fields[_OWN_AND_ENDED_CHILDREN])
