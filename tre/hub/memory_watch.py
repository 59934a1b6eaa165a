"""Watches the memory of a session's kernels where no control group counts it.

Not as good: a process may have more for a quarter of a second. It keeps a session from taking the
machine from others, which limits of its single processes do not.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tre.hub.processes import Process, descendants, signal_all

INTERVAL_SECONDS = 0.25
_KIB = 1024


class MemoryWatch:
    """Ends the largest process of a session that uses more memory than it was given.

    kernels: asks for the processes (bubblewraps) of the session's kernels. mine: one of them; of
    several watches of one session, that of the lowest number works.
    """

    def __init__(self, kernels: Callable[[], set[int]], mine: int, limit_bytes: int):
        self._kernels, self._mine, self._limit = kernels, mine, limit_bytes
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(INTERVAL_SECONDS):
            kernels = self._kernels()
            if self._mine == min(kernels, default=self._mine):
                keep_within(kernels, self._limit)


def keep_within(kernels: set[int], limit_bytes: int) -> Process | None:
    """End the largest process below these, if all together use too much; gives it back."""
    found = {one for kernel in kernels for one in descendants(kernel)}
    if sum(_touched(one) for one in found) <= limit_bytes:
        return None
    # What several share was counted several times; to count it once costs more.
    used = {one: _share(one) for one in found}
    if sum(used.values()) <= limit_bytes:
        return None
    largest = max(used, key=lambda one: used[one])
    signal_all({largest}, "SIGKILL")
    return largest


def _touched(one: Process) -> int:
    """Bytes in memory, shared ones too (proc(5): VmRSS)."""
    return _line(Path(f"/proc/{one.pid}/status"), "VmRSS:")


def _share(one: Process) -> int:
    """Bytes in memory, those shared with others in parts (proc(5): Pss)."""
    return _line(Path(f"/proc/{one.pid}/smaps_rollup"), "Pss:")


def _line(file: Path, name: str) -> int:
    with suppress(OSError):
        for line in file.read_text("ascii", errors="replace").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * _KIB
    return 0
