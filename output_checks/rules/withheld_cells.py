"""A withheld cell must stay unknown to somebody who can add and subtract.

Source: Fischetti & Salazar; SDC handbook. Protection is absolute: see suppression.md.
"""

from collections.abc import Callable, Iterator

import numpy as np

from output_checks.findings import Finding, Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import divisors, flags, numbers
from output_checks.rules.rule import Rule
from output_checks.rules.threshold import is_wide
from output_checks.statistics import Kind
from output_checks.words import Verdict, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Finding | Found]:
    """A reader is thought to know everything else, the people behind every shown cell included."""
    if grid.protection is not None and grid.protection.unsettled:
        yield RULE.finding(grid, (), Verdict.REVIEW, grid.protection.unsettled)
    lower, upper = numbers(grid, "lower"), numbers(grid, "upper")
    fewest = np.nan_to_num(numbers(grid, "people_lower"))
    most = numbers(grid, "people_upper")
    close = _is_close(grid, upper - lower)
    cells = np.flatnonzero(flags(grid, "withheld"))
    few = np.zeros(grid.size, dtype=bool)
    for at in cells:
        upmost = None if np.isnan(most[at]) else most[at]
        few[at] = not is_wide(fewest[at], upmost, policy.threshold)
    found = cells[few[cells] | close[cells]]
    columns = (one[found] for one in (few, fewest, most, lower, upper))
    yield RULE.each(grid, found, Verdict.FAIL, _said(statistic_text(grid.statistic)), *columns)


def _said(statistic: str) -> Callable[[int, float, float, float, float], str]:
    def say(are_few: int, fewest: float, most: float, lower: float, upper: float) -> str:
        known = f"{fewest:,.0f} to {most:,.0f} people"
        if not are_few:
            known = f"a {statistic} of {lower:,.6g} to {upper:,.6g}"
        return f"The cell is withheld, but the rest of the table shows that it has {known}."

    return say


def _is_close(grid: Grid, width: np.ndarray) -> np.ndarray:
    """Where an interval is narrower than what the largest contributor adds to the value."""
    if grid.kind not in {Kind.SUM, Kind.MEAN}:
        return np.zeros(grid.size, dtype=bool)
    largest, records = numbers(grid, "largest"), numbers(grid, "records_with_value")
    if grid.kind is Kind.MEAN:
        largest = largest / divisors(grid)
    return (records > 0) & ((width < largest * (1 - 1e-6)) | (width <= 0))


RULE = Rule(
    name="withheld_cells",
    title="Withheld cells that can be worked out",
    source="Fischetti & Salazar, complete cell suppression; SDC handbook, secondary suppression",
    finds="A withheld cell that the published rest pins down too narrowly. What a reader can "
    "tell of its people must cover everything from 1 to the threshold less one, or be as wide as "
    "the threshold; of a mean or sum it must be at least as wide as the largest contribution. "
    "Where people are in several cells of several dimensions, who can be in what of them at once "
    "is asked too; of a table too large for that a person must judge.",
    remedy="Withhold further cells with protect('suppress') under this policy, or merge "
    "categories.",
    fields=("threshold",),
    reads=dict.fromkeys(Kind, ("withheld",)),
    search=_find,
)
