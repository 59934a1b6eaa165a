"""A mean and a spread of few different values tell how many have each: SDC handbook."""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind, statistic
from output_checks.words import Verdict, people, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """With a sum or mean beside it a spread is the third of three equations."""
    first = [name for name in grid.beside if statistic(name).kind in (Kind.SUM, Kind.MEAN)]
    if not first:
        return
    names = f"{statistic_text(first[0])} and the {statistic_text(grid.statistic)}"
    rarest = numbers(grid, "units_with_rarest")
    cells = np.flatnonzero(shown(grid) & (rarest > 0) & (rarest < policy.threshold))

    def say(rarest: float) -> str:
        return (
            f"There are at most three different values, so that the {names} tell how many people "
            f"have each: {people(rarest)} {'has' if rarest == 1 else 'have'} the rarest; "
            f"the policy asks for at least {policy.threshold}."
        )

    yield RULE.each(grid, cells, Verdict.FAIL, say, rarest[cells])


RULE = Rule(
    name="few_values",
    title="Means and spreads of few values",
    source="SDC handbook, frequency tables: a count that can be worked out is a count; statbarns, "
    "implicit tables",
    finds="How many people there are, a sum or mean, and a standard deviation or variance are "
    "three equations. Where a cell has at most three different values, such as scores of 0 to 2, "
    "they tell how many people have each of them. If fewer than the threshold have the rarest, "
    "that is a small count as if it had been printed. How many people there are is taken for "
    "known, shown or not.",
    remedy="Leave one of the statistics out, merge values with derive, or withhold the cell.",
    fields=("threshold",),
    reads={Kind.SPREAD: ("units_with_rarest",)},
    search=_find,
    about_cells=True,
)
