"""The audit: what a reader can work out of each unknown cell of a published table.

It is given only what a reader has: the published values, the sums, and that people are counted in
whole numbers that are not negative. It shares no step with the search for a pattern.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-6
Enough = Callable[[int, float, float], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a reader sees.

    relations, excess: relations · values = excess (0 where cells add up to their margin).
    values: the published ones, NaN where not published. lower, upper: what a reader knows of
    every cell before adding anything up. whole: values are whole numbers. flat: see Structure.
    """

    relations: csr_matrix
    excess: np.ndarray
    values: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    whole: bool
    flat: bool


@dataclass(slots=True)
class _Block:
    """Unknown cells that are tied to each other by sums, and the sums that tie them."""

    cells: np.ndarray
    matrix: csr_matrix
    right: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def attainable(published: Published, enough: Enough | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest value that each unknown cell can have; published cells as they are.

    enough: where given, a cell is left as soon as enough(cell, lower, upper) holds of values
    that it can certainly have: the interval is then one that a reader can certainly not exclude,
    and not the widest.
    Infinite where nothing limits a cell. Raises ValueError where the published values contradict
    each other.
    """
    lower, upper = published.values.copy(), published.values.copy()
    for block in _blocks(published):
        low, high = _spans(block, published, enough)
        lower[block.cells], upper[block.cells] = low, high
    return lower + 0.0, upper + 0.0


def _blocks(published: Published) -> Iterator[_Block]:
    unknown = np.flatnonzero(np.isnan(published.values))
    if not len(unknown):
        return
    known = np.nan_to_num(published.values)
    right = published.excess - published.relations @ known
    part = published.relations[:, unknown]
    tied = np.flatnonzero(np.diff(part.indptr))
    part, right = part[tied], right[tied]
    together = abs(part).T @ abs(part)
    count, labels = connected_components(together, directed=False)
    first_cell = part.indices[part.indptr[:-1]] if len(tied) else np.empty(0, dtype=int)
    for number in range(count):
        cells = np.flatnonzero(labels == number)
        rows = np.flatnonzero(labels[first_cell] == number) if len(tied) else first_cell
        yield _Block(
            cells=unknown[cells],
            matrix=csr_matrix(part[rows][:, cells]),
            right=right[rows],
            lower=published.lower[unknown[cells]],
            upper=published.upper[unknown[cells]],
        )


def _spans(
    block: _Block, published: Published, enough: Enough | None
) -> tuple[np.ndarray, np.ndarray]:
    search = _Search(block, whole=published.whole, flat=published.flat)
    for position, cell in enumerate(block.cells):
        for sign in (1, -1):
            if enough and enough(int(cell), search.low[position], search.high[position]):
                break
            search.reach(position, sign)
    return search.low, search.high


class _Search:
    """Extremes of one block; every solution widens what is known of all its cells."""

    def __init__(self, block: _Block, *, whole: bool, flat: bool) -> None:
        self._block = block
        self._whole = whole
        self._need_whole_model = whole and not flat
        self._linear = self._model(whole=False)
        self._exact: Model | None = None
        self.low = np.full(len(block.cells), np.inf)
        self.high = np.full(len(block.cells), -np.inf)
        self._floor, self._ceiling = _simple_bounds(block)

    def _model(self, *, whole: bool) -> Model:
        right = (self._block.right, self._block.right)
        bounds = (
            np.where(np.isinf(self._block.lower), -INFINITY, self._block.lower),
            np.where(np.isinf(self._block.upper), INFINITY, self._block.upper),
        )
        return Model(self._block.matrix, right, bounds, whole=whole)

    def reach(self, position: int, sign: int) -> None:
        """Make a cell as large (sign 1) or as small (sign -1) as the sums allow."""
        if sign > 0 and self.high[position] >= self._ceiling[position] - _TOLERANCE:
            return
        if sign < 0 and self.low[position] <= self._floor[position] + _TOLERANCE:
            return
        costs = np.zeros(len(self._block.cells))
        costs[position] = -sign
        self._linear.set_costs(costs)
        found = self._linear.minimise()
        if found.status == "unbounded":
            self._widen(position, sign * np.inf)
            return
        if found.status != "optimal":
            raise ValueError("the published values contradict each other")
        values = found.columns
        if self._need_whole_model and not _is_whole(values):
            values = self._whole_extreme(costs)
        self._keep(np.round(values) if self._whole else values)

    def _whole_extreme(self, costs: np.ndarray) -> np.ndarray:
        self._exact = self._exact or self._model(whole=True)
        self._exact.set_costs(costs)
        found = self._exact.minimise()
        if found.status != "optimal":
            raise ValueError("no whole numbers fit the published values, or none was found")
        return found.columns

    def _keep(self, values: np.ndarray) -> None:
        self.low = np.minimum(self.low, values)
        self.high = np.maximum(self.high, values)

    def _widen(self, position: int, value: float) -> None:
        self.low[position] = min(self.low[position], value)
        self.high[position] = max(self.high[position], value)


def _simple_bounds(block: _Block) -> tuple[np.ndarray, np.ndarray]:
    """Bounds from single sums, at which a search may stop."""
    floor, ceiling = block.lower.copy(), block.upper.copy()
    matrix = block.matrix
    for row in range(matrix.shape[0]):
        cells = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        signs = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
        if (signs > 0).all() and np.isfinite(block.lower[cells]).all():
            spare = block.right[row] - block.lower[cells].sum()
            ceiling[cells] = np.minimum(ceiling[cells], block.lower[cells] + spare)
    return floor, ceiling


def _is_whole(values: np.ndarray) -> bool:
    return bool((np.abs(values - np.round(values)) < _TOLERANCE).all())
