"""The second contributor must not be able to work out the first: the p % rule.

Source: SDC handbook, magnitude tables; ACRO's default of 10 %.
"""

from collections.abc import Callable, Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.contributions import READS, REMARKS, contributions
from output_checks.rules.rule import Rule
from output_checks.words import Verdict

_EXACTLY = 1 - 1e-12
"""A rest that is the limit but for the last bit of a float is not below it."""


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    for made in contributions(grid):
        rest = np.maximum(made.total - made.first - made.second, 0.0)
        hits = np.flatnonzero(rest < policy.p_percent / 100 * made.first * _EXACTLY)
        within, say = 100 * rest[hits] / made.first[hits], _said(made.part, policy)
        yield RULE.each(grid, made.cells[hits], Verdict.FAIL, say, within, made.signs[hits])


def _said(part: str, policy: Policy) -> Callable[[float, int], str]:
    def say(within: float, has_both_signs: int) -> str:
        return (
            "The second largest contributor can work out the largest to within "
            f"{within:.1f} % from {part}, less than {policy.p_percent:g} %"
            f"{REMARKS[has_both_signs]}."
        )

    return say


RULE = Rule(
    name="p_percent",
    title="Dominance: the p % rule",
    source="SDC handbook, magnitude tables, p % rule; ACRO's default p = 10",
    finds="A cell whose second largest contributor could take off his own amount and know the "
    "largest to within p %: all that hides it is the rest, T - x1 - x2. Contributions are summed "
    "by person and taken absolutely; p = 0 switches the rule off. Of a standard deviation or "
    "variance, contributions are the squares around the mean.",
    remedy="Withhold the cell with protect('suppress'), or merge it with a neighbour.",
    fields=("p_percent",),
    reads=READS,
    search=_find,
    about_cells=True,
)
