"""Many sessions at once: each is opened, then runs a cell again and again, with time to think."""

import json
import random
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import websocket

from benchmarks.sessions.browser import Browser, Kernel
from benchmarks.sessions.hubs import CannotMeasureError, Hub
from benchmarks.sessions.memory import memory_of
from benchmarks.sessions.side_by_side import CELL, GONE_SECONDS, tell
from tre.hub import processes

THINK_SECONDS = (1.0, 5.0)
RAMP_SECONDS = 1.0
"""Between one person's click and the next one's."""
_LOOK_SECONDS = 3.0
_FAILURES = (CannotMeasureError, OSError, httpx.HTTPError, websocket.WebSocketException)


@dataclass(slots=True)
class Visit:
    """One person's session. opened: seconds from the click to a ready kernel, None if it failed.

    cells: when each was sent (monotonic seconds), and the seconds until it had ended.
    """

    opened: float | None = None
    cells: list[tuple[float, float]] = field(default_factory=list)
    failure: str = ""


class Gathering:
    """Knows when everybody is there, and when it is over: some time after that."""

    def __init__(self, people: int, seconds: float):
        self._missing, self._seconds, self._lock = people, seconds, threading.Lock()
        self.complete_at = float("inf")

    def arrived(self) -> None:
        """One more is there, or will not come."""
        with self._lock:
            self._missing -= 1
            if not self._missing:
                self.complete_at = time.monotonic()

    def end(self) -> None:
        """Everybody may go now."""
        self._seconds = 0.0
        self.complete_at = min(self.complete_at, time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether everybody may go."""
        return time.monotonic() > self.complete_at + self._seconds


@dataclass(slots=True)
class Peak:
    """The most memory at any look, MiB: of everything, and of the sessions alone."""

    everything: float = 0.0
    sessions: float = 0.0


def crowd(hub: Hub, home: Path, people: Sequence[str], seconds: float) -> dict[str, Any]:
    """Have so many people work at once; seconds: from when the last of them is in.

    Returns figures for JSON: seconds of openings, of cells while others still came and when all
    were there; MiB; what failed, in words; what was left of processes and control groups.
    """
    tell(f"{len(people)} people sign in")
    with ThreadPoolExecutor(len(people)) as pool:
        browsers = list(pool.map(lambda person: Browser(hub, person), people))
        before = hub.descendants()
        gathering = Gathering(len(people), seconds)
        tell(f"{len(people)} sessions open and work for {seconds:.0f} s")
        with _watching(hub, before) as peak:
            numbered = enumerate(browsers)
            try:
                visits = list(pool.map(lambda one: _visit(*one, gathering), numbered))
            finally:  # whoever stops us does not wait until everybody has finished
                gathering.end()
        sessions, groups = hub.descendants() - before, _groups(home)
        tell(f"{len(people)} sessions end")
        failures = [*(visit.failure for visit in visits), *pool.map(_stop, browsers)]
    left = processes.wait_until_gone(sessions, GONE_SECONDS)
    cells = [cell for visit in visits for cell in visit.cells]
    return {
        "people": len(people),
        "opened": [visit.opened for visit in visits if visit.opened is not None],
        "cells_meanwhile": [took for at, took in cells if at < gathering.complete_at],
        "cells": [took for at, took in cells if at >= gathering.complete_at],
        "everything_mib": peak.everything,
        "sessions_mib": peak.sessions,
        "processes": len(sessions),
        "groups": len(groups),
        "failures": [failure for failure in failures if failure],
        "processes_left": len(left),
        "groups_left": sum(group.exists() for group in groups),
    }


def _visit(number: int, browser: Browser, gathering: Gathering) -> Visit:
    visit, chance = Visit(), random.Random(number)  # noqa: S311 - time to think
    time.sleep(number * RAMP_SECONDS)
    if gathering.is_over:
        return visit
    try:
        try:
            opening, kernel = browser.open()
            visit.opened = opening.kernel
            kernel.run("import polars as pl")
        finally:
            gathering.arrived()
        while not gathering.is_over:
            visit.cells.append(_run_cell(kernel, browser.hub))
            time.sleep(chance.uniform(*THINK_SECONDS))
        kernel.close()
    except _FAILURES as error:
        visit.failure = f"{browser.person}: {error or type(error).__name__}"
    return visit


def _run_cell(kernel: Kernel, hub: Hub) -> tuple[float, float]:
    began = time.monotonic()
    said = kernel.run(CELL.format(data=hub.data))
    took = time.monotonic() - began
    if "F20-F29" not in said:
        message = "a cell did not print its table"
        raise CannotMeasureError(message)
    return began, took


def _stop(browser: Browser) -> str:
    try:
        browser.stop()
    except _FAILURES as error:
        return f"{browser.person}, at the end: {error or type(error).__name__}"
    finally:
        browser.close()
    return ""


@contextmanager
def _watching(hub: Hub, before: set[processes.Process]) -> Generator[Peak]:
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            now = hub.descendants()
            sessions = memory_of(now - before)
            peak.sessions = max(peak.sessions, sessions)
            peak.everything = max(
                peak.everything, sessions + memory_of(now & before | hub.itself())
            )

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _groups(home: Path) -> list[Path]:
    """The control groups of all sessions that are open now, as the hub wrote them down."""
    records = (home / "sessions").glob("*/group.json")
    return [Path(one) for file in records for one in json.loads(file.read_text("utf-8"))]
