"""What single sums say of cells whose limits are known, one after the other until nothing changes.

It needs no solver and is mostly all that there is to say, so that most searches need not be made.
"""

import numpy as np
from scipy.sparse import csr_matrix

Limits = tuple[np.ndarray, np.ndarray]
_MOST_ROUNDS = 50
_TOLERANCE = 1e-6


def by_single_sums(matrix: csr_matrix, right: Limits, known: Limits, *, whole: bool) -> Limits:
    """Between what every cell is, as far as one sum at a time tells it.

    right: from what to what each row of matrix · cells comes. known: the same of each cell.
    Nothing beyond the answer is possible; not all within it has to be. whole: cells are whole
    numbers. Limits that contradict each other may come out the wrong way round.
    """
    sums = matrix.tocoo()
    rows, cells, signs = sums.row, sums.col, sums.data
    least, most = (one.copy() for one in known)
    for _ in range(_MOST_ROUNDS):
        ends = signs * least[cells], signs * most[cells]
        lowest, highest = np.minimum(*ends), np.maximum(*ends)
        # A part is what the sum is less what all others are, at their other end.
        from_below = (right[0][rows] - _others(rows, highest, len(right[0]))) / signs
        from_above = (right[1][rows] - _others(rows, lowest, len(right[0]))) / signs
        narrower = least.copy(), most.copy()
        np.maximum.at(narrower[0], cells, np.where(signs > 0, from_below, from_above))
        np.minimum.at(narrower[1], cells, np.where(signs > 0, from_above, from_below))
        if whole:
            narrower = np.ceil(narrower[0] - _TOLERANCE), np.floor(narrower[1] + _TOLERANCE)
        gained = max(_gained(narrower[0], least), _gained(most, narrower[1]))
        least, most = narrower
        if gained <= _TOLERANCE:
            break
    return least, most


def _others(rows: np.ndarray, parts: np.ndarray, count: int) -> np.ndarray:
    """For each part of a sum what all its other parts come to; parts without a limit are all of one
    sign.
    """
    limited = np.isfinite(parts)
    finite = np.where(limited, parts, 0.0)
    total = np.bincount(rows, finite, minlength=count)[rows] - finite
    without = np.bincount(rows, ~limited, minlength=count)[rows] - ~limited
    limitless = np.sign(np.where(limited, 0.0, parts)).sum()
    return np.where(without > 0, np.copysign(np.inf, limitless), total)


def _gained(now: np.ndarray, before: np.ndarray) -> float:
    """How much narrower the limit of some cell is; what is still without one gained nothing."""
    differs = now != before
    return float((now[differs] - before[differs]).max(initial=0.0))
