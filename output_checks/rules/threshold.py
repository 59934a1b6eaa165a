"""A cell must describe enough people: ONS SRS threshold rule for tables; SDC handbook."""

from collections.abc import Callable, Iterator

import numpy as np

from output_checks.findings import Found, ranks
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, flags, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import SCALED, Kind
from output_checks.words import Verdict, people


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """A withheld cell is judged by `withheld_cells`."""
    counts = described(grid)
    possible = ~flags(grid, "structural_zero")  # of a share in its row the whole row is counted
    small = shown(grid) & possible & (counts > 0) & (counts < policy.threshold)
    lower, upper = numbers(grid, "lower"), numbers(grid, "upper")
    if not grid.is_whole:  # what is told of a sum is nothing that is told of people
        lower = np.full(grid.size, np.nan)
    plain = np.flatnonzero(small & np.isnan(lower))
    yield RULE.each(grid, plain, Verdict.FAIL, _small(grid, policy), counts[plain])
    vague = np.flatnonzero(small & ~np.isnan(lower))
    told = zip(lower[vague].tolist(), upper[vague].tolist(), strict=True)
    is_all = flags(grid, "interval_exact")[vague]
    yield RULE.each(
        grid,
        vague,
        ranks(_severity(least, most, policy) for least, most in told),
        _perturbed(grid, policy),
        lower[vague],
        upper[vague],
        is_all,
        remedy=f"Round to a base of {policy.threshold} or more, or withhold the cell.",
    )


def is_wide(lower: float, upper: float | None, threshold: int) -> bool:
    """Whether an interval of counts is safe: it covers [1, threshold - 1], or is as wide.

    upper: None where nothing limits the count. A pinned count is never safe.
    """
    if upper is None or upper - lower >= threshold:
        return True
    return lower <= 1 and upper >= max(threshold - 1, lower + 1)


def _small(grid: Grid, policy: Policy) -> Callable[[float], str]:
    before, after = _OF_WHOM.get(grid.kind, ("describes", ""))
    if grid.kind not in _OF_WHOM and grid.counts == "units_with_value":
        after = " with a value"

    def say(count: float) -> str:
        return (
            f"The cell {before} {people(count)}{after}; the policy asks for at least "
            f"{policy.threshold}."
        )

    return say


_OF_WHOM = {
    Kind.PROPORTION: ("is a share of", ""),
    Kind.RATIO: ("divides by the amounts of", ""),
}


def _severity(lower: float, upper: float, policy: Policy) -> Verdict:
    """How bad it is that a reader can tell of a small count from where to where it is."""
    if is_wide(lower, None if np.isnan(upper) else upper, policy.threshold):
        return Verdict.PASS
    return Verdict.FAIL if lower >= 1 and upper < policy.threshold else Verdict.REVIEW


def _perturbed(grid: Grid, policy: Policy) -> Callable[[float, float, int], str]:
    """A search that was given up found no value beyond these, and none may be there."""
    change = "perturbed" if grid.method == "cell-key" else "rounded"

    def say(lower: float, upper: float, is_all: int) -> str:
        they_are = f" that they are {lower:.0f} to {upper:.0f}."
        if not is_all:
            they_are = (
                f", as far as was searched, that they are at least {lower:.0f} and at most "
                f"{upper:.0f}."
            )
        return (
            f"The cell describes fewer than {policy.threshold} people, and a reader of the "
            f"{change} table can tell{they_are}"
        )

    return say


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
    search=_find,
    about_cells=True,
)
