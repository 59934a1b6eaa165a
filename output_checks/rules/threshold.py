"""A cell must describe enough people: ONS SRS threshold rule for tables; SDC handbook."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, flags, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import SCALED, Kind
from output_checks.words import Verdict, people


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """A withheld cell is judged by `withheld_cells`."""
    counts = described(grid)
    possible = ~flags(grid, "structural_zero")  # of a share in its row the whole row is counted
    small = shown(grid) & possible & (counts > 0) & (counts < policy.threshold)
    lower, upper = numbers(grid, "lower"), numbers(grid, "upper")
    if not grid.is_whole:  # what is told of a sum is nothing that is told of people
        lower = np.full(grid.size, np.nan)
    plain = np.flatnonzero(small & np.isnan(lower))
    messages = {count: _small(grid, count, policy) for count in np.unique(counts[plain]).tolist()}
    said = ((Verdict.FAIL, messages[count]) for count in counts[plain].tolist())
    yield from RULE.each(grid, plain, said)
    vague = np.flatnonzero(small & ~np.isnan(lower))
    yield from RULE.each(
        grid,
        vague,
        (_perturbed(grid, lower[at], upper[at], policy) for at in vague),
        remedy=f"Round to a base of {policy.threshold} or more, or withhold the cell.",
    )


def is_wide(lower: float, upper: float | None, threshold: int) -> bool:
    """Whether an interval of counts is safe: it covers [1, threshold - 1], or is as wide.

    upper: None where nothing limits the count. A pinned count is never safe.
    """
    if upper is None or upper - lower >= threshold:
        return True
    return lower <= 1 and upper >= max(threshold - 1, lower + 1)


def _small(grid: Grid, count: float, policy: Policy) -> str:
    return f"The cell {_of_whom(grid, count)}; the policy asks for at least {policy.threshold}."


def _of_whom(grid: Grid, count: float) -> str:
    if grid.kind is Kind.PROPORTION:
        return f"is a share of {people(count)}"
    if grid.kind is Kind.RATIO:
        return f"divides by the amounts of {people(count)}"
    with_value = " with a value" if grid.counts == "units_with_value" else ""
    return f"describes {people(count)}{with_value}"


def _perturbed(grid: Grid, lower: float, upper: float, policy: Policy) -> tuple[Verdict, str]:
    change = "perturbed" if grid.method == "cell-key" else "rounded"
    message = (
        f"The cell describes fewer than {policy.threshold} people, and a reader of the {change} "
        f"table can tell that they are {lower:.0f} to {upper:.0f}."
    )
    if is_wide(lower, None if np.isnan(upper) else upper, policy.threshold):
        return Verdict.PASS, message
    return Verdict.FAIL if lower >= 1 and upper < policy.threshold else Verdict.REVIEW, message


RULE = Rule(
    name="threshold",
    title="Small counts",
    source="ONS SRS, threshold rule for tables; SDC handbook; ADR UK, UK LLC and ABS ask the same",
    finds="A cell that describes at least one person but fewer than the policy allows. People "
    "are counted, not records; for a statistic of a variable those with a value, for a "
    "proportion or ratio those that it divides by; weights make no difference. In a rounded "
    "table a small cell is found where a reader can be certain that it is small (fail), or "
    "cannot rule it out within a safe width (review).",
    remedy="Withhold it with protect('suppress'), or merge categories.",
    fields=("threshold",),
    reads={
        **dict.fromkeys(Kind, ("units", "units_with_value")),
        **dict.fromkeys(SCALED, ("denominator_units",)),
    },
    find=_find,
    about_cells=True,
)
