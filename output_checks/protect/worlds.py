"""Who can be in which cells, where people are in several cells of several dimensions at once.

A total counts everybody once, so that it is no sum of its parts. What a table can be is a sum of
persons, each of whom is somewhere: in a set of cells, and in every total above one of these. There
are too many such sets to write down, so they are found as they are needed: column generation
(Dantzig & Wolfe 1960), a linear program whose prices ask for the next set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.sparse import csr_matrix, eye_array, hstack, kron, vstack

from output_checks.protect.effort import Effort
from output_checks.protect.intervals import Attainable
from output_checks.protect.solver import INFINITY, Model

MOST_PLACES = 64
"""Cells that are no total of a table of which persons are thought of at most."""
MOST_STEPS = 8e6
"""What the search may take in all; then single totals have the last word."""
_TOLERANCE = 1e-6
_NODES = 300
_PER_SET = 1_000.0
_PAIRS_UP_TO = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a reader has of a table of people.

    above: a row for every cell and total, a column for every cell that is no total: 1 where the
    row counts who is in it. only: for every such cell a number; a person is in cells of one number
    alone, as everybody has one sex. lower, upper: from what to what every row is, equal where it
    is published.
    """

    above: csr_matrix
    only: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def people_behind(
    lines: Sequence[csr_matrix], overlapping: Sequence[bool]
) -> tuple[csr_matrix, np.ndarray]:
    """`above` and `only` of a table, from the sums along its axes; rows in the table's order.

    lines: a row for every total along each axis, 1 for its parts and -1 for itself. overlapping:
    for every axis whether people are in several of its cells.
    """
    axes = [_leaves_of(line) for line in lines]
    above = reduce(lambda one, other: csr_matrix(kron(one, other, format="csr")), axes)
    shape = [one.shape[1] for one in axes]
    where = np.unravel_index(np.arange(above.shape[1]), shape)
    only = np.zeros(above.shape[1], dtype=int)
    for place, length, loose in zip(where, shape, overlapping, strict=True):
        only = only if loose else only * length + place
    return above, only


def _leaves_of(line: csr_matrix) -> csr_matrix:
    """Which cells that are no totals each position of an axis counts."""
    sums = line.toarray()
    is_total = (sums < 0).any(axis=0)
    inside = np.eye(line.shape[1])[:, ~is_total]
    for _ in range(len(sums)):
        for row in sums:
            inside[row < 0] = (row > 0) @ inside > 0
    return csr_matrix(inside)


class OutOfReachError(Exception):
    """The next set of cells was not found; what was found until then holds."""


def work_out_people(
    told: Told, unknown: np.ndarray, outer: Attainable, *, bounds_only: bool = False
) -> Attainable:
    """From what to what each unknown cell can be, of all people who could be in several cells.

    outer: what single totals say, which is never narrower. bounds_only: do not look for whole
    people who give the ends, so that only floor and ceiling are of use. Where the search ends
    before, outer stays; lower and upper are always numbers that some people give. Raises
    ValueError where no people give the published numbers.
    """
    search = _Search(told)
    floor, ceiling = outer.floor.copy(), outer.ceiling.copy()
    if search.is_possible():
        for cell in unknown:
            floor[cell] = max(floor[cell], search.end(cell, 1.0))
            ceiling[cell] = min(ceiling[cell], -search.end(cell, -1.0))
        for cell in unknown[: 0 if bounds_only else None]:
            search.reach(cell, floor[cell], ceiling[cell])
    lower, upper = outer.lower.copy(), outer.upper.copy()
    lower[unknown], upper[unknown] = search.low[unknown], search.high[unknown]
    return Attainable(lower=lower, upper=upper, floor=floor, ceiling=ceiling)


def combination_behind(told: Told, cell: int) -> np.ndarray:
    """Which published rows a reader needs for how little and how much a cell can be.

    They are those with a price in the linear program that ends at either bound; any of the others
    could be withheld, and the bounds would be the same. None where the search ends before.
    """
    search = _Search(told)
    used = np.zeros(told.above.shape[0], dtype=bool)
    if search.is_possible():
        for sign in (1.0, -1.0):
            used |= np.abs(search.prices(cell, sign)) > _TOLERANCE
    return used & (told.lower == told.upper)


@dataclass(frozen=True, slots=True)
class _Least:
    """The least cost, how many people are in each known set, and the price of each row."""

    value: float
    people: np.ndarray
    prices: np.ndarray


class _Search:
    """Sets of cells that persons can be in, and the numbers that persons in them give.

    low, high: of every row, over all numbers that some people were found to give.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._rows = told.above.shape[0]
        self._sets = _first_sets(told)
        self._endless: set[tuple[int, float]] = set()
        self._effort = Effort(MOST_STEPS)
        self._next = _Next(told, self._effort)
        self.low, self.high = np.full(self._rows, np.inf), np.full(self._rows, -np.inf)

    def is_possible(self) -> bool:
        """Find sets that give the published numbers; False where the search ends before.

        Raises ValueError where there are none.
        """
        try:
            missing = self._least(np.zeros(self._rows), slack=1.0).value
        except OutOfReachError:
            return False
        if missing > _TOLERANCE:
            raise ValueError("no people in several cells give the published values")
        return True

    def end(self, row: int, sign: float) -> float:
        """The least that sign times a row can be, at most; minus infinity where nothing says."""
        costs = np.zeros(self._rows)
        costs[row] = sign
        try:
            least = self._least(costs)
        except OutOfReachError:
            return -np.inf
        if np.isfinite(least.value):
            self._keep(least.people)
        else:
            self._endless.add((row, sign))
        return float(np.ceil(least.value - _TOLERANCE))

    def prices(self, row: int, sign: float) -> np.ndarray:
        """What every row adds to the least that sign times a row can be; 0 if nothing is known."""
        costs = np.zeros(self._rows)
        costs[row] = sign
        try:
            return self._least(costs).prices
        except OutOfReachError:
            return np.zeros(self._rows)

    def reach(self, row: int, floor: float, ceiling: float) -> None:
        """Look for whole people who give the ends of a row, where none are known yet."""
        costs = np.zeros(self._rows)
        for sign, bound in ((1.0, floor), (-1.0, -ceiling)):
            reached = self.low[row] if sign > 0 else -self.high[row]
            if reached > bound and self._effort.left:
                costs[row] = sign if np.isfinite(bound) else 0.0
                self._in_whole_people(costs)
        if (row, -1.0) in self._endless and np.isfinite(self.high[row]):
            self.high[row] = np.inf

    def _least(self, costs: np.ndarray, *, slack: float = 0.0) -> "_Least":
        """The least cost of people in fractions, over all sets.

        Minus infinity where nothing limits it. slack: what it costs for each person that the
        published numbers are missed by; 0 where they must not be. Raises OutOfReachError where
        the search has to be given up.
        """
        while True:
            found = self._model(slack=slack, costs=costs).minimise()
            if found.status == "unbounded":
                return _Least(-np.inf, found.columns, np.zeros(self._rows))
            if found.status != "optimal":
                raise OutOfReachError
            better = self._next.found(costs - found.duals)
            if better is None:
                people = found.columns[: self._sets.shape[1]]
                return _Least(found.value, people, found.duals)
            self._sets = np.column_stack([self._sets, better])

    def _in_whole_people(self, costs: np.ndarray) -> None:
        """Look for whole people in the known sets who cost least, and keep what they give."""
        self._effort.spend(_PER_SET * self._sets.shape[1])
        model = self._model(costs=costs, whole=True)
        model.accept(gap=0.0, near=_TOLERANCE, nodes=_NODES)
        self._keep(model.minimise().columns)

    def _keep(self, people: np.ndarray) -> None:
        """Widen what is known of all rows by whole people in each set, if that is what they are."""
        whole = np.round(people)
        if len(whole) < self._sets.shape[1] or np.abs(people - whole).max(initial=0) > _TOLERANCE:
            return
        numbers = self._sets @ whole
        below, above = self._told.lower - _TOLERANCE, self._told.upper + _TOLERANCE
        if ((numbers >= below) & (numbers <= above)).all() and (whole >= 0).all():
            self.low, self.high = np.minimum(self.low, numbers), np.maximum(self.high, numbers)

    def _model(self, *, costs: np.ndarray, slack: float = 0.0, whole: bool = False) -> Model:
        known = csr_matrix(self._sets)
        of_each = costs @ self._sets
        if slack:
            both = eye_array(self._rows, format="csr")
            known = csr_matrix(hstack([known, both, -both]))
            of_each = np.concatenate([of_each, np.full(2 * self._rows, slack)])
        bounds = np.zeros(known.shape[1]), np.full(known.shape[1], INFINITY)
        right = tuple(
            np.clip(side, -INFINITY, INFINITY) for side in (self._told.lower, self._told.upper)
        )
        model = Model(known, (right[0], right[1]), bounds, whole=whole)
        model.count_on(self._effort)
        model.set_costs(of_each)
        return model


class _Next:
    """Finds the set of cells that costs least, at given prices of every cell and total."""

    def __init__(self, told: Told, effort: Effort) -> None:
        self._above = told.above
        self._places = told.above.shape[1]
        self._effort = effort
        self._model = _model_of_a_person(told)
        self._model.model.count_on(effort)

    def found(self, prices: np.ndarray) -> np.ndarray | None:
        """The rows that somebody counts in who costs less than nothing; None where nobody does."""
        if not self._effort.left:
            raise OutOfReachError
        numbers = len(prices)
        others = self._model.columns - self._places - numbers
        self._model.model.set_costs(
            np.concatenate([np.zeros(self._places), prices, np.zeros(others)])
        )
        found = self._model.model.minimise()
        if found.status != "optimal":
            raise OutOfReachError
        person = (self._above @ np.round(found.columns[: self._places]) > 0).astype(float)
        return person if prices @ person < -_TOLERANCE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """A model whose columns are the cells, the rows of the table, and the choice of `only`."""

    model: Model
    columns: int


def _model_of_a_person(told: Told) -> _Person:
    """Somebody is in a row exactly if they are in one of the cells that it counts."""
    rows, places = told.above.shape
    numbers, only = np.unique(told.only, return_inverse=True)
    columns = places + rows + len(numbers)
    pairs = told.above.tocoo()
    count = len(pairs.row)
    at = np.arange(count)
    # In a cell, then in every row above it: place - row <= 0.
    inside = csr_matrix(
        (
            np.concatenate([np.ones(count), -np.ones(count)]),
            (np.concatenate([at, at]), np.concatenate([pairs.col, places + pairs.row])),
        ),
        shape=(count, columns),
    )
    # In a row, then in one of its cells: row - places <= 0.
    outside = csr_matrix(hstack([-told.above, eye_array(rows), csr_matrix((rows, len(numbers)))]))
    # In cells of one choice alone: place - choice <= 0, and there is one choice.
    chosen = csr_matrix(
        (
            np.concatenate([np.ones(places), -np.ones(places)]),
            (
                np.tile(np.arange(places), 2),
                np.concatenate([np.arange(places), places + rows + only]),
            ),
        ),
        shape=(places, columns),
    )
    one = csr_matrix(
        (np.ones(len(numbers)), (np.zeros(len(numbers)), places + rows + np.arange(len(numbers)))),
        shape=(1, columns),
    )
    matrix = csr_matrix(vstack([inside, outside, chosen, one], format="csr"))
    least = np.full(matrix.shape[0], -INFINITY)
    most = np.zeros(matrix.shape[0])
    most[-1] = 1.0
    bounds = np.zeros(columns), np.ones(columns)
    model = Model(matrix, (least, most), bounds, whole=True)
    model.accept(gap=0.0, near=_TOLERANCE, nodes=_NODES)
    return _Person(model=model, columns=columns)


def _first_sets(told: Told) -> np.ndarray:
    """Persons in one cell, in two, and in all that a total counts; a column each."""
    places = told.above.shape[1]
    alone = np.eye(places)
    pairs = [alone[one] + alone[other] for one in range(places) for other in range(one)]
    every = [alone[one] for one in range(places)] + (pairs if places <= _PAIRS_UP_TO else [])
    of_each = np.unique(told.only)
    for row in told.above.toarray():
        every += [row * (told.only == number) for number in of_each]
    kept = [one for one in every if one.any() and len(np.unique(told.only[one > 0])) == 1]
    sets = (told.above @ np.array(kept).T > 0).astype(float)
    return np.unique(sets, axis=1)
