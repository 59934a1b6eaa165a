"""What nobody can be sure of: amounts that are seen in rounded figures, positions or spreads.

A variance is an equation between a sum and a sum of squares. Two of them, of variables that few
people tell apart, leave the sum open; with a sum or mean of either they do not, since everybody
else adds the same to both.
"""

from collections.abc import Sequence

import numpy as np

from output_checks.linked.amounts import Amount

Pair = tuple[Amount, Amount]


def is_weak(pair: Pair, cells: tuple[int, int], amounts: Sequence[Amount]) -> bool:
    """Whether the difference of two amounts does not follow from what is shown.

    cells: of which of their cells. amounts: all that the outputs show.
    """
    if any(one.is_rounded or one.is_position for one in pair):
        return True
    seen_in_spreads = [one.is_weak for one in pair]
    if not any(seen_in_spreads):
        return False
    if all(seen_in_spreads):
        both = zip(pair, cells, strict=True)
        return not any(_is_told(one, cell, amounts) for one, cell in both)
    (beside,) = (one for one in pair if not one.is_weak)
    return not beside.has_spread


def are_spreads(pair: Pair) -> bool:
    """Whether it is for spreads that their difference does not follow."""
    return not any(one.is_rounded or one.is_position for one in pair)


def _is_told(one: Amount, cell: int, amounts: Sequence[Amount]) -> bool:
    """Whether a sum or mean shows what a spread leaves open, of the same people."""
    for other in amounts:
        if other.is_weak or other.variable != one.variable:
            continue
        alike = np.isclose(other.totals, one.totals[cell], rtol=1e-9, atol=1e-9) & other.shown
        for at in np.flatnonzero(alike):
            if np.array_equal(other.values(int(at)), one.values(cell)):
                return True
    return False
