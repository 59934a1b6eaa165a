"""Check and protect tables of a million invented records."""

import sys

from benchmarks.measure import Measured
from benchmarks.records import records
from output_checks import Data, Table


def main(count: int) -> None:
    """Measure counting, a mean with dominance, three dimensions, and suppression."""
    measured = Measured()
    data = Data.read(records(count), unit="person_id", name="invented")
    counts = measured.time(
        f"count by a, b over {count:,} records", lambda: data.table("a", "b"), size
    )
    measured.time("  its check", counts.report, lambda report: report.verdict)
    means = measured.time(
        "mean of an amount by a, b",
        lambda: data.table("a", "b", statistic="mean", of="amount"),
        size,
    )
    measured.time("  its check, with dominance", means.report, lambda report: report.verdict)
    three = measured.time("count by a, b, c", lambda: data.table(["a", "b"], "c"), size)
    measured.time("  its check", three.report, lambda report: report.verdict)
    safe = measured.time("suppress a, b", lambda: counts.protect("suppress"), withheld)
    measured.time("  its check, with proof", safe.report, lambda report: report.verdict)
    measured.report()


def size(table: Table) -> str:
    """Say how many cells there are, margins included."""
    return f"{len(table.cells):,} cells"


def withheld(table: Table) -> str:
    """Say how many cells are not released."""
    return f"{table.released()['value'].null_count():,} cells withheld"


if __name__ == "__main__":
    main(int(sys.argv[1]))
