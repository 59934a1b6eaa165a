"""Both programs on every case, one after the other, each pattern audited by us."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.suppression.cases import CASES, Linked

PROGRAMS = ("output_checks", "pytauargus")
ROOT = Path(__file__).parent.parent.parent
LIMIT_SECONDS = 150
"""After so long a process is ended; its answer is then that it had none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a program made of a case; None where it gave no answer, of which the note speaks.

    complementary: cells withheld besides those that had to be. people: in those cells. cost: what
    both programs minimise. unsafe: withheld cells that our audit can work out, in all and of
    those that had to be withheld. audit_seconds: what that took. interval_seconds: what it takes
    to work out all intervals of our own pattern. gap: how far the cost may be from
    the least possible.
    """

    case: str
    program: str
    cells: int
    primary: int
    seconds: float | None = None
    complementary: int | None = None
    people: int | None = None
    cost: int | None = None
    unsafe: int | None = None
    unsafe_primary: int | None = None
    audit_seconds: float | None = None
    interval_seconds: float | None = None
    gap: float | None = None
    note: str = ""


def outcomes(names: Sequence[str] = tuple(CASES)) -> Iterator[Outcome]:
    """Protect every case with both programs."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            size = _run("ask", name, place)
            if "note" in size:
                yield Outcome(case=name, program="", cells=0, primary=0, note=size["note"])
                continue
            for program in PROGRAMS:
                sys.stderr.write(f"{name}: {program} …\n")
                yield _outcome(name, program, size, place)


def _outcome(name: str, program: str, size: dict[str, int], folder: Path) -> Outcome:
    if program == "pytauargus" and isinstance(CASES[name], Linked):
        why = "not asked: linked tables"
        return Outcome(case=name, program=program, **size, note=why)
    if program == "pytauargus" and find_spec("pytauargus") is None:
        return Outcome(case=name, program=program, **size, note="not installed (extra peers)")
    answer = _run(program, name, folder)
    if "note" in answer:
        return Outcome(case=name, program=program, **size, note=answer["note"])
    (folder / "pattern.json").write_text(json.dumps(answer["withheld"]), encoding="utf-8")
    audit = _run("audit", name, folder)
    worked_out = _run("intervals", name, folder) if program == PROGRAMS[0] else {}
    asked = json.loads((folder / "question.json").read_text(encoding="utf-8"))["cells"]
    extra = [asked[at] for at in answer["withheld"] if not asked[at]["primary"]]
    forgotten = size["primary"] + len(extra) - len(answer["withheld"])
    return Outcome(
        case=name,
        program=program,
        **size,
        seconds=answer["seconds"],
        complementary=len(extra),
        people=sum(one["value"] for one in extra),
        cost=sum(one["cost"] for one in extra),
        unsafe=audit.get("unsafe"),
        unsafe_primary=audit.get("unsafe_primary"),
        audit_seconds=audit.get("audit_seconds"),
        interval_seconds=worked_out.get("interval_seconds"),
        gap=answer.get("gap"),
        note="; ".join(
            filter(
                None,
                (
                    "proven optimal" if answer.get("optimal") else "",
                    f"{forgotten} primary cells left open" if forgotten else "",
                    f"audit: {audit['note']}" if "note" in audit else "",
                    f"intervals: {worked_out['note']}" if "note" in worked_out else "",
                ),
            )
        ),
    )


def _run(step: str, name: str, folder: Path) -> dict[str, Any]:
    """Run one step in a folder that is thrown away: pytauargus leaves its logs where it is."""
    command = [sys.executable, "-m", "benchmarks.suppression", step, name, str(folder)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_SECONDS,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    except subprocess.TimeoutExpired:
        return {"note": f"no answer in {LIMIT_SECONDS} s"}
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [""])[-1]
        return {"note": f"failed (status {done.returncode}): {said[:120]}"}
    return json.loads(done.stdout.splitlines()[-1])
