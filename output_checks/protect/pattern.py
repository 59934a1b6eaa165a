"""What to withhold at least, and how a pattern grows until it is safe: Kelly, Golden & Assad."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from output_checks.protect.attack import Attack
from output_checks.protect.effort import Effort
from output_checks.protect.movement import Reader
from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-6
_A_LITTLE = 1e-3
"""What moving a cell costs that looks free by itself: so that no more cells move than must."""
_TRY_ALL_UP_TO = 1_000
"""Up to how many cells every way of moving one is tried, and not only the first that goes."""
_FAR = 1e6
"""A movement that nothing bounds is carried so many times as far."""


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


class Growth:
    """Makes patterns safe by withholding more.

    For every cell that can be worked out the cheapest change of the table is searched that moves
    it far enough and leaves all sums as they are; the cells that change are withheld.
    may: which cells may be withheld. price: what withholding each is thought to cost.
    """

    def __init__(
        self, task: Task, may: np.ndarray, price: np.ndarray, effort: Effort, *, whole: bool = False
    ) -> None:
        self._task = task
        self._price = price
        self._flows = {
            id(one): _Flow(one, may, effort, whole=whole and one.small > 0) for one in task.attacks
        }

    def set_price(self, price: np.ndarray) -> None:
        """Think of other prices from now on."""
        self._price = price

    def until_safe(self, withheld: np.ndarray, readers: Sequence[Reader]) -> bool:
        """Withhold more (in place) until every reader is kept out, in fractions of people.

        False where that ends before.
        """
        while True:
            for reader in readers:
                reader.look_at(withheld)
            unsafe = [(one.attack, cell) for one in readers for cell in one.unsafe()]
            if not unsafe:
                return True
            if not self._protected(unsafe, withheld):
                return False

    def until_safe_in_whole_numbers(self, withheld: np.ndarray) -> bool:
        """The same against readers who know that people are counted in whole numbers."""
        while unsafe := self._task.unsafe(withheld):
            if not self._protected(unsafe, withheld):
                return False
        return True

    def _protected(self, unsafe: Sequence[tuple[Attack, int]], withheld: np.ndarray) -> bool:
        before = withheld.sum()
        shown = {id(one): _Shown(one) for one in self._task.attacks}
        for attack, cell in sorted(unsafe, key=lambda one: (one[0].values[one[1]], one[1])):
            if shown[id(attack)].is_safe(cell):
                continue
            price = np.where(withheld, 0.0, self._price + _A_LITTLE * self._task.cost)
            possible = self._choices(attack, cell, price)
            if not possible:
                return False
            chosen = min(possible, key=lambda one: self._task.cost_of(withheld | _moving(one)))
            shown[id(attack)].add(chosen)
            withheld |= _moving(chosen)
        return bool(withheld.sum() > before)

    def _choices(self, attack: Attack, cell: int, price: np.ndarray) -> list[list[np.ndarray]]:
        """Movements that make a cell safe together: of a large table the first that do."""
        flow, found = self._flows[id(attack)], []
        for way in sorted(attack.moves(cell), key=lambda way: way[0] > 0):
            moved = flow.moved(cell, way, price)
            if moved is not None:
                found.append(moved)
                if flow.size > _TRY_ALL_UP_TO:
                    break
        return found


def _moving(movements: Sequence[np.ndarray]) -> np.ndarray:
    return np.any([np.abs(one) > _TOLERANCE for one in movements], axis=0)


class _Shown:
    """How far cells move in the movements found so far, each carried as far as it goes."""

    def __init__(self, attack: Attack) -> None:
        self._attack = attack
        self._up = np.zeros(len(attack.values))
        self._down = np.zeros(len(attack.values))

    def is_safe(self, cell: int) -> bool:
        """Whether what was noted moves a cell far enough."""
        value = self._attack.values[cell]
        return self._attack.is_safe(cell, value - self._down[cell], value + self._up[cell])

    def add(self, movements: Sequence[np.ndarray]) -> None:
        """Note movements, forwards and backwards, of cells that are withheld from now on."""
        for one in movements:
            for moved in (one, -one):
                far = self._as_far_as_it_goes(moved)
                np.maximum(self._up, far, out=self._up)
                np.maximum(self._down, -far, out=self._down)

    def _as_far_as_it_goes(self, moved: np.ndarray) -> np.ndarray:
        attack = self._attack
        cells = np.flatnonzero(np.abs(moved) > _TOLERANCE)
        room = np.where(moved > 0, attack.upper - attack.values, attack.values - attack.lower)
        most = (room[cells] / np.abs(moved[cells])).min(initial=_FAR)
        return moved * most


class _Flow:
    """The cheapest change of a table that moves one cell by a given amount."""

    def __init__(self, attack: Attack, may: np.ndarray, effort: Effort, *, whole: bool) -> None:
        self._cells = np.flatnonzero(may)
        self.size = len(self._cells)
        self._place = np.full(len(may), -1)
        self._place[self._cells] = np.arange(len(self._cells))
        self._up = np.minimum(attack.upper - attack.values, INFINITY)[self._cells]
        self._down = np.minimum(attack.values - attack.lower, INFINITY)[self._cells]
        part = csr_matrix(attack.structure.relations[:, self._cells])
        part = csr_matrix(part[np.flatnonzero(np.diff(part.indptr))])
        matrix = csr_matrix(hstack([part, -part]))
        nothing = np.zeros(matrix.shape[0])
        bounds = (np.zeros(matrix.shape[1]), np.concatenate([self._up, self._down]))
        self._model = Model(matrix, (nothing, nothing), bounds, whole=whole)
        self._model.count_on(effort)

    def moved(
        self, cell: int, way: tuple[float, float], price: np.ndarray
    ) -> list[np.ndarray] | None:
        """Movements of one cell (down, up) so far; None where it cannot."""
        found: list[np.ndarray] = []
        for amount, sign in zip(way, (-1, 1), strict=True):
            if amount > 0:
                free = _moving(found) if found else np.zeros(len(price), dtype=bool)
                moved = self._moved(cell, sign * amount, np.where(free, 0.0, price))
                if moved is None:
                    return None
                found.append(moved)
        return found

    def _moved(self, cell: int, amount: float, price: np.ndarray) -> np.ndarray | None:
        size, at = len(self._cells), self._place[cell]
        cost = price[self._cells]
        self._model.set_costs(np.concatenate([cost, cost]))
        both = np.array([at, size + at])
        fixed = np.array([max(amount, 0.0), max(-amount, 0.0)])
        self._model.set_bounds(both, fixed, fixed)
        found = self._model.minimise(anew=True)
        self._model.set_bounds(both, np.zeros(2), np.array([self._up[at], self._down[at]]))
        if found.status != "optimal":
            return None
        moved = np.zeros(len(price))
        moved[self._cells] = found.columns[:size] - found.columns[size:]
        return moved
