"""Which published numbers to withhold so that groups of people stay unknown, at little cost.

Kelly, Golden & Assad's flows over all outputs at once: the cheapest other world in which a group
has another number says which published numbers would have to change, and those are withheld.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, eye_array, hstack, vstack

from output_checks.linked.system import System
from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-6


Group = tuple[np.ndarray, float]


class Hiding:
    """The sums of a system, of which some may be withheld, and groups that must stay unknown.

    cost: of withholding each sum; infinite where it must not be, as that of a released output.
    groups: the unknowns of each group, and how many people it is. threshold: how wide their
    intervals have to be.
    """

    def __init__(
        self, system: System, cost: np.ndarray, groups: Sequence[Group], threshold: int
    ) -> None:
        self._cost = cost
        self._threshold = threshold
        rows = len(system.named)
        members = [unknowns for unknowns, _ in groups]
        starts = np.cumsum([0, *map(len, members)])
        columns = np.concatenate([np.empty(0, dtype=int), *members])
        wanted = csr_matrix(
            (np.ones(len(columns)), columns, starts), shape=(len(groups), len(system.truth))
        )
        self._values = np.array([count for _, count in groups])
        self._first = len(system.truth) + 2 * rows
        sides = hstack([-eye_array(rows), eye_array(rows), csr_matrix((rows, len(groups)))])
        moves = hstack([csr_matrix((len(groups), 2 * rows)), -eye_array(len(groups))])
        matrix = vstack([hstack([system.sums, sides]), hstack([wanted, moves])])
        room = system.sums @ system.truth
        low = np.append(system.least - room, np.zeros(len(groups)))
        high = np.append(system.most - room, np.zeros(len(groups)))
        free = np.full(2 * rows + len(groups), INFINITY)
        may = np.where(np.isfinite(cost), INFINITY, 0.0)
        bounds = (
            np.concatenate([-system.truth, np.zeros(2 * rows), -free[: len(groups)]]),
            np.concatenate([np.full(len(system.truth), INFINITY), may, may, free[: len(groups)]]),
        )
        self._model = Model(csr_matrix(matrix), (low, high), bounds)
        self._unknowns, self._rows = len(system.truth), rows

    def hide(self, group: int, hidden: np.ndarray) -> np.ndarray | None:
        """Which sums to withhold besides those that are, so that this group stays unknown.

        None where no choice of them does it.
        """
        choices = [self._for_way(group, way, hidden) for way in self._ways(group)]
        possible = [one for one in choices if one is not None]
        return min(possible, key=lambda one: float(self._cost[one].sum()), default=None)

    def _ways(self, group: int) -> list[tuple[float, float]]:
        """How far (down, up) its number must be able to move: each way is safe."""
        value, wide = float(self._values[group]), float(self._threshold)
        ways = [(0.0, wide), (min(value, wide), max(wide - value, 0.0))]
        if value < wide:
            ways.insert(0, (max(value - 1, 0.0), max(wide - 1, 2) - value))
        return ways

    def _for_way(
        self, group: int, way: tuple[float, float], hidden: np.ndarray
    ) -> np.ndarray | None:
        more = np.zeros(self._rows, dtype=bool)
        for amount, sign in zip(way, (-1.0, 1.0), strict=True):
            if amount > 0:
                changed = self._moved(group, sign * amount, hidden | more)
                if changed is None:
                    return None
                more |= changed
        return more & ~hidden

    def _moved(self, group: int, amount: float, hidden: np.ndarray) -> np.ndarray | None:
        cost = np.where(hidden | ~np.isfinite(self._cost), 0.0, self._cost)
        nothing = np.zeros(self._unknowns), np.zeros(len(self._values))
        self._model.set_costs(np.concatenate([nothing[0], cost, cost, nothing[1]]))
        column = np.array([self._first + group])
        self._model.set_bounds(column, np.array([amount]), np.array([amount]))
        found = self._model.minimise()
        self._model.set_bounds(column, np.array([-INFINITY]), np.array([INFINITY]))
        if found.status != "optimal":
            return None
        start, rows = self._unknowns, self._rows
        sides = found.columns[start : start + rows] + found.columns[start + rows : self._first]
        return sides > _TOLERANCE
