"""A standard deviation or variance needs degrees of freedom: ESSnet / DwB guidelines."""

from collections.abc import Iterator

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import described, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from output_checks.words import Verdict, people, statistic_text


def _find(grid: Grid, policy: Policy) -> Iterator[Finding]:
    freedom = described(grid) - 1
    cells = np.flatnonzero(shown(grid) & (freedom >= 0) & (freedom < policy.degrees_of_freedom))
    said = (
        (
            Verdict.FAIL,
            f"The {statistic_text(grid.statistic)} of {people(freedom[at] + 1)} has "
            f"{freedom[at]:,.0f} degrees of freedom; the policy asks for at least "
            f"{policy.degrees_of_freedom}.",
        )
        for at in cells
    )
    yield from RULE.each(grid, cells, said)


RULE = Rule(
    name="spread",
    title="Standard deviations and variances",
    source="ESSnet / DwB guidelines for the checking of output: ten degrees of freedom; statbarns",
    finds="A standard deviation or variance with fewer degrees of freedom (people with a value, "
    "less the one that the mean takes) than the policy allows. With a mean beside it, a spread "
    "of two people gives both their values. A spread of 0 is found by `all_equal`.",
    remedy="Merge categories, or withhold the cell with protect('suppress').",
    fields=("degrees_of_freedom",),
    reads={Kind.SPREAD: ("units_with_value",)},
    find=_find,
    about_cells=True,
)
