"""A cell must describe enough people: ONS SRS threshold rule for tables; SDC handbook."""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.words import Verdict, people


def threshold(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find the cells that describe at least one person but fewer than the policy allows.

    For a mean or a sum the people are those with a value. A withheld cell is judged by
    `withheld_cells`, a noisy one by `noise`. A rounded cell is found where a reader can be
    certain that it is small (fail), or cannot rule it out within a safe width (review).
    """
    if grid.method == "noise":
        return
    shown = grid.frame.select(grid.counts, "withheld", "lower", "upper").rows()
    for cell, (count, withheld, lower, upper) in enumerate(shown):
        if withheld or count is None or not 0 < count < policy.threshold:
            continue
        if lower is None:
            yield _small(grid, cell, count, policy)
        elif not is_wide(lower, upper, policy.threshold):
            yield _rounded(grid, cell, (lower, upper), policy)


def is_wide(lower: float, upper: float | None, threshold: int) -> bool:
    """Whether an interval of counts is safe: it covers [1, threshold - 1], or is as wide.

    upper: None where nothing limits the count. A pinned count is never safe.
    """
    if upper is None or upper - lower >= threshold:
        return True
    return lower <= 1 and upper >= max(threshold - 1, lower + 1)


def _small(grid: Grid, cell: int, count: int, policy: Policy) -> Finding:
    with_value = "" if grid.statistic == "count" else " with a value"
    return Finding(
        rule="threshold",
        severity=Verdict.FAIL,
        cells=grid.places([cell]),
        message=(
            f"The cell describes {people(count)}{with_value}; "
            f"the policy asks for at least {policy.threshold}."
        ),
        remedy="Withhold it with protect('suppress'), or merge categories.",
    )


def _rounded(grid: Grid, cell: int, interval: tuple[float, float], policy: Policy) -> Finding:
    lower, upper = interval
    certain = lower >= 1 and upper < policy.threshold
    return Finding(
        rule="threshold",
        severity=Verdict.FAIL if certain else Verdict.REVIEW,
        cells=grid.places([cell]),
        message=(
            f"The cell describes fewer than {policy.threshold} people, and a reader of the "
            f"rounded table can tell that they are {lower:.0f} to {upper:.0f}."
        ),
        remedy=f"Round to a base of {policy.threshold} or more, or withhold the cell.",
    )
