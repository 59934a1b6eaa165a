"""Other worlds of whole people near the truth: only what the groups asked about are made of moves.

Of thousands of unknowns that hang together few are in withheld cells. Where they alone leave
enough open, nothing else has to be solved; and of withheld cells in a row and a column the
solutions of the linear program are whole people by themselves.
"""

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.protect.solver import INFINITY, Model

_MANY, _ROUNDS_IN_VAIN = 4, 2
_NODES = 200
_TOLERANCE = 1e-6
Keep = Callable[[np.ndarray], None]
IsEnough = Callable[[int], bool]


class Near:
    """Some unknowns in the sums of a part; all others stay as they are in one world.

    world: of whole people, which fits all sums. free: the unknowns that move. targets: groups of
    them that are asked about, one row each. spend: asked before each solve, with its size; the
    search ends where it says no.
    """

    def __init__(
        self,
        sums: csr_matrix,
        right: tuple[np.ndarray, np.ndarray],
        world: np.ndarray,
        targets: csr_matrix,
        free: np.ndarray,
        spend: Callable[[int], bool],
    ) -> None:
        self._world = world
        self._spend = spend
        self._free = free
        self._targets = csr_matrix(targets[:, self._free])
        part = csr_matrix(sums[:, self._free])
        tied = np.flatnonzero(np.diff(part.indptr))
        rest = (sums @ world - part @ world[self._free])[tied]
        self._part = csr_matrix(part[tied])
        self._right = right[0][tied] - rest, right[1][tied] - rest
        self._model = self._made(whole=False)
        self._whole = self._made(whole=True)
        self._whole.accept(gap=0.5, near=4.0, nodes=_NODES)

    def towards(self, weights: np.ndarray) -> np.ndarray:
        """A world of whole people in which a weighted sum of all unknowns is large.

        The world that it started from where none is found.
        """
        found = [self._world]
        self._try(self._model, weights[self._free], found.append)
        return found[-1]

    def look(self, is_enough: IsEnough, keep: Keep) -> None:
        """Keep worlds of whole people, until each target is enough or none is found any more.

        Where the linear program gives parts of people whole ones are searched, up to some nodes.
        """
        self._at_many(is_enough, keep)
        for number in range(self._targets.shape[0]):
            for sign in (1.0, -1.0):
                if is_enough(number):
                    break
                weights = sign * self._weights(number)
                if not self._try(self._model, weights, keep):
                    self._try(self._whole, weights, keep)

    def _made(self, *, whole: bool) -> Model:
        bounds = np.zeros(len(self._free)), np.full(len(self._free), INFINITY)
        return Model(self._part, self._right, bounds, whole=whole, costs_change=not whole)

    def _weights(self, number: int) -> np.ndarray:
        return self._targets[[number]].toarray().reshape(-1)

    def _at_many(self, is_enough: IsEnough, keep: Keep) -> None:
        """Move all targets at once that are not enough yet, by chance up or down."""
        chance = np.random.default_rng(0)  # the same worlds every time
        left, rounds = self._targets.shape[0] + 1, 0
        while rounds < _ROUNDS_IN_VAIN:
            waiting = [at for at in range(self._targets.shape[0]) if not is_enough(at)]
            if len(waiting) < _MANY:
                return
            rounds = 0 if len(waiting) < left else rounds + 1
            left = len(waiting)
            ways = chance.uniform(0.5, 1.0, left) * chance.choice([-1.0, 1.0], left)
            costs = self._targets[waiting].T @ ways
            for sign in (1.0, -1.0):
                self._try(self._model, sign * costs, keep)

    def _try(self, model: Model, weights: np.ndarray, keep: Keep) -> bool:
        """Keep a world in which a weighted sum is as large as can be, if it is of whole people."""
        if not self._spend(len(self._free)):
            return True
        model.set_costs(-weights)
        columns = model.minimise().columns
        whole = np.round(columns)
        if len(columns) != len(self._free) or np.abs(columns - whole).max(initial=0.0) > _TOLERANCE:
            return False
        sums = self._part @ whole
        low, high = self._right
        inside = (sums >= low - _TOLERANCE).all() and (sums <= high + _TOLERANCE).all()
        if inside and (whole >= 0).all():
            world = self._world.copy()
            world[self._free] = whole
            keep(world)
        return bool(inside)
