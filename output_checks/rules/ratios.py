"""A rate or ratio of two variables is judged on the people behind each of them: SDC handbook."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import people


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """The denominator's people are those of `threshold`."""
    having, base = numbers(grid, "numerator_units"), numbers(grid, "denominator_units")
    lacking = base - having
    few = np.zeros(grid.size, dtype=bool)
    for count in (having, lacking):
        few |= (count > 0) & (count < policy.threshold)
    cells = np.flatnonzero(shown(grid) & (base > 0) & few)
    said = (
        (
            policy.proportions,
            f"Of {people(base[at])} with {grid.per}, {having[at]:,.0f} have {grid.of} and "
            f"{max(lacking[at], 0):,.0f} have none; the policy asks for at least "
            f"{policy.threshold} on both sides.",
        )
        for at in cells
    )
    yield from RULE.each(grid, cells, said)


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
    find=_find,
    about_cells=True,
)
