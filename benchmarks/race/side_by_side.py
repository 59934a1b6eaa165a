"""Every program on every table and size, one after the other."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import records
from benchmarks.race.__main__ import PROGRAMS
from benchmarks.race.tasks import TASKS

TIMES = 3
NEEDS = {"acro": "acro", "pandas.crosstab": "pandas"}
LIMIT_SECONDS = 1200
ALLOWED_MIB = 1536
ANSWERED = ("seconds", "processor_seconds", "memory_mib", "runs", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One program on one table: median seconds, MiB above what was loaded; None where it failed.

    seconds: by the clock. processor_seconds: of all processors together.
    """

    rows: int
    task: str
    program: str
    seconds: float | None = None
    processor_seconds: float | None = None
    memory_mib: float | None = None
    runs: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargerLap:
    """A table and its check, of a Parquet file that is read with little memory.

    file_mib, held_mib: what the records take in the file, and in memory. allowed_mib: the most
    that the process may ask for, libraries included. memory_mib: the peak of what is resident,
    above what was before; None where it failed.
    """

    rows: int
    task: str
    file_mib: float
    held_mib: float
    allowed_mib: int
    seconds: float | None = None
    processor_seconds: float | None = None
    memory_mib: float | None = None
    runs: int = 0
    note: str = ""


def larger_laps(sizes: Sequence[int], tasks: Sequence[str]) -> Iterator[LargerLap]:
    """Tables of Parquet files, of which the larger ones do not fit into what is allowed."""
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            file = records.write_more(Path(folder), size)
            for task in tasks:
                sys.stderr.write(f"{size:,} records in a file, {task} …\n")
                arguments = [task, str(file), str(ALLOWED_MIB)]
                yield LargerLap(
                    rows=size,
                    task=task,
                    file_mib=file.stat().st_size / 2**20,
                    held_mib=size * records.BYTES_A_RECORD / 2**20,
                    allowed_mib=ALLOWED_MIB,
                    **_run("benchmarks.race.larger", arguments),
                )
            file.unlink()


def laps(sizes: Sequence[int], tasks: Sequence[str] = tuple(TASKS)) -> Iterator[Lap]:
    """Race on tables of so many records each; the data are the same for everybody."""
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            file = records.write(Path(folder), size)
            for task in tasks:
                for program in PROGRAMS:
                    yield _lap(size, task, program, file)
            file.unlink()


def _lap(size: int, task: str, program: str, file: Path) -> Lap:
    if program in NEEDS and find_spec(NEEDS[program]) is None:
        return Lap(rows=size, task=task, program=program, note="not installed (extra peers)")
    sys.stderr.write(f"{size:,} records, {task}: {program} …\n")
    found = _run("benchmarks.race", [program, task, str(file), str(TIMES)])
    return Lap(rows=size, task=task, program=program, **found)


def _run(module: str, arguments: Sequence[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=False, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"note": f"no answer in {LIMIT_SECONDS} s"}
    if done.returncode != 0:
        return {"note": f"failed (status {done.returncode})"}
    answer = json.loads(done.stdout.splitlines()[-1])
    return {name: answer[name] for name in ANSWERED}
