"""The memory of a set of processes, each page that several share counted once in all."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.sessions.hubs import CannotMeasureError
from benchmarks.sessions.measures import PARTS
from tre.hub.processes import Process

_KIB_A_MIB = 1024


def memory_by_part(session: Iterable[Process]) -> dict[str, float]:
    """MiB of a session's processes by part: their proportional set sizes, added up (proc(5): Pss).

    Raises CannotMeasureError where this account may not ask: a part of it would mislead.
    """
    found = dict.fromkeys(PARTS, 0.0)
    for one in session:
        found[_part(one.pid)] += _share_mib(one.pid)
    return found


def memory_of(those: Iterable[Process]) -> float:
    """MiB of all of them together."""
    return sum(_share_mib(one.pid) for one in those)


def _share_mib(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0.0
    except PermissionError as error:
        message = f"this account may not ask how much memory process {pid} has; try as root"
        raise CannotMeasureError(message) from error
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0")
    return int(line.split()[1]) / _KIB_A_MIB


def _part(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "server"
    words = command.rstrip("\0").split("\0")
    if Path(words[0]).name in {"bwrap", "sh"}:
        return "seal"
    is_kernel = any(name in word for word in words for name in ("ipykernel", "start_kernel.py"))
    return "kernel" if is_kernel else "server"
