"""The processes that one `tre up` started: who they are, and how to end exactly those.

A process is known by its number together with the moment when it started: numbers are used again.
"""

import ctypes
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

_STATE, _PARENT, _STARTED = 0, 1, 19
"""Places in /proc/<pid>/stat after the command's closing bracket (proc(5): fields 3, 4, 22)."""


@dataclass(frozen=True, slots=True, order=True)
class Process:
    """One process; started: clock ticks after the machine's start."""

    pid: int
    started: int


def process(pid: int) -> Process | None:
    """Look at one process; None where it is gone, or only waits for its parent to notice."""
    fields = _fields(pid)
    if fields is None or fields[_STATE] == "Z":
        return None
    return Process(pid, int(fields[_STARTED]))


def descendants(root: int) -> set[Process]:
    """Everything that a process has started, and what those have started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            children.setdefault(int(fields[_PARENT]), []).append(int(entry.name))
    found: set[Process] = set()
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            waiting.append(child)
            if one := process(child):
                found.add(one)
    return found


def alive(processes: set[Process]) -> set[Process]:
    """Those of them that still run, and are still the same."""
    return {one for one in processes if process(one.pid) == one}


def end(processes: set[Process], *, patience_seconds: float) -> set[Process]:
    """Ask them to stop, wait, then insist; gives back those that not even that has ended."""
    signal_all(processes, "SIGTERM")
    if left := wait_until_gone(processes, patience_seconds):
        signal_all(left, "SIGKILL")
        return wait_until_gone(left, patience_seconds)
    return set()


def wait_until_gone(processes: set[Process], seconds: float) -> set[Process]:
    """Wait for them to end; gives back those that are still there."""
    until = time.monotonic() + seconds
    left = alive(processes)
    while left and time.monotonic() < until:
        _collect_dead_children()
        time.sleep(0.05)
        left = alive(left)
    _collect_dead_children()
    return left


def collect_adopted(but: int) -> None:
    """Take note of adopted children that ended; of `but` somebody else takes note."""
    try:
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid == but:
                return
            os.waitpid(ended.si_pid, 0)
    except ChildProcessError:
        return


def write_down(processes: set[Process], file: Path) -> None:
    """Keep the list for a later start, should this one be killed."""
    text = json.dumps([[one.pid, one.started] for one in sorted(processes)])
    beside = file.with_suffix(".part")
    beside.write_text(text, encoding="ascii")
    beside.replace(file)


def left_over(file: Path) -> set[Process]:
    """What an earlier start wrote down and never ended."""
    try:
        listed = json.loads(file.read_text(encoding="ascii"))
    except (FileNotFoundError, json.JSONDecodeError):
        return set()
    return alive({Process(int(pid), int(started)) for pid, started in listed})


def signal_all(processes: set[Process], name: str) -> None:
    """Send a signal, by its name, to those that still run."""
    for one in alive(processes):
        try:
            os.kill(one.pid, signal.Signals[name])
        except ProcessLookupError:
            continue


def _collect_dead_children() -> None:
    """Take note of children that ended, adopted ones too, or they stay as zombies."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _fields(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def die_with_parent() -> None:
    """Called in a child before its program begins: it ends when the one that started it does."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
