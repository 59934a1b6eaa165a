"""Where every value is the same, a mean tells everybody's: SDC handbook."""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.words import Verdict


def all_equal(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells in which every person with a value has the same one."""
    if policy.all_equal is Verdict.PASS:
        return
    shown = grid.frame.select("all_equal", "withheld").rows()
    for cell, (equal, withheld) in enumerate(shown):
        if equal and not withheld:
            yield Finding(
                rule="all_equal",
                severity=policy.all_equal,
                cells=grid.places([cell]),
                message=f"Everybody in the cell has the same value, so the {grid.statistic} "
                "tells what each of them has.",
                remedy="Withhold the cell with protect('suppress'), or merge categories.",
            )
