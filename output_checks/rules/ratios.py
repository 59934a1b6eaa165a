"""A rate or ratio of two variables is judged on the people behind each of them: SDC handbook."""

from collections.abc import Callable, Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import people


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """The denominator's people are those of `threshold`."""
    having, base = numbers(grid, "numerator_units"), numbers(grid, "denominator_units")
    lacking = base - having
    few = np.zeros(grid.size, dtype=bool)
    for count in (having, lacking):
        few |= (count > 0) & (count < policy.threshold)
    cells = np.flatnonzero(shown(grid) & (base > 0) & few)
    columns = base[cells], having[cells], lacking[cells]
    yield RULE.each(grid, cells, policy.proportions, _said(grid.of, grid.per, policy), *columns)


def _said(of: str | None, per: str | None, policy: Policy) -> Callable[[float, float, float], str]:
    def say(base: float, having: float, lacking: float) -> str:
        return (
            f"Of {people(base)} with {per}, {having:,.0f} have {of} and "
            f"{max(lacking, 0):,.0f} have none; the policy asks for at least "
            f"{policy.threshold} on both sides."
        )

    return say


RULE = Rule(
    name="ratios",
    title="Rates and ratios",
    source="SDC handbook, ratios; ESSnet, means, indices and ratios; DfE, rates on the same base",
    finds="A rate or ratio whose numerator comes from fewer people than the threshold, or from "
    "all but so few: whoever has none is then as rare as a small count. A variable that everybody "
    "has, such as an income, is only judged by the people that it is divided by (`threshold`). "
    "Numerator and denominator are also asked for dominance.",
    remedy="Merge categories, or withhold the cell with protect('suppress').",
    fields=("threshold", "proportions"),
    reads={Kind.RATIO: ("numerator_units", "denominator_units")},
    search=_find,
    about_cells=True,
)
