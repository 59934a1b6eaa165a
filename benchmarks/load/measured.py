"""What many people at once wait for on one database: waits, errors, memory, proof."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.load.crowd import Plan
from benchmarks.load.people import record_world
from benchmarks.load.proof import proof
from benchmarks.load.served import Used, installation, serving
from benchmarks.sessions.hubs import ROOT, CannotMeasureError
from benchmarks.sessions.section import percentile

SEED = 2026
SHARES = (50, 95, 99, 100)
"""The percentiles that are kept; of the whole, the last is the longest."""


def measured(
    database: str, folder: Path, people: int, seconds: float, **how: float
) -> dict[str, Any]:
    """Let so many people work for so many seconds, stop everything, and check the books.

    how: think_seconds and twice, as `Pace` has them. folder: is made, and removed afterwards.
    """
    folder.mkdir(parents=True)
    with installation(database, folder) as config:
        world = record_world(config, people, SEED)
        plan = Plan.of(config, world, seconds=seconds, seed=SEED, **how)
        with serving(config) as served:
            before = served.used()
            seen = _crowd(plan, folder)
            after = served.used()
        return {
            "database": database,
            "people": people,
            "seconds": seen["seconds"],
            "waits": waits(seen["samples"]),
            "answers": dict(Counter(str(status) for _, _, status in seen["samples"])),
            "used": {name: _between(before[name], after[name]) for name in after},
            "crowd_processor_seconds": seen["processor_seconds"],
            "proof": proof(config, seen),
        }


def waits(samples: Sequence[Sequence[Any]]) -> dict[str, dict[str, float]]:
    """By kind of page or act: how many, and the percentiles of their seconds."""
    by_kind: dict[str, list[float]] = {}
    for kind, seconds, _ in samples:
        by_kind.setdefault(kind, []).append(seconds)
    return {
        kind: {"count": len(took)} | {str(share): percentile(took, share) for share in SHARES}
        for kind, took in by_kind.items()
    }


def _crowd(plan: Plan, folder: Path) -> dict[str, Any]:
    """Run the browsers in their own process; what they saw."""
    plan.write(folder / "plan.json")
    result = folder / "seen.json"
    command = ["-m", "benchmarks.load.crowd", str(folder / "plan.json"), str(result)]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, check=False)
    if done.returncode:
        message = "the browsers of the people ended with an error"
        raise CannotMeasureError(message)
    return json.loads(result.read_text(encoding="utf-8"))


def _between(before: Used, after: Used) -> dict[str, float]:
    return {
        "processor_seconds": after.processor_seconds - before.processor_seconds,
        "peak_mib": after.peak_mib,
    }
