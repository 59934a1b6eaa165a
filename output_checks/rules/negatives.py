"""With contributions of both signs a total says little about who made it: ABS DataLab."""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.words import Verdict, people


def negatives(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells to which people contribute with both signs."""
    if policy.negatives is Verdict.PASS:
        return
    shown = grid.frame.select("negative", "positive", "withheld").rows()
    for cell, (negative, positive, withheld) in enumerate(shown):
        if negative and positive and not withheld:
            yield Finding(
                rule="negatives",
                severity=policy.negatives,
                cells=grid.places([cell]),
                message=f"{people(negative)} contribute negative and {people(positive)} positive "
                "amounts; dominance was judged on absolute values.",
                remedy="Show the positive and the negative part in tables of their own.",
            )
