"""Sealed and unsealed by turns: one session is opened, measured and ended before the other is."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from benchmarks.sessions.browser import Browser
from benchmarks.sessions.hubs import CannotMeasureError, Hub
from benchmarks.sessions.measures import (
    KERNEL,
    MEMORY,
    PAGE,
    PROCESSOR,
    RERUN,
    SECOND_KERNEL,
    SERVER,
    Sides,
    memory_of_part,
)
from benchmarks.sessions.memory import memory_by_part
from benchmarks.sessions.people import PROJECT
from benchmarks.sessions.processor import processor_seconds
from tre.hub import processes
from tre.hub.sealed_run import run_notebook
from tre.safe_settings.session_spec import SessionSpec

GONE_SECONDS = 30
_SETTLE_SECONDS = 1.0
_FOLDERS = ("workspace", "outbox", "replies")

CELL = """\
print(pl.scan_parquet("{data}/linked.parquet").group_by("diagnosis", "sex").agg(
    pl.col("person_id").n_unique(), pl.col("attainment").mean()
).sort("diagnosis", "sex").collect())"""
"""What a session's people run; `import polars as pl` comes before it."""


def sessions_by_turns(hubs: Sequence[Hub], person: str, rounds: int) -> Sides:
    """Open a session of one person again and again; a first round, not counted, warms up."""
    browsers = [Browser(hub, person) for hub in hubs]
    found: Sides = {}
    for number in range(rounds + 1):
        for browser in browsers:
            tell(f"{browser.hub.kind}: click {number} of {rounds}")
            measured = _one_session(browser)
            if number:
                _add(found, browser.hub.kind, measured)
    for browser in browsers:
        browser.close()
    return found


def notebooks_by_turns(extract: Path, folder: Path, rounds: int) -> Sides:
    """Run one notebook again and again, in a sealed session and by bare nbclient."""
    spec = _spec(extract, folder)
    runs: dict[str, Callable[[], object]] = {
        "sealed": lambda: run_notebook(spec, _notebook("/data")),
        "unsealed": lambda: _run_unsealed(_notebook(str(extract)), spec.workspace),
    }
    found: Sides = {}
    for number in range(rounds + 1):
        for kind, run in runs.items():
            tell(f"{kind}: notebook {number} of {rounds}")
            began = time.perf_counter()
            run()
            if number:
                _add(found, kind, {RERUN: time.perf_counter() - began})
    return found


def must_be_gone(session: set[processes.Process], of: str) -> None:
    """Wait until a session's processes are gone; raises where they stay."""
    left = processes.wait_until_gone(session, GONE_SECONDS)
    if left:
        message = f"{len(left)} processes of {of} did not end"
        raise CannotMeasureError(message)


def tell(words: str) -> None:
    """Say how far it is."""
    sys.stderr.write(f"  {words} …\n")


def _one_session(browser: Browser) -> dict[str, float]:
    before = browser.hub.descendants()
    opening, kernel = browser.open()
    time.sleep(_SETTLE_SECONDS)
    session = browser.hub.descendants() - before
    worked, parts = processor_seconds(session), memory_by_part(session)
    began = time.perf_counter()
    second = browser.start_kernel()
    started = time.perf_counter() - began
    browser.end_kernel(second)
    kernel.close()
    session |= browser.hub.descendants() - before
    browser.stop()
    must_be_gone(session, f"the {browser.hub.kind} session")
    return {
        SERVER: opening.server,
        PAGE: opening.page,
        KERNEL: opening.kernel,
        PROCESSOR: worked,
        SECOND_KERNEL: started,
        MEMORY: sum(parts.values()),
    } | {memory_of_part(part): value for part, value in parts.items()}


def _add(found: Sides, kind: str, measured: Mapping[str, float]) -> None:
    for what, value in measured.items():
        found.setdefault(what, {}).setdefault(kind, []).append(value)


def _spec(extract: Path, folder: Path) -> SessionSpec:
    workspace, outbox, replies = places = [folder / name for name in _FOLDERS]
    for each in places:
        each.mkdir(parents=True)
    return SessionSpec(
        person="nobody",
        project=PROJECT,
        title="A notebook run again",
        practice=False,
        policy="srs",
        extract=extract,
        workspace=workspace,
        outbox=outbox,
        replies=replies,
    )


def _notebook(data: str) -> bytes:
    cells = ["import polars as pl", *[CELL.format(data=data)] * 3]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return nbformat.writes(made).encode()


def _run_unsealed(notebook: bytes, workspace: Path) -> None:
    """As `run_notebook` does, with the kernel that this Python brought along."""
    folder = str(Path(sys.prefix) / "share" / "jupyter" / "kernels")
    kernels = KernelSpecManager(kernel_dirs=[folder])
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels)
    content = nbformat.reads(notebook.decode(), as_version=4)
    where = {"metadata": {"path": str(workspace)}}
    client = NotebookClient(content, km=manager, resources=where)
    client.execute(cleanup_kc=True, stderr=subprocess.DEVNULL)
