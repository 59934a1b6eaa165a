"""Where every value is the same, a mean tells everybody's: SDC handbook."""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import flags, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    cells = np.flatnonzero(_same(grid) & shown(grid))
    message = _message(grid)
    yield RULE.each(grid, cells, policy.all_equal, lambda: message)


def _same(grid: Grid) -> np.ndarray:
    """Of a ratio, numerator and denominator must be the same, or nobody has one of them."""
    same = flags(grid, "all_equal")
    if grid.kind is not Kind.RATIO:
        return same
    above, below = numbers(grid, "numerator_units"), numbers(grid, "denominator_units")
    nobody = (above == 0) & (below > 0) | (below == 0) & (numbers(grid, "units_with_value") > 0)
    return same & flags(grid, "per_all_equal") | nobody


def _message(grid: Grid) -> str:
    name = statistic_text(grid.statistic)
    if grid.kind is Kind.SPREAD:
        return f"Everybody in the cell has the same value, and a {name} of 0 says so."
    return f"Everybody in the cell has the same value, so the {name} tells what each of them has."


RULE = Rule(
    name="all_equal",
    title="Everybody has the same value",
    source="SDC handbook, means and other averages: a mean of equal values gives every value",
    finds="A cell in which every person with a value has the same one: any sum, mean, median or "
    "ratio then tells it, and a standard deviation of 0 tells that it is so. A ratio also tells "
    "where nobody has a numerator (it is 0) or a denominator (it has no value).",
    remedy="Withhold the cell with protect('suppress'), or merge categories.",
    fields=("all_equal",),
    reads={
        **dict.fromkeys((Kind.SUM, Kind.MEAN, Kind.SPREAD, Kind.POSITION), ("all_equal",)),
        Kind.RATIO: (
            *("all_equal", "per_all_equal", "numerator_units", "denominator_units"),
            "units_with_value",
        ),
    },
    search=_find,
    about_cells=True,
)
