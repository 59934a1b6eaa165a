"""Patterns that nothing learnt so far speaks against, and the cheapest of them."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from output_checks.protect.effort import Effort
from output_checks.protect.pattern import Task
from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The cheapest pattern of fractions of cells: chosen (0 to 1 a cell), what it costs, and what
    every cell's part would add to that at least (0 for chosen ones). Where it could not be solved
    the primary cells, at no cost; at an infinite one where there is no safe pattern at all."""

    chosen: np.ndarray
    cost: float
    dearer: np.ndarray
    is_solved: bool = True


class Master:
    """What is known that every safe pattern must do, as rows: a weighted sum is at least 0.

    step: costs are multiples of this (0: they may be any).
    """

    def __init__(self, task: Task, effort: Effort) -> None:
        self._task = task
        self._effort = effort
        self._columns: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
        self._sums = abs(task.attacks[0].structure.relations)
        may = task.allowed | task.primary
        self._costs = np.where(task.primary, 0.0, task.cost)
        self.step = 1.0 if (task.cost == np.round(task.cost)).all() else 0.0
        size = len(may)
        self._matrix = csr_matrix((0, size))
        none = np.empty(0)
        bounds = (task.primary.astype(float), may.astype(float))
        self._model = Model(csr_matrix((0, size)), (none, none), bounds)
        self._model.count_on(effort)
        self._model.set_costs(self._costs)

    def __len__(self) -> int:
        return len(self._columns)

    def learn(self, weights: np.ndarray, cell: int, need: float) -> None:
        """Where the cell is withheld, the weights of the withheld cells are at least `need`.

        Primary cells give theirs in any case; no other need give more than what is left of it.
        """
        primary = self._task.primary.copy()
        primary[cell] = False
        left = need - float(weights[primary].sum())
        row = np.where(primary, 0.0, np.minimum(weights, left)) / left
        row[cell] -= 1.0
        used = np.flatnonzero(row)
        self._add(used, row[used])

    def _add(self, columns: np.ndarray, values: np.ndarray) -> None:
        self._columns.append(columns)
        self._values.append(values)
        self._model.add_row(columns, values)

    def learn_single(self, chosen: np.ndarray) -> int:
        """In no sum may one cell be withheld alone: it is at most the sum of the others.

        Returns how many sums broke that.
        """
        sums = self._sums
        total = sums @ chosen
        largest = np.maximum.reduceat(chosen[sums.indices], sums.indptr[:-1])
        broken = np.flatnonzero(2 * largest > total + _TOLERANCE)
        for row in broken:
            cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
            alone = cells[np.argmax(chosen[cells])]
            self._add(cells, np.where(cells == alone, -1.0, 1.0))
        return len(broken)

    def relax(self) -> Relaxed:
        """The cheapest pattern in fractions."""
        while True:
            found = self._model.minimise()
            if found.status != "optimal":
                # Every cell is bounded, so that what is not solved can only be impossible.
                impossible = found.status in {"infeasible", "unbounded"}
                return Relaxed(
                    chosen=self._task.primary.astype(float),
                    cost=np.inf if impossible else 0.0,
                    dearer=np.zeros(len(self._costs)),
                    is_solved=False,
                )
            if not self._effort.left or not self.learn_single(found.columns):
                break
        return Relaxed(chosen=found.columns, cost=found.value, dearer=found.reduced)

    def whole(
        self, free: np.ndarray, fixed: np.ndarray, *, nodes: int, below: float
    ) -> np.ndarray | None:
        """The cheapest pattern in whole cells, of those that cost no more than `below`.

        free: which cells may be withheld or not; fixed: which are in any case. The others are
        shown. None where there is none, or none was found in so many nodes of the search.
        """
        columns = np.flatnonzero(free & ~fixed)
        rows, least = self._part(np.arange(len(self)), columns, fixed)
        base = float(self._costs[fixed].sum())
        rows = csr_matrix(vstack([rows, csr_matrix(-self._costs[columns])]))
        least = np.append(least, base - below)
        if not len(columns):
            return None if (least > _TOLERANCE).any() else fixed.copy()
        bounds = (np.zeros(len(columns)), np.ones(len(columns)))
        model = Model(rows, (least, np.full(len(least), INFINITY)), bounds, whole=True)
        model.count_on(self._effort)
        model.set_costs(self._costs[columns])
        model.accept(gap=0.0, near=max(self.step - 1e-3, 1e-6), nodes=nodes)
        found = model.minimise()
        chosen = found.columns > 0.5
        is_found = found.status in {"optimal", "limited"} and len(chosen) == len(columns)
        if not is_found or (rows @ chosen < least - 10 * _TOLERANCE).any():
            return None
        withheld = fixed.copy()
        withheld[columns[chosen]] = True
        return withheld

    def breaks(self, chosen: np.ndarray) -> bool:
        """Whether a pattern breaks what was learnt."""
        return bool((self._known @ chosen < -_TOLERANCE).any())

    def part_since(self, first: int, columns: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
        """What was learnt from a row on, for some columns, where the primary cells are withheld."""
        return self._part(np.arange(first, len(self)), columns, self._task.primary)

    @property
    def _known(self) -> csr_matrix:
        """All rows; made again where some were learnt since."""
        if self._matrix.shape[0] < len(self):
            lengths = [len(one) for one in self._columns]
            starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
            values, columns = np.concatenate(self._values), np.concatenate(self._columns)
            shape = (len(lengths), len(self._costs))
            self._matrix = csr_matrix((values, columns.astype(np.int64), starts), shape=shape)
        return self._matrix

    def _part(
        self, which: np.ndarray, columns: np.ndarray, fixed: np.ndarray
    ) -> tuple[csr_matrix, np.ndarray]:
        """Some rows for some columns; those that hold in any case are left out."""
        known = self._known[which]
        least = -(known @ fixed.astype(float))
        part = csr_matrix(known[:, columns])
        worst = np.asarray(part.minimum(0).sum(axis=1)).reshape(-1)
        open_rows = np.flatnonzero(worst < least - _TOLERANCE)
        return csr_matrix(part[open_rows]), least[open_rows]
