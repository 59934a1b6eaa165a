"""Noise protects only as far as its epsilon is small."""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.words import Verdict


def noise(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find differentially private tables whose epsilon is above the policy's."""
    if grid.protection is None or grid.method != "noise":
        return
    epsilon = float(grid.protection.options["epsilon"])
    if epsilon > policy.epsilon_per_table:
        yield Finding(
            rule="noise",
            severity=Verdict.REVIEW,
            message=f"The noise was drawn with epsilon {epsilon:g}; the policy lets up to "
            f"{policy.epsilon_per_table:g} pass without a person.",
            remedy="Ask for the table again with a smaller epsilon.",
        )
