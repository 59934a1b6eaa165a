"""Starts the process that runs one code file again, and ends it when it takes too much."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tre.hub import processes
from tre.hub.session_file import Session, write_session
from tre.hub.watched import size_of
from tre.safe_settings.session_spec import SessionSpec

SESSION, NOTEBOOK, ANSWER = "session.json", "notebook.ipynb", "answer.json"

MOST_MEMORY_BYTES = 1536 * 2**20
"""Of the process beside the sandbox, which holds what the run prints."""

LOOK_SECONDS = 0.2
MEASURE_SECONDS = 2.0
"""How often the workspace is measured."""

PATIENCE_SECONDS = 10
LARGEST_ANSWER = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended. failure: in words, "" where it came to its end. cell: where it failed."""

    failure: str = ""
    cell: int = 0
    too_long: bool = False


class StoppedError(Exception):
    """The environment is being stopped; the run was ended and says nothing."""


def run_apart(
    spec: SessionSpec, notebook: bytes, *, seconds: float, stop: threading.Event
) -> Ended:
    """Run a notebook again, sealed, in a process apart; whatever it does, it ends.

    seconds: for all of it. stop: set to end it early, which raises StoppedError.
    """
    with tempfile.TemporaryDirectory(prefix="tre-again-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        write_session(Session(spec=spec, desk_url=""), folder / SESSION)
        (folder / NOTEBOOK).write_bytes(notebook)
        process = _started(folder, seconds)
        try:
            too_much = _waited(process, spec, time.monotonic() + seconds, stop)
        finally:
            _end(process)
        return too_much or _answer(folder)


def _started(folder: Path, seconds: float) -> "subprocess.Popen[bytes]":
    """Start it with nothing of our environment; its own files lie in the folder."""
    module = "tre.hub.reproduction_child"
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", "-m", module, str(folder), str(int(seconds) + 1)],
        cwd="/",
        env={
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TMPDIR": str(folder),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "PATH": os.defpath,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=processes.die_with_parent,  # noqa: PLW1509 - one prctl
    )


def _waited(
    process: "subprocess.Popen[bytes]", spec: SessionSpec, until: float, stop: threading.Event
) -> Ended | None:
    """Wait for the end; say so where the run took too much before."""
    measure_at = 0.0
    while process.poll() is None:
        now = time.monotonic()
        if stop.is_set():
            raise StoppedError
        if now > until:
            return Ended(failure="took too long", too_long=True)
        if _memory_of(process.pid) > MOST_MEMORY_BYTES:
            return Ended(failure="printed more than can be held")
        if now > measure_at:
            if size_of(spec.workspace) > spec.limits.workspace_bytes:
                return Ended(failure="wrote more than a workspace may hold")
            measure_at = time.monotonic() + MEASURE_SECONDS
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_SECONDS)
    return None


def _answer(folder: Path) -> Ended:
    """Read what the process apart, which is ours, wrote; the words in it are the run's."""
    try:
        with (folder / ANSWER).open("rb") as file:
            said = json.loads(file.read(LARGEST_ANSWER))
        failure, cell = str(said["failure"]), int(said["cell"])
    except (OSError, ValueError, KeyError):
        return Ended(failure="could not be started, or is no notebook")
    if failure and not cell:
        failure = f"could not be started: {failure}"
    return Ended(failure=failure, cell=cell)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it if it runs: asked first, so that it removes its group; the kernel ends with it."""
    for ask in (process.terminate, process.kill):
        if process.poll() is None:
            ask()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)


def _memory_of(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
