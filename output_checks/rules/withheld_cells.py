"""A withheld cell must stay unknown to somebody who can add and subtract.

Source: Fischetti & Salazar; SDC handbook. Protection is absolute: see suppression.md.
"""

from collections.abc import Callable, Iterator

import numpy as np

from output_checks.findings import Finding, Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import divisors, flags, numbers
from output_checks.rules.contributions import SUMMED
from output_checks.rules.rule import Rule
from output_checks.rules.threshold import is_wide
from output_checks.rules.withheld_sums import dominated_lines, needed_above
from output_checks.statistics import Kind
from output_checks.words import Verdict, share_text, statistic_text

_NEARLY, _LEFT_OUT = 1 - 1e-6, 2e-9
"""An interval from the solver is so near to what was asked of it; by how far it goes beyond the
value the solver may leave out that share of the largest sum."""


def _find(grid: Grid, policy: Policy) -> Iterator[Finding | Found]:
    """A reader is thought to know everything else, the people behind every shown cell included."""
    if grid.protection is not None and grid.protection.unsettled:
        yield RULE.finding(grid, (), Verdict.REVIEW, grid.protection.unsettled)
    lower, upper = numbers(grid, "lower"), numbers(grid, "upper")
    fewest = np.nan_to_num(numbers(grid, "people_lower"))
    most = numbers(grid, "people_upper")
    close = _is_close(grid, policy, (lower, upper))
    cells = np.flatnonzero(flags(grid, "withheld"))
    few = np.zeros(grid.size, dtype=bool)
    for at in cells:
        upmost = None if np.isnan(most[at]) else most[at]
        few[at] = not is_wide(fewest[at], upmost, policy.threshold)
    found = cells[few[cells] | close[cells]]
    columns = (one[found] for one in (few, fewest, most, lower, upper))
    yield RULE.each(grid, found, Verdict.FAIL, _said(statistic_text(grid.statistic)), *columns)
    yield from _together(grid, policy)


def _together(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """What withheld cells of one line are together is shown by its total and its other parts."""
    for line, rank, share in dominated_lines(grid, policy):
        where = ", ".join(f"{name} = {label}" for name, label in grid.place(line.total).items())
        yield RULE.finding(
            grid,
            line.withheld,
            tuple(Verdict)[rank],
            f"The total of {where} less its other parts shows what these withheld cells are "
            f"together, and the largest contributor makes up {share_text(share)} of that: it "
            "would not pass dominance or the p % rule as a cell.",
        )


def _said(statistic: str) -> Callable[[int, float, float, float, float], str]:
    def say(are_few: int, fewest: float, most: float, lower: float, upper: float) -> str:
        known = f"{fewest:,.0f} to {most:,.0f} people"
        if not are_few:
            known = f"a {statistic} of {lower:,.6g} to {upper:,.6g}"
        return f"The cell is withheld, but the rest of the table shows that it has {known}."

    return say


def _is_close(grid: Grid, policy: Policy, span: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Where an interval is narrower than what the largest contributor adds to the value.

    Or where it does not go so far beyond the value that dominance and the p % rule would hold.
    """
    if grid.kind not in {Kind.SUM, Kind.MEAN}:
        return np.zeros(grid.size, dtype=bool)
    lower, upper = span
    first, second, total = (numbers(grid, name) for name in SUMMED[:3])
    records, exact = numbers(grid, "records_with_value"), numbers(grid, "exact")
    divided_by = divisors(grid) if grid.kind is Kind.MEAN else np.ones(grid.size)
    needed = needed_above(first, second, total, policy) / divided_by
    least = needed * _NEARLY - _LEFT_OUT * np.nan_to_num(total).max(initial=0.0) / divided_by
    width = upper - lower
    narrow = (width < first / divided_by * _NEARLY) | (width <= 0)
    narrow |= (needed > 0) & (upper - exact < least)
    if (numbers(grid, "negative") > 0).any():
        narrow |= (needed > 0) & (exact - lower < least)
    return (records > 0) & narrow


RULE = Rule(
    name="withheld_cells",
    title="Withheld cells that can be worked out",
    source="Fischetti & Salazar, complete cell suppression; SDC handbook, secondary suppression",
    finds="A withheld cell that the published rest pins down too narrowly. What a reader can "
    "tell of its people must cover everything from 1 to the threshold less one, or be as wide as "
    "the threshold; of a mean or sum it must be at least as wide as the largest contribution, and "
    "so far above the value that dominance and the p % rule hold for its upper end. What the "
    "withheld cells of one line are together, as its total and the other parts show, must pass "
    "dominance and the p % rule too. "
    "Where people are in several cells of several dimensions, who can be in what of them at once "
    "is asked too; of a table too large for that a person must judge.",
    remedy="Withhold further cells with protect('suppress') under this policy, or merge "
    "categories.",
    fields=(
        "threshold",
        *("dominance_1_review", "dominance_1_fail", "dominance_2_review", "dominance_2_fail"),
        "p_percent",
    ),
    reads=dict.fromkeys(Kind, ("withheld",)),
    search=_find,
)
