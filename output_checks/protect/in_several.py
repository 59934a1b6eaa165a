"""A last reader of withheld cells: one who asks who can be in several cells of several dimensions.

Where people overlap along two dimensions or more, single totals leave more open than there is.
"""

from functools import reduce

import numpy as np
from scipy.sparse import csr_matrix, kron

from output_checks.grid import Grid
from output_checks.protect.contributions import covering
from output_checks.protect.intervals import Attainable
from output_checks.protect.worlds import MOST_PLACES, Told, work_out_people
from output_checks.rules.threshold import is_wide

PEOPLE_IN_SEVERAL = (
    "People are in several cells of several dimensions, and the table is too large to ask who can "
    "be in what of them at once: a person must judge whether that tells a withheld cell."
)


def people_tell(grid: Grid, withheld: np.ndarray, threshold: int) -> tuple[bool, bool]:
    """Whether that reader certainly knows a withheld cell too well, and whether that is settled.

    withheld: in the order of the grid. Nothing is told, and it is settled, where people overlap
    along one dimension at most: then single totals say it all.
    """
    counts = grid.frame["units"].to_numpy().astype(float)
    loose = overlapping_axes(grid, counts)
    if sum(loose) < 2 or not withheld.any():
        return False, True
    axes = [covering(one, margins=grid.margins).astype(float) for one in grid.dimensions]
    above = reduce(lambda one, other: csr_matrix(kron(one, other, format="csr")), axes)
    if above.shape[1] > MOST_PLACES:
        return False, False
    zero = grid.frame["structural_zero"].to_numpy()
    told = Told(
        above=above,
        only=_apart(axes, loose),
        lower=np.where(withheld, 0.0, counts),
        upper=np.where(withheld & ~zero, np.inf, np.where(zero, 0.0, counts)),
    )
    nothing = np.where(withheld, np.nan, counts)
    floor, ceiling = np.where(withheld, 0.0, counts), np.where(withheld, np.inf, counts)
    outer = Attainable(lower=nothing, upper=nothing, floor=floor, ceiling=ceiling)
    found = work_out_people(told, np.flatnonzero(withheld & ~zero), outer)
    cells = np.flatnonzero(withheld & ~zero)
    return (
        any(not _is_wide(found.floor[at], found.ceiling[at], threshold) for at in cells),
        all(_is_wide(found.lower[at], found.upper[at], threshold) for at in cells),
    )


def overlapping_axes(grid: Grid, counts: np.ndarray) -> list[bool]:
    """Along which dimensions some parts come to more than their total."""
    table, found = counts.reshape(grid.shape), []
    for axis, one in enumerate(grid.dimensions):
        groups = [(len(one.labels) + at, group.members) for at, group in enumerate(one.groups)]
        sums = groups + [(len(one.texts), one.tops)] * grid.margins
        found.append(
            any(
                bool(
                    (table.take(parts, axis=axis).sum(axis=axis) > table.take(at, axis=axis)).any()
                )
                for at, parts in sums
            )
        )
    return found


def _is_wide(least: float, most: float, threshold: int) -> bool:
    return bool(is_wide(least, None if np.isinf(most) and most > 0 else most, threshold))


def _apart(axes: list[csr_matrix], loose: list[bool]) -> np.ndarray:
    """Cells of one number are those that one person can be in at once."""
    shape = [one.shape[1] for one in axes]
    where = np.unravel_index(np.arange(int(np.prod(shape))), shape)
    only = np.zeros(int(np.prod(shape)), dtype=int)
    for place, length, is_loose in zip(where, shape, loose, strict=True):
        only = only if is_loose else only * length + place
    return only
