"""How far withheld cells can move while every sum stays: in fractions of people, by one reader."""

from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.protect.attack import Attack
from output_checks.protect.effort import Effort
from output_checks.protect.solver import INFINITY, Model

_TOLERANCE = 1e-7
_STILL = 1e-6
"""A cell that moves by less stays where it is."""


class Movement:
    """Movements of some cells of a table, the others being shown.

    up, down: for every cell the furthest that was seen since `free` was last called. seen: every
    movement seen since then, one value a cell of the table.
    """

    def __init__(self, attack: Attack, cells: np.ndarray, effort: Effort) -> None:
        self.attack = attack
        self._cells = cells
        self._place = np.full(len(attack.values), -1)
        self._place[cells] = np.arange(len(cells))
        part = csr_matrix(attack.structure.relations[:, cells])
        self._rows = np.flatnonzero(np.diff(part.indptr))
        part = csr_matrix(part[self._rows])
        nothing, still = np.zeros(part.shape[0]), np.zeros(len(cells))
        self._model = Model(part, (nothing, nothing), (still, still), costs_change=True)
        self._model.count_on(effort)
        self._wanted: int | None = None
        self.up = np.zeros(len(attack.values))
        self.down = np.zeros(len(attack.values))
        self.seen: list[np.ndarray] = []

    def free(self, chosen: np.ndarray, most: float) -> None:
        """Let every cell move by its chosen part, and by no more than `most` of it.

        chosen: for every cell of the table, 0 to 1.
        """
        attack, cells = self.attack, self._cells
        up = np.minimum(attack.upper - attack.values, most)[cells] * chosen[cells]
        down = np.minimum(attack.values - attack.lower, most)[cells] * chosen[cells]
        self._model.set_bounds(np.arange(len(cells)), -down, up)
        self.up[:], self.down[:] = 0.0, 0.0
        self.seen = []

    def let(self, cell: int, part: float, most: float) -> None:
        """Let one cell move by another part from now on."""
        attack = self.attack
        up = min(attack.upper[cell] - attack.values[cell], most) * part
        down = min(attack.values[cell] - attack.lower[cell], most) * part
        self._model.set_bounds(self._place[[cell]], np.array([-down]), np.array([up]))

    def reach(self, cell: int, sign: int) -> np.ndarray:
        """Move a cell as far up (sign 1) or down (-1) as can be; returns what every sum is worth.

        That is one dual value for each of the table's sums.
        """
        if self._wanted is not None:
            self._model.set_cost(self._wanted, 0.0)
        self._wanted = int(self._place[cell])
        self._model.set_cost(self._wanted, -float(sign))
        found = self._model.minimise()
        duals = np.zeros(self.attack.structure.relations.shape[0])
        if found.status == "optimal":
            moved = np.zeros(len(self.up))
            moved[self._cells] = found.columns
            np.maximum(self.up, moved, out=self.up)
            np.maximum(self.down, -moved, out=self.down)
            self.seen.append(moved)
            duals[self._rows] = found.duals
        return duals

    def weights(self, cell: int, sign: int, duals: np.ndarray, need: float) -> np.ndarray:
        """Weights w such that the cell moves at most by the sum of w over the withheld cells.

        Whatever the duals are. No weight is above what is needed.
        Source: Fischetti & Salazar (2001), capacity constraints.
        """
        attack = self.attack
        rest = attack.structure.relations.T @ duals
        rest[cell] += sign
        rest[np.abs(rest) < _TOLERANCE] = 0.0
        weights = np.zeros(len(rest))
        rising, falling = rest > 0, rest < 0
        up = np.minimum(attack.upper - attack.values, INFINITY)
        down = np.minimum(attack.values - attack.lower, INFINITY)
        weights[rising] = np.minimum(rest[rising] * up[rising], need)
        weights[falling] = np.minimum(-rest[falling] * down[falling], need)
        return weights


Known: TypeAlias = tuple[np.ndarray, np.ndarray]
"""A pattern that a reader looked at, and movements that were seen."""


class Reader:
    """What a reader can work out of one pattern after another, in fractions of people.

    Movements that were seen are kept for as long as all that they move stays withheld.
    """

    def __init__(self, attack: Attack, effort: Effort) -> None:
        self.attack = attack
        self._effort = effort
        size = len(attack.values)
        self._seen = np.zeros((0, size), dtype=np.float32)
        self._withheld = np.zeros(size, dtype=bool)
        self._movement: Movement | None = None
        self._most = 100.0 * float(attack.width.max(initial=1.0))
        self._aside: tuple[int, np.ndarray] | None = None

    def look_at(self, withheld: np.ndarray) -> None:
        """Turn to another pattern."""
        if (withheld == self._withheld).all():
            return
        self._seen = self._seen[~(self._seen[:, ~withheld] != 0).any(axis=1)]
        self._withheld = withheld.copy()
        self._movement = None

    def known(self) -> Known:
        """What is known now, to be recalled later."""
        return self._withheld.copy(), self._seen

    def recall(self, known: Known) -> None:
        """Look at an earlier pattern again, knowing what was known of it."""
        self._withheld, self._seen = known
        self._movement = None
        self._aside = None

    def unsafe(self, *, first_only: bool = False) -> list[int]:
        """Withheld cells that can be worked out too narrowly."""
        attack, found = self.attack, []
        up = self._seen.max(axis=0, initial=0.0).astype(float)
        down = (-self._seen).max(axis=0, initial=0.0).astype(float)
        open_cells = self._withheld & ~attack.are_safe(attack.values - down, attack.values + up)
        for cell in np.flatnonzero(open_cells).tolist():
            if not self._is_safe(cell, up, down):
                found.append(cell)
                if first_only:
                    break
        return found

    def _is_safe(self, cell: int, up: np.ndarray, down: np.ndarray) -> bool:
        attack, value = self.attack, self.attack.values[cell]
        for sign in (1, -1):
            if attack.is_safe(cell, value - down[cell], value + up[cell]):
                return True
            self._reach(cell, sign, up, down)
        return attack.is_safe(cell, value - down[cell], value + up[cell])

    def _reach(self, cell: int, sign: int, up: np.ndarray, down: np.ndarray) -> None:
        movement = self._moving()
        movement.reach(cell, sign)
        for moved in movement.seen:
            moved[np.abs(moved) < _STILL] = 0.0
            np.maximum(up, moved, out=up)
            np.maximum(down, -moved, out=down)
            self._seen = np.vstack([self._seen, moved.astype(np.float32)])
        movement.seen = []

    def _moving(self) -> Movement:
        if self._movement is None:
            self._movement = Movement(self.attack, np.flatnonzero(self._withheld), self._effort)
            self._movement.free(self._withheld.astype(float), self._most)
        return self._movement

    def is_safe_without(self, cell: int) -> bool:
        """Whether all stays safe when this withheld cell is shown; it is, until `take_back`."""
        self._moving().let(cell, 0.0, self._most)
        self._withheld[cell] = False
        moves = self._seen[:, cell] != 0
        self._aside = (cell, self._seen[moves])
        self._seen = self._seen[~moves]
        return not self.unsafe(first_only=True)

    def take_back(self) -> None:
        """Withhold the cell again that was shown last."""
        if self._aside is not None:
            cell, moved = self._aside
            self._moving().let(cell, 1.0, self._most)
            self._withheld[cell] = True
            self._seen = np.vstack([self._seen, moved])
            self._aside = None

    def trim(self) -> None:
        """Forget movements that go furthest for no cell."""
        if len(self._seen):
            ends = {*self._seen.argmax(axis=0).tolist(), *self._seen.argmin(axis=0).tolist()}
            self._seen = self._seen[sorted(ends)]
