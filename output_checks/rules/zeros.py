"""An empty cell says something about everybody outside it: ONS SRS; UK LLC."""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.words import Verdict


def zeros(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells without people that are not declared as structural zeros.

    A rounded or noisy zero does not say that nobody is there, so it is no finding.
    """
    if policy.zeros is Verdict.PASS or grid.method in {"round", "noise"}:
        return
    shown = grid.frame.select(grid.counts, "withheld", "structural_zero").rows()
    for cell, (count, withheld, structural) in enumerate(shown):
        if count == 0 and not withheld and not structural:
            yield Finding(
                rule="zeros",
                severity=policy.zeros,
                cells=grid.places([cell]),
                message="The cell is empty: nobody of this group is in this category.",
                remedy=(
                    "Merge categories, withhold it, or declare it in structural_zeros where "
                    "nobody can be in it."
                ),
            )
