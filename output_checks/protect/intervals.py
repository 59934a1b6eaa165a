"""The audit: what a reader can work out of each unknown cell of a published table.

It is given only what a reader has: the published values, the sums, and that people are counted in
whole numbers that are not negative. It shares no step with the search for a pattern.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from output_checks.protect.effort import Effort
from output_checks.protect.network import is_network
from output_checks.protect.single_sums import by_single_sums
from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-6
MOST_STEPS = 8e6
"""What the search in whole numbers may take beyond what it takes to see that all is safe."""
_LOOSE_GAP, _LOOSE, _NODES = 0.5, 4.0, 500
_MANY, _ROUNDS_IN_VAIN = 4, 2
"""So many cells are worth moving at once, until so many rounds in a row were of no use."""
Enough = Callable[[int, float, float], bool]
Judged = Callable[[int, float, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a reader sees.

    relations, excess: relations · values = excess (0 where cells add up to their margin).
    values: the published ones, NaN where not published. lower, upper: what a reader knows of
    every cell before adding anything up. whole: values are whole numbers. flat: see Structure.
    most: where given, relations · values is anything from excess to this, infinite without a
    limit; as where people are in several cells, which then add up to their margin or more.
    """

    relations: csr_matrix
    excess: np.ndarray
    values: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    whole: bool
    flat: bool
    most: np.ndarray | None = None


@dataclass(slots=True)
class _Block:
    """Unknown cells that are tied to each other by sums, and the sums that tie them.

    right: from what to what each sum comes.
    """

    cells: np.ndarray
    matrix: csr_matrix
    right: tuple[np.ndarray, np.ndarray]
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainable:
    """What can be said of every cell; published cells as they are.

    lower, upper: between values that the cell can certainly have, so that a reader excludes none
    of the ends. Safety is judged by these. lower is above upper where no value was found.
    floor, ceiling: no value beyond them is possible. They are wider than lower and upper only
    where the search in whole numbers had to be given up, and then an interval in fractions.
    is_outer: it was not asked whether people can give all of it; nothing beyond it is possible,
    and some within it may not be either.
    """

    lower: np.ndarray
    upper: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    is_outer: bool = False

    def is_exact(self, cell: int) -> bool:
        """Whether the search for this cell came to its end."""
        return bool(self.lower[cell] == self.floor[cell] and self.upper[cell] == self.ceiling[cell])

    def are_exact(self) -> np.ndarray:
        """For every cell whether the search for it came to its end."""
        return (self.lower == self.floor) & (self.upper == self.ceiling)


def attainable(
    published: Published, enough: Enough | None = None, judged: Judged | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest value that each unknown cell can certainly have.

    See `work_out`. Where the search had to be given up the interval is narrower than the truth,
    so that a cell is taken for less safe than it is and never for safer.
    """
    found = work_out(published, enough, judged)
    return found.lower, found.upper


def work_out(
    published: Published,
    enough: Enough | None = None,
    judged: Judged | None = None,
    *,
    first: Enough | None = None,
) -> Attainable:
    """Work out what each unknown cell can be.

    enough: where given, a cell is left as soon as enough(cell, lower, upper) holds of values
    that it can certainly have: the interval is then one that a reader can certainly not exclude,
    and not the widest. judged: told the interval of each unknown cell when it is done.
    first: where given, every cell is first looked at until first(cell, lower, upper) holds; how
    far each can go beyond that in whole numbers is then searched up to a number of steps in all,
    so that a large table ends.
    Infinite where nothing limits a cell. Raises ValueError where the published values contradict
    each other.
    """
    lower, upper, floor, ceiling = (published.values.copy() for _ in range(4))
    effort = Effort(np.inf if first is None else MOST_STEPS)
    for block in _blocks(published):
        search = _Search(block, effort, whole=published.whole, flat=published.flat)
        if first is not None:
            _look(search, block, first, None)
            search.limit()
        _look(search, block, enough, judged)
        lower[block.cells], upper[block.cells] = search.low, search.high
        floor[block.cells] = np.minimum(search.low, search.floor)
        ceiling[block.cells] = np.maximum(search.high, search.ceiling)
    return Attainable(
        lower=lower + 0.0, upper=upper + 0.0, floor=floor + 0.0, ceiling=ceiling + 0.0
    )


def _blocks(published: Published) -> Iterator[_Block]:
    unknown = np.flatnonzero(np.isnan(published.values))
    if not len(unknown):
        return
    known = np.nan_to_num(published.values)
    excess = published.excess
    most = excess if published.most is None else published.most
    shown = published.relations @ known
    part = published.relations[:, unknown]
    tied = np.flatnonzero(np.diff(part.indptr))
    part, least, most = part[tied], (excess - shown)[tied], (most - shown)[tied]
    ties, size = part.tocoo(), len(unknown) + len(tied)
    # Cells and sums are the points; a tie of every two cells of a sum would be too many.
    ends = ties.col, len(unknown) + ties.row
    graph = csr_matrix((np.ones(len(ties.data)), ends), shape=(size, size))
    count, labels = connected_components(graph, directed=False)
    for number in range(count):
        cells, rows = (
            np.flatnonzero(of_them == number) for of_them in np.split(labels, [len(unknown)])
        )
        yield _Block(
            cells=unknown[cells],
            matrix=csr_matrix(part[rows][:, cells]),
            right=(least[rows], most[rows]),
            lower=published.lower[unknown[cells]],
            upper=published.upper[unknown[cells]],
        )


def _look(search: "_Search", block: _Block, enough: Enough | None, judged: Judged | None) -> None:
    def is_enough(position: int) -> bool:
        cell = int(block.cells[position])
        return bool(enough and enough(cell, search.low[position], search.high[position]))

    _look_at_several(search, is_enough if enough else None)
    # Whole numbers that are nearly the furthest are found much sooner, and mostly are enough.
    for position, cell in enumerate(block.cells):
        for loosely in (True, False) if enough else (False,):
            for sign in (1, -1):
                if is_enough(position):
                    break
                search.reach(position, sign, loosely=loosely)
        if judged:
            judged(int(cell), search.low[position], search.high[position])


def _look_at_several(search: "_Search", is_enough: Callable[[int], bool] | None) -> None:
    """Move many cells at once before each is looked at."""
    if is_enough is None and search.is_flat:
        _look_at_all(search)
    if is_enough is not None and search.needs_whole_numbers:
        _look_at_many(search, is_enough)


def _look_at_many(search: "_Search", is_enough: Callable[[int], bool]) -> None:
    """Move all cells at once that are not enough yet, by chance up or down, while that helps.

    One table in whole numbers is a value for every cell: some ten of them mostly are enough for
    nearly all, where one cell at a time takes a search for each.
    """
    chance = np.random.default_rng(0)  # the same tables every time
    left, rounds = search.size + 1, 0
    while rounds < _ROUNDS_IN_VAIN:
        waiting = [at for at in range(search.size) if not is_enough(at)]
        if len(waiting) < _MANY:
            return
        rounds = 0 if len(waiting) < left else rounds + 1
        left = len(waiting)
        costs = np.zeros(search.size)
        costs[waiting] = chance.uniform(0.5, 1.0, left) * chance.choice([-1.0, 1.0], left)
        for sign in (1.0, -1.0):
            search.towards(sign * costs)


def _look_at_all(search: "_Search") -> None:
    """Move all cells at once towards ends that they may have and have not reached, while it helps.

    One solve costs hardly more than that for a single cell, and brings about half of them there.
    """
    chance = np.random.default_rng(0)  # every order of tables ends with the same extremes
    left, rounds = 2 * search.size + 1, 0
    while rounds < _ROUNDS_IN_VAIN:
        up, down = search.open_ends()
        waiting = np.count_nonzero(up) + np.count_nonzero(down)
        if waiting < _MANY:
            return
        rounds = 0 if waiting < left else rounds + 1
        left = waiting
        signs = np.where(up & down, chance.choice([-1.0, 1.0], search.size), 1.0 * down - up)
        search.move(signs * chance.uniform(0.5, 1.0, search.size))


class _Search:
    """Extremes of one block; every solution widens what is known of all its cells.

    size: how many cells it has. low, high: between values that were found. floor, ceiling: beyond
    low and high only for cells whose search was given up.
    """

    def __init__(self, block: _Block, effort: Effort, *, whole: bool, flat: bool) -> None:
        self._block = block
        self._effort = effort
        self._is_limited = False
        self._loosely = False
        self._whole = whole
        self.size = len(block.cells)
        self.needs_whole_numbers = whole and not flat and not is_network(block.matrix)
        self.is_flat = whole and not self.needs_whole_numbers
        self._linear = self._model(whole=False)
        self._exact: Model | None = None
        self._moved: Model | None = None
        self.low = np.full(len(block.cells), np.inf)
        self.high = np.full(len(block.cells), -np.inf)
        self.floor = np.full(len(block.cells), np.inf)
        self.ceiling = np.full(len(block.cells), -np.inf)
        known = block.lower, block.upper
        self._least, self._most = by_single_sums(block.matrix, block.right, known, whole=whole)

    def _model(self, *, whole: bool, one_cost_changes: bool = True) -> Model:
        bounds = _for_the_solver(self._block.lower, self._block.upper)
        right = _for_the_solver(*self._block.right)
        costs_change = one_cost_changes and not whole
        return Model(self._block.matrix, right, bounds, whole=whole, costs_change=costs_change)

    def open_ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Which cells may be larger than was found, and which smaller; not without any limit."""
        up = (self.high < self._most - _TOLERANCE) & np.isfinite(self._most)
        return up, (self.low > self._least + _TOLERANCE) & np.isfinite(self._least)

    def move(self, costs: np.ndarray) -> None:
        """Keep a table that costs the least, of one in which fractions cannot be extreme."""
        if self._moved is None:
            self._moved = self._model(whole=False, one_cost_changes=False)
        self._moved.set_costs(costs)
        found = self._moved.minimise()
        if found.status == "infeasible":
            raise ValueError("the published values contradict each other")
        if found.status == "optimal" and self._fits(found.columns):
            self._keep(np.round(found.columns))

    def reach(self, position: int, sign: int, *, loosely: bool = False) -> None:
        """Make a cell as large (sign 1) or as small (sign -1) as the sums allow.

        loosely: where whole numbers must be searched, nearly so will do.
        """
        if sign > 0 and self.high[position] >= self._most[position] - _TOLERANCE:
            return
        if sign < 0 and self.low[position] <= self._least[position] + _TOLERANCE:
            return
        costs = np.zeros(len(self._block.cells))
        costs[position] = -sign
        self._linear.set_costs(costs)
        found = self._linear.minimise()
        if found.status == "unbounded":
            self._widen(position, sign * np.inf)
            return
        if found.status == "infeasible":
            raise ValueError("the published values contradict each other")
        if found.status != "optimal":
            self._give_up(position, sign, sign * np.inf)
            return
        values = found.columns
        if self.needs_whole_numbers and not _is_whole(values):
            self._loosely = loosely
            self._reach_in_whole_numbers(position, sign, costs, values[position])
            return
        self._keep(np.round(values) if self._whole else values)

    def towards(self, costs: np.ndarray) -> None:
        """Look for any whole numbers that cost nearly the least, and keep them as values."""
        self._in_whole_numbers(costs, loosely=True)

    def limit(self) -> None:
        """From now on search in whole numbers only while there is effort left."""
        self._is_limited = True
        if self._exact is not None:
            self._exact.count_on(self._effort)

    def _reach_in_whole_numbers(
        self, position: int, sign: int, costs: np.ndarray, in_fractions: float
    ) -> None:
        if self._is_limited and not self._effort.left:
            self._give_up(position, sign, in_fractions)
            return
        status = self._in_whole_numbers(costs, loosely=self._loosely)
        if status != "optimal" or self._loosely:
            self._give_up(position, sign, in_fractions)
        elif sign > 0:
            self.ceiling[position] = -np.inf
        else:
            self.floor[position] = np.inf

    def _in_whole_numbers(self, costs: np.ndarray, *, loosely: bool) -> str:
        """Search for the least cost in whole numbers, keep what was found; returns its status."""
        if self._exact is None:
            self._exact = self._model(whole=True)
            if self._is_limited:
                self._exact.count_on(self._effort)
        gap, near = (_LOOSE_GAP, _LOOSE) if loosely else (0.0, _TOLERANCE)
        self._exact.accept(gap=gap, near=near, nodes=_NODES)
        self._exact.set_costs(costs)
        found = self._exact.minimise()
        if found.status == "infeasible":
            raise ValueError("no whole numbers fit the published values")
        if self._fits(found.columns):
            self._keep(np.round(found.columns))
        return found.status

    def _fits(self, values: np.ndarray) -> bool:
        """Whether these are whole numbers that a reader cannot exclude."""
        block = self._block
        if len(values) != len(block.cells) or not _is_whole(values):
            return False
        whole = np.round(values)
        inside = (whole >= block.lower).all() and (whole <= block.upper).all()
        sums, (least, most) = block.matrix @ whole, block.right
        fits = (sums > least - _TOLERANCE).all() and (sums < most + _TOLERANCE).all()
        return bool(inside and fits)

    def _give_up(self, position: int, sign: int, most: float) -> None:
        """Keep how far it could be at most; what it can certainly be stays as it is known."""
        if sign > 0:
            self.ceiling[position] = np.floor(most + _TOLERANCE)
        else:
            self.floor[position] = np.ceil(most - _TOLERANCE)

    def _keep(self, values: np.ndarray) -> None:
        self.low = np.minimum(self.low, values)
        self.high = np.maximum(self.high, values)

    def _widen(self, position: int, value: float) -> None:
        self.low[position] = min(self.low[position], value)
        self.high[position] = max(self.high[position], value)


def _for_the_solver(least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same limits, with the solver's own word for none."""
    return np.where(np.isinf(least), -INFINITY, least), np.where(np.isinf(most), INFINITY, most)


def _is_whole(values: np.ndarray) -> bool:
    return bool((np.abs(values - np.round(values)) < _TOLERANCE).all())
