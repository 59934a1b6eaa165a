"""A median or percentile needs enough people on both sides: ABS, minimum contributors."""

from collections.abc import Callable, Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import people


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    position = grid.facts.position
    if position is None or not 0 < position < 1:
        return
    single = numbers(grid, "units_at") == 1
    below = numbers(grid, "units_at_or_below") - single
    above = numbers(grid, "units_at_or_above") - single
    fewer = np.minimum(below, above)
    cells = np.flatnonzero(shown(grid) & (described(grid) > 0) & (fewer < policy.threshold))
    columns = (one[cells] for one in (below, above, single))
    yield RULE.each(grid, cells, policy.positions, _said(grid.statistic, policy), *columns)
    yield _of_one(grid, policy, cells)


def _of_one(grid: Grid, policy: Policy, found: np.ndarray) -> Found:
    """Positions among the records of one person; not those that are found already.

    Not known where somebody has several records is found too.
    """
    around, most = numbers(grid, "records_around"), numbers(grid, "most_records_around")
    several = numbers(grid, "records_with_value") > numbers(grid, "units_with_value")
    hits = shown(grid) & several & ~(2 * most < around)
    hits[found] = False
    cells = np.flatnonzero(hits)
    columns = (np.nan_to_num(one[cells]) for one in (around, most))
    return RULE.each(grid, cells, policy.positions, _said_of_one(grid.statistic), *columns)


def _said_of_one(statistic: str) -> Callable[[float, float], str]:
    def say(around: float, most: float) -> str:
        return (
            f"Of the {around:,.0f} records around the {statistic}, {most:,.0f} are one person's, "
            "so that it is a value of this person."
        )

    return say


def _said(statistic: str, policy: Policy) -> Callable[[float, float, int], str]:
    def say(below: float, above: float, is_single: int) -> str:
        fewer = min(below, above)
        return (
            f"Only {people(fewer)} {'is' if fewer == 1 else 'are'} at or "
            f"{'above' if above < below else 'below'} the {statistic}"
            f"{', not counting the one whose value it is' if is_single else ''}; the policy asks "
            f"for at least {policy.threshold} on each side."
        )

    return say


RULE = Rule(
    name="positions",
    title="Medians and percentiles",
    source="ABS DataLab, minimum contributors for quantiles; SDC handbook, percentiles",
    finds="A median or percentile with fewer people at or below it, or at or above it, than the "
    "threshold. A single person whose own value it is counts on neither side. A p99 of 200 "
    "people is nearly their maximum, and is found like one. Records are put in order, not people: "
    "where one person has half or more of the records around the position (a tenth of the cell's, "
    "or as many as ten people have on average), it is this person's value.",
    remedy="Show a percentile further in, take one record a person, merge categories, or withhold "
    "the cell.",
    fields=("threshold", "positions"),
    only="median, percentiles",
    reads={
        Kind.POSITION: ("units_with_value", "units_at", "units_at_or_below", "units_at_or_above")
    },
    search=_find,
    about_cells=True,
)
