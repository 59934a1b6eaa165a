"""What a reader can tell of changed counts, who knows how they were changed and adds them up."""

import numpy as np

from output_checks.errors import ProtectionError
from output_checks.grid import Grid
from output_checks.protect.contributions import covering
from output_checks.protect.intervals import Enough, Published, work_out
from output_checks.protect.structure import Structure, structure_of
from output_checks.rules.threshold import is_wide

Bounds = tuple[np.ndarray, np.ndarray]
Readable = tuple[np.ndarray, np.ndarray, np.ndarray]
_MOST_MOVES = 64
_MOST_ROUNDS = 12
_MOST_ATTEMPTS = 8
_MOST_WAYS = 20_000
_MOST_CELLS = 50_000
_MOST_SEARCHED = 10
"""Cells of a table of three or more dimensions that are searched in whole numbers at most."""


def readable(grid: Grid, bounds: Bounds, threshold: int) -> Readable:
    """Between which values that it can certainly have each count is, and where that is all.

    All three in the grid's order; the last is true where the search came to its end.

    bounds: what each shown value alone says of its count. People of a group or margin are those
    of its categories, which can narrow that; whole numbers are looked for in which it does not.
    An interval is never wider than the truth; where a search had to be left it is narrower, so
    that a cell is taken for less safe than it is.
    """
    counts = grid.frame["exact"].to_numpy().astype(np.int64)
    below = np.minimum(bounds[0], counts)
    above = np.maximum(bounds[1], counts)
    if not grid.margins and not any(one.groups for one in grid.dimensions):
        return below.astype(float), above.astype(float), np.ones(grid.size, dtype=bool)
    if grid.size > _MOST_CELLS:
        raise ProtectionError(
            f"what a reader can tell of {grid.size:,} changed counts takes too long to work out; "
            f"protect tables of up to {_MOST_CELLS:,} cells, or without totals (margins=False)"
        )
    structure = structure_of(grid)
    if structure.flat:
        lower, upper, ended = _searched(grid, structure, (below, above), None)
        return np.minimum(lower, counts), np.maximum(upper, counts), ended
    lower, upper = _moved(grid, counts, below, above)
    small = (counts > 0) & (counts < threshold)
    left = {
        int(cell)
        for cell in np.flatnonzero(small & ((lower > below) | (upper < above)))
        if is_wide(below[cell], above[cell], threshold)
        and not is_wide(lower[cell], upper[cell], threshold)
    }
    if 0 < len(left) <= _MOST_SEARCHED:

        def enough(cell: int, least: float, most: float) -> bool:
            number = int(structure.order[cell])
            return number not in left or is_wide(
                min(least, lower[number]), max(most, upper[number]), threshold
            )

        least, most, ended = _searched(grid, structure, (below, above), enough)
        lower, upper = np.minimum(lower, least), np.maximum(upper, most)
        # What became wide was left as soon as it was; of the others both ends were looked for.
        left = {cell for cell in left if not is_wide(lower[cell], upper[cell], threshold)}
    else:
        ended, left = np.zeros(grid.size, dtype=bool), set()
    is_all = (lower == below) & (upper == above)
    is_all[list(left)] |= ended[list(left)]
    return lower.astype(float), upper.astype(float), is_all


def _moved(grid: Grid, counts: np.ndarray, below: np.ndarray, above: np.ndarray) -> Bounds:
    """Values reached from the truth by moving people between cells, as far as bounds let them."""
    lower, upper = counts.copy(), counts.copy()
    axes = [_ways(grid, axis) for axis in range(len(grid.shape))]
    table = counts
    for attempt in range(_MOST_ATTEMPTS):
        for cell in np.flatnonzero((lower > below) | (upper < above)):
            moves = _moves(grid, axes, int(cell), attempt)
            for sign, bound in ((1, above), (-1, below)):
                reached = (upper if sign > 0 else lower)[cell]
                if reached != bound[cell]:
                    # Every table on the way is possible, so that it tells of all cells.
                    table = _pushed(
                        counts if attempt else table, moves, (below, above), int(cell), sign
                    )
                    lower, upper = np.minimum(lower, table), np.maximum(upper, table)
    return lower, upper


def _pushed(
    table: np.ndarray, moves: tuple[np.ndarray, np.ndarray], bounds: Bounds, cell: int, sign: int
) -> np.ndarray:
    """A table in which one cell is nearer its bound, by the moves that reach the furthest."""
    below, above = bounds
    places, changes = moves[0], sign * moves[1]
    table = table.copy()
    for _ in range(_MOST_ROUNDS):
        left = int((above[cell] - table[cell]) if sign > 0 else (table[cell] - below[cell]))
        now = table[places]
        room = np.where(changes > 0, above[places] - now, now - below[places])
        room[changes == 0] = left
        furthest = room.min(axis=1)
        best = int(furthest.argmax())
        step = min(int(furthest[best]), left)
        if step <= 0:
            break
        np.add.at(table, places[best], step * changes[best])
    return table


def _ways(grid: Grid, axis: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Ways of moving one person along an axis to each of its positions, groups and totals too.

    A way is in from outside the table or over from another category: the positions that change,
    and by how much, filled up with changes of 0.
    """
    covers = covering(grid.dimensions[axis], margins=grid.margins).toarray().T
    # Of many categories only some are moved to, so that ways do not grow with their square.
    partners = covers[:: -(-(len(covers) ** 2) // _MOST_WAYS)]
    between = (covers[:, None, :] - partners[None, :, :]).reshape(-1, covers.shape[1])
    between = np.concatenate([between, -between])
    shifts = np.concatenate([covers, between[(between != 0).any(axis=1)]])
    width = int((shifts != 0).sum(axis=1).max())
    places = np.argsort(shifts == 0, axis=1, kind="stable")[:, :width]
    changes = np.take_along_axis(shifts, places, axis=1)
    chosen = [shifts[:, at] == 1 for at in range(covers.shape[1])]
    return [(places[one], changes[one]) for one in chosen]


def _moves(
    grid: Grid, axes: list[list[tuple[np.ndarray, np.ndarray]]], cell: int, attempt: int
) -> tuple[np.ndarray, np.ndarray]:
    """Moves that add one to a cell: the places that change (a row a move), and by how much."""
    where = np.unravel_index(cell, grid.shape)
    ways = [axis[at] for axis, at in zip(axes, where, strict=True)]
    picked = _picked([len(places) for places, _ in ways], (cell, attempt))
    count = len(picked[0])
    places = np.zeros((count, 1), dtype=np.int64)
    changes = np.ones((count, 1), dtype=np.int64)
    for (at, change), rows, length in zip(ways, picked, grid.shape, strict=True):
        places = (places[:, :, None] * length + at[rows][:, None, :]).reshape(count, -1)
        changes = (changes[:, :, None] * change[rows][:, None, :]).reshape(count, -1)
    return places, changes


def _picked(lengths: list[int], seed: tuple[int, int]) -> list[np.ndarray]:
    """Some combinations of a way along each axis, all where there are few; always the same."""
    if np.prod(lengths) <= _MOST_MOVES:
        return [one.reshape(-1) for one in np.indices(lengths)]
    chance = np.random.default_rng(seed)
    return [chance.integers(0, one, _MOST_MOVES) for one in lengths]


def _searched(grid: Grid, structure: Structure, bounds: Bounds, enough: Enough | None) -> Readable:
    """Extremes of the cells of which not enough is known (None: of all), by the solver.

    And where it was not given up.
    """
    counts = structure.from_grid(grid.frame["exact"].to_numpy()).astype(float)
    published = Published(
        relations=structure.relations,
        excess=structure.relations @ counts,
        values=np.full(len(counts), np.nan),
        lower=structure.from_grid(bounds[0]).astype(float),
        upper=structure.from_grid(bounds[1]).astype(float),
        whole=True,
        flat=structure.flat,
    )
    try:
        found = work_out(published, enough)
    except ValueError as error:  # the truth fits itself: only the arithmetic can be at fault
        raise ProtectionError(f"what a reader can tell cannot be worked out ({error})") from error
    lower, upper = structure.to_grid(found.lower), structure.to_grid(found.upper)
    return lower, upper, structure.to_grid(found.are_exact())
