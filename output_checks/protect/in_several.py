"""A last reader of withheld cells: one who asks who can be in several cells of several dimensions.

Where people overlap along two dimensions or more, single totals leave more open than there is.
"""

from functools import reduce

import numpy as np
from scipy.sparse import csr_matrix, kron

from output_checks.grid import Grid
from output_checks.protect.contributions import covering
from output_checks.protect.intervals import Attainable
from output_checks.protect.worlds import (
    MOST_PLACES,
    Told,
    combination_behind,
    work_out_people,
)
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
    if not _are_asked(grid, withheld):
        return False, True
    told = _told(grid, withheld)
    if told is None:
        return False, False
    found, cells = _worked_out(grid, told, withheld)
    return (
        any(not _is_wide(found.floor[at], found.ceiling[at], threshold) for at in cells),
        all(_is_wide(found.lower[at], found.upper[at], threshold) for at in cells),
    )


def further_cells(grid: Grid, withheld: np.ndarray, threshold: int) -> np.ndarray:
    """The cells to withhold too against that reader: none where nothing is told.

    Of every combination of shown cells that tells a withheld one the cheapest, in people and 1,
    totals and groups ten times that: without it the reader has to do with less. Both in the order
    of the grid; structural zeros, which everybody knows, are never among them.
    """
    more = np.zeros(grid.size, dtype=bool)
    told = _told(grid, withheld) if _are_asked(grid, withheld) else None
    if told is None:
        return more
    cost = (grid.frame["units"].to_numpy() + 1.0) * np.where(grid.frame["margin"], 10.0, 1.0)
    open_to_it = ~withheld & ~grid.frame["structural_zero"].to_numpy()
    found, cells = _worked_out(grid, told, withheld, bounds_only=True)
    for at in cells:
        if not _is_wide(found.floor[at], found.ceiling[at], threshold):
            used = np.flatnonzero(combination_behind(told, int(at)) & open_to_it)
            more[used[np.argsort(cost[used])[:1]]] = True
    return more


def _are_asked(grid: Grid, withheld: np.ndarray) -> bool:
    """Whether people overlap along two dimensions or more, and something is withheld."""
    counts = grid.frame["units"].to_numpy().astype(float)
    return grid.overlaps and bool(withheld.any()) and sum(overlapping_axes(grid, counts)) > 1


def _told(grid: Grid, withheld: np.ndarray) -> Told | None:
    """What that reader has; None of a table that is too large to think of single people."""
    counts = grid.frame["units"].to_numpy().astype(float)
    axes = [covering(one, margins=grid.margins).astype(float) for one in grid.dimensions]
    above = reduce(lambda one, other: csr_matrix(kron(one, other, format="csr")), axes)
    if above.shape[1] > MOST_PLACES:
        return None
    zero = grid.frame["structural_zero"].to_numpy()
    return Told(
        above=above,
        only=_apart(axes, overlapping_axes(grid, counts)),
        lower=np.where(withheld, 0.0, counts),
        upper=np.where(withheld & ~zero, np.inf, np.where(zero, 0.0, counts)),
    )


def _worked_out(
    grid: Grid, told: Told, withheld: np.ndarray, *, bounds_only: bool = False
) -> tuple[Attainable, np.ndarray]:
    """What that reader works out of the withheld cells, and which these are."""
    counts = grid.frame["units"].to_numpy().astype(float)
    nothing = np.where(withheld, np.nan, counts)
    floor, ceiling = np.where(withheld, 0.0, counts), np.where(withheld, np.inf, counts)
    outer = Attainable(lower=nothing, upper=nothing, floor=floor, ceiling=ceiling)
    cells = np.flatnonzero(withheld & ~grid.frame["structural_zero"].to_numpy())
    return work_out_people(told, cells, outer, bounds_only=bounds_only), cells


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
