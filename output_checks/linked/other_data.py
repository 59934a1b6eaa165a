"""Outputs of other data of the same name: refreshed, or with records that were corrected since.

All outputs are compared by the data of the first. What these do not give is said to be so, whether
it is a number of people or an amount.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from output_checks.errors import OutputCheckError
from output_checks.grid import Grid
from output_checks.linked.views import Output

_SAME = 1e-9


def of_other_data(outputs: Sequence[Output]) -> Iterator[str]:
    """The names of outputs whose figures, as they are before protection, these data do not give."""
    source = outputs[0].table.source
    for one in outputs[1:]:
        if one.table.source is source:
            continue
        try:
            again = source.declared(one.table.declaration, one.table.policy)
        except OutputCheckError:
            yield one.name
            continue
        pairs = zip(one.table.plains, again.plains, strict=True)
        if not all(_is_same(before, now) for before, now in pairs):
            yield one.name


def _is_same(one: Grid, other: Grid) -> bool:
    """Whether two grids have the same cells, people and figures, the last bits aside."""
    names = [each.name for each in one.dimensions]
    if one.shape != other.shape or not one.frame[names].equals(other.frame[names]):
        return False
    if not one.frame["units"].equals(other.frame["units"]):
        return False
    before, now = one.frame["exact"], other.frame["exact"]
    if not before.dtype.is_numeric() or not now.dtype.is_numeric():
        return before.equals(now)
    numbers = [each.cast(pl.Float64).fill_null(np.nan).to_numpy() for each in (before, now)]
    return bool(np.allclose(*numbers, rtol=_SAME, atol=0, equal_nan=True))
