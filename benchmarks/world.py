"""Build a world and link it: people as the argument says, in a folder that is thrown away."""

import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.measure import Measured
from tre.safe_data import world

SEED = 2026


def main(people: int) -> None:
    """Measure building the population with both registers, then the NPD linkage."""
    measured = Measured()
    with tempfile.TemporaryDirectory() as folder:
        parties = Path(folder)
        measured.time(
            f"world of {people:,} people",
            lambda: world.build(parties, people=people, seed=SEED),
            lambda built: f"{built.bytes / 2**20:.0f} MiB on disk",
        )
        measured.time(
            "npd linkage of it",
            lambda: world.link(parties, "npd", on=date(2026, 1, 1), seed=SEED),
            lambda _: _quality(parties),
        )
    measured.report()


def _quality(parties: Path) -> str:
    found = world.report(parties, "npd")
    return f"precision {found.precision:.3f}, recall {found.recall:.3f}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
