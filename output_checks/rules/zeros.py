"""An empty cell says something about everybody outside it: ONS SRS; UK LLC."""

from collections.abc import Iterator

import numpy as np

from output_checks.findings import Found
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import blank, flags, is_approximate, numbers, shown
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind


def _find(grid: Grid, policy: Policy) -> Iterator[Found]:
    """A rounded zero is one where nothing else rounds to it."""
    empty = (numbers(grid, grid.counts) == 0) & shown(grid) & ~blank(grid)
    if is_approximate(grid):
        empty &= numbers(grid, "upper") == 0
    cells = np.flatnonzero(empty & ~flags(grid, "structural_zero"))
    yield RULE.each(grid, cells, policy.zeros, _said)


def _said() -> str:
    return "The cell is empty: nobody of this group is in this category."


RULE = Rule(
    name="zeros",
    title="Empty cells",
    source="ONS SRS: zeros are often disclosive; UK LLC: 10 including zero, no exceptions",
    finds="A cell without people that is not declared in `structural_zeros`. A rounded or noisy "
    "zero does not say that nobody is there, unless nothing else is rounded to it, and neither "
    "does an empty mean beside withheld ones, since both leave as no value.",
    remedy="Merge categories, withhold it, or declare it in structural_zeros where nobody can be "
    "in it.",
    fields=("zeros",),
    reads=dict.fromkeys(Kind, ("units", "units_with_value", "structural_zero")),
    search=_find,
    about_cells=True,
)
