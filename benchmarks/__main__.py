"""Run every measure and print one table."""

import json
import os
import platform
import subprocess
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

MEASURES = (("benchmarks.world", 20_000), ("benchmarks.tables", 1_000_000))


def main() -> int:
    """Return 0 when every measure ran, 1 otherwise."""
    table = Table("measured", "seconds", "most memory", "result")
    table.title = f"{os.cpu_count()} cores, Python {platform.python_version()}; one run each"
    found = [_run(module, size) for module, size in MEASURES]
    for one in found:
        for what, seconds, note in one.get("rows", []):
            table.add_row(what, f"{seconds:.2f}", f"{one['memory_mib']:.0f} MiB", note)
    console = Console()
    Console(width=max(console.width, 110)).print(table)
    return int(not all(found))


def _run(module: str, size: int) -> dict[str, Any]:
    """Run one measure in a process of its own; empty where it failed, having said why."""
    sys.stderr.write(f"{module} at {size:,} …\n")
    command = [sys.executable, "-m", module, str(size)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        return {}
    return json.loads(result.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
