"""With contributions of both signs a total says little about who made it: ABS DataLab."""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import CONTRIBUTIONS
from output_checks.words import people


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    negative, positive = numbers(grid, "negative"), numbers(grid, "positive")
    cells = np.flatnonzero(shown(grid) & (negative > 0) & (positive > 0))
    yield RULE.each(grid, cells, policy.negatives, _said, negative[cells], positive[cells])


def _said(negative: float, positive: float) -> str:
    return (
        f"The amounts of {people(negative)} are negative and those of {people(positive)} "
        "positive; dominance was judged on absolute values."
    )


RULE = Rule(
    name="negatives",
    title="Contributions of both signs",
    source="ABS DataLab: negative values are replaced by absolute ones for the dominance rules",
    finds="A total, mean or ratio to which people contribute with both signs: what cancels out "
    "hides who dominates, so that a person looks.",
    remedy="Show the positive and the negative part in tables of their own.",
    fields=("negatives",),
    reads=dict.fromkeys(CONTRIBUTIONS, ("negative", "positive")),
    search=_find,
    about_cells=True,
)
