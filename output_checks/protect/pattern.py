"""Search for the cells to withhold: Kelly, Golden & Assad's flows, then a clean-up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from output_checks.protect.attack import Attack
from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-6
CLEAN_UP_UP_TO = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to withhold at least, what may be withheld besides, and at which cost."""

    attacks: tuple[Attack, ...]
    primary: np.ndarray
    allowed: np.ndarray
    cost: np.ndarray

    def unsafe(self, withheld: np.ndarray) -> list[tuple[Attack, int]]:
        """Every withheld cell that some reader can work out too narrowly."""
        return [(one, int(cell)) for one in self.attacks for cell in one.unsafe(withheld)]

    def is_safe(self, withheld: np.ndarray) -> bool:
        """Whether no reader can work out any withheld cell; ends at the first that one can."""
        return all(one.holds(withheld) for one in self.attacks)

    def cost_of(self, withheld: np.ndarray) -> float:
        """What a pattern costs beyond its primary cells."""
        return float(self.cost[withheld & ~self.primary].sum())


def safe_pattern(task: Task) -> np.ndarray | None:
    """Find a safe pattern of low cost; None where the cells that may be withheld do not suffice.

    For every cell that can be worked out the cheapest change of the table is searched that moves
    it far enough and leaves all sums as they are; the cells that change are withheld.
    """
    withheld = task.primary.copy()
    # Fractions of people can make a cell look safe: then search again in whole numbers.
    if grow(task, withheld, whole=False) or grow(task, withheld, whole=True):
        return _cleaned(task, withheld)
    return None


def grow(task: Task, withheld: np.ndarray, *, whole: bool) -> bool:
    """Withhold more (in place) until every withheld cell is safe; False where that ends before."""
    flows = {id(one): _Flow(one, task, whole=whole and one.small > 0) for one in task.attacks}
    while unsafe := task.unsafe(withheld):
        before = withheld.sum()
        for attack, cell in _hardest_first(unsafe):
            if not flows[id(attack)].protect(cell, withheld):
                return False
        if withheld.sum() == before:
            return False
    return True


def _hardest_first(unsafe: Sequence[tuple[Attack, int]]) -> list[tuple[Attack, int]]:
    return sorted(unsafe, key=lambda one: (one[0].values[one[1]], one[1]))


class _Flow:
    """The cheapest change of a table that moves one cell by a given amount."""

    def __init__(self, attack: Attack, task: Task, *, whole: bool) -> None:
        self._attack = attack
        self._task = task
        size = len(attack.values)
        may = task.allowed | task.primary
        self._up = np.where(may, np.minimum(attack.upper - attack.values, INFINITY), 0.0)
        self._down = np.where(may, np.minimum(attack.values - attack.lower, INFINITY), 0.0)
        relations = attack.structure.relations
        matrix = csr_matrix(hstack([relations, -relations]))
        nothing = np.zeros(matrix.shape[0])
        bounds = (np.zeros(2 * size), np.concatenate([self._up, self._down]))
        self._model = Model(matrix, (nothing, nothing), bounds, whole=whole)

    def protect(self, cell: int, withheld: np.ndarray) -> bool:
        """Withhold (in place) what it takes for this cell to be safe; False where nothing does."""
        choices = [self._changed(cell, way, withheld) for way in self._attack.moves(cell)]
        possible = [one for one in choices if one is not None]
        if not possible:
            return False
        withheld |= min(possible, key=lambda one: self._task.cost_of(withheld | one))
        return True

    def _changed(
        self, cell: int, way: tuple[float, float], withheld: np.ndarray
    ) -> np.ndarray | None:
        changed = np.zeros(len(withheld), dtype=bool)
        for amount, sign in zip(way, (-1, 1), strict=True):
            if amount > 0:
                moved = self._moved(cell, sign * amount, withheld | changed)
                if moved is None:
                    return None
                changed |= moved
        return changed

    def _moved(self, cell: int, amount: float, withheld: np.ndarray) -> np.ndarray | None:
        size = len(withheld)
        cost = np.where(withheld, 0.0, self._task.cost)
        self._model.set_costs(np.concatenate([cost, cost]))
        both = np.array([cell, size + cell])
        fixed = np.array([max(amount, 0.0), max(-amount, 0.0)])
        self._model.set_bounds(both, fixed, fixed)
        found = self._model.minimise()
        upper = np.array([self._up[cell], self._down[cell]])
        self._model.set_bounds(both, np.zeros(2), upper)
        if found.status != "optimal":
            return None
        return np.abs(found.columns[:size] - found.columns[size:]) > _TOLERANCE


def _cleaned(task: Task, withheld: np.ndarray) -> np.ndarray:
    """Publish again what need not be withheld, the most costly first."""
    extra = np.flatnonzero(withheld & ~task.primary)
    if withheld.sum() > CLEAN_UP_UP_TO:
        return withheld
    for cell in sorted(extra, key=lambda one: (-task.cost[one], one)):
        fewer = withheld.copy()
        fewer[cell] = False
        if task.is_safe(fewer):
            withheld = fewer
    return withheld
