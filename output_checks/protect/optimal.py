"""The cheapest safe pattern, by Fischetti & Salazar's cuts: a reader's sums, turned round.

Each cut says: for this cell to be safe, these others must be withheld with at least this weight.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.protect.attack import Attack
from output_checks.protect.pattern import Task
from output_checks.protect.solver import INFINITY, Model, Solution

_TOLERANCE = 1e-6
_LITTLE = 1e-3
MOST_ROUNDS = 60
FRACTIONAL_ROUNDS = 8
EXACT_UP_TO = {True: 700, False: 150}
"""Up to how many cells the optimum is searched for: with at most two dimensions, with more."""
_STRENGTHEN_UP_TO = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """withheld: the best safe pattern, None where no better one than the given was found.

    bound: no safe pattern costs less. proven: withheld (or the given one) costs just that.
    """

    withheld: np.ndarray | None
    bound: float
    proven: bool


def cheapest_pattern(task: Task, known_cost: float) -> Optimum:
    """Search for the safe pattern of least cost, first in fractions, then in whole cells.

    known_cost: of a safe pattern that is known already. The search ends after a number of
    rounds and not after a time, so that it ends the same everywhere.
    """
    flat = task.attacks[0].structure.flat
    master = _Master(task)
    if len(task.cost) > EXACT_UP_TO[flat]:
        bound = master.learn_from_fractions(0)
        return Optimum(withheld=None, bound=bound, proven=bound >= known_cost - _TOLERANCE)
    bound = master.learn_from_fractions(FRACTIONAL_ROUNDS)
    master.ask_for_whole_cells()
    return _search(task, master, bound, known_cost)


def _search(task: Task, master: "_Master", bound: float, known_cost: float) -> Optimum:
    for _ in range(MOST_ROUNDS):
        found = master.solve()
        bound = max(bound, found.bound)
        if bound >= known_cost - _TOLERANCE:
            return Optimum(withheld=None, bound=known_cost, proven=True)
        if found.status != "optimal":
            break
        withheld = found.columns > 0.5
        unsafe = task.unsafe(withheld)
        if not unsafe:
            return Optimum(withheld=withheld, bound=task.cost_of(withheld), proven=True)
        for attack, cell in unsafe:
            master.learn(attack, cell, withheld)
    return Optimum(withheld=None, bound=bound, proven=False)


class _Master:
    """Patterns that nothing learnt so far speaks against."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._searches = {id(one): _Reach(one) for one in task.attacks}
        self._learnt: list[tuple[np.ndarray, np.ndarray]] = []
        self._model = self._made(whole=False)

    def _made(self, *, whole: bool) -> Model:
        may = self._task.allowed | self._task.primary
        matrix = _single_sums(self._task.attacks[0].structure.relations, may)
        rows = matrix.shape[0]
        bounds = (self._task.primary.astype(float), may.astype(float))
        right = (np.zeros(rows), np.full(rows, INFINITY))
        model = Model(matrix, right, bounds, whole=whole)
        model.set_costs(np.where(self._task.primary, 0.0, self._task.cost))
        for columns, values in self._learnt:
            model.add_row(columns, values, 0.0)
        return model

    def solve(self) -> Solution:
        """The cheapest pattern that is not ruled out."""
        return self._model.minimise()

    def learn_from_fractions(self, rounds: int) -> float:
        """Rule out patterns of fractions of cells; returns a cost that none can be below."""
        found = self.solve()
        for _ in range(rounds):
            before = len(self._learnt)
            for attack in self._task.attacks:
                for cell in np.flatnonzero(self._task.primary):
                    self._rule_out(attack, int(cell), found.columns)
            if len(self._learnt) == before:
                break
            found = self.solve()
        return found.value

    def ask_for_whole_cells(self) -> None:
        """From now on a cell is withheld or not."""
        self._model = self._made(whole=True)

    def learn(self, attack: Attack, cell: int, withheld: np.ndarray) -> None:
        """Rule out a pattern in which a reader can work this cell out."""
        if not self._rule_out(attack, cell, withheld.astype(float)):
            others = ~self._largest_unsafe(attack, cell, withheld)
            self._ask(others.astype(float), cell, 1.0)

    def _rule_out(self, attack: Attack, cell: int, chosen: np.ndarray) -> bool:
        learnt = False
        for up, down, need in _needs(attack, cell):
            weights = self._searches[id(attack)].weights(cell, chosen, up=up, down=down, need=need)
            if weights @ chosen < need * chosen[cell] - _TOLERANCE * max(need, 1.0):
                self._ask(weights, cell, need)
                learnt = True
        return learnt

    def _ask(self, weights: np.ndarray, cell: int, need: float) -> None:
        weights = weights / need
        weights[cell] -= 1.0
        used = np.flatnonzero(weights)
        self._learnt.append((used, weights[used]))
        self._model.add_row(used, weights[used], 0.0)

    def _largest_unsafe(self, attack: Attack, cell: int, withheld: np.ndarray) -> np.ndarray:
        """Add cells for as long as this one stays unsafe: more withheld never tells more."""
        grown = withheld.copy()
        if len(grown) > _STRENGTHEN_UP_TO:
            return grown
        for other in np.flatnonzero(self._task.allowed & ~withheld):
            grown[other] = True
            if cell not in attack.unsafe(grown):
                grown[other] = False
        return grown


def _single_sums(relations: csr_matrix, may: np.ndarray) -> csr_matrix:
    """In no sum may exactly one cell be withheld: z of one <= the sum of the others."""
    columns: list[np.ndarray] = []
    values: list[np.ndarray] = []
    for row in range(relations.shape[0]):
        cells = relations.indices[relations.indptr[row] : relations.indptr[row + 1]]
        cells = cells[may[cells]]
        for cell in cells:
            columns.append(cells)
            values.append(np.where(cells == cell, -1.0, 1.0))
    starts = np.concatenate(([0], np.cumsum([len(one) for one in columns]))).astype(int)
    flat = (np.concatenate(values), np.concatenate(columns)) if columns else (np.empty(0),) * 2
    return csr_matrix((flat[0], flat[1], starts), shape=(len(columns), len(may)))


def _needs(attack: Attack, cell: int) -> list[tuple[bool, bool, float]]:
    """How far a safe cell can certainly move: (up counts, down counts, together at least)."""
    value, wide = attack.values[cell], attack.width[cell]
    if not attack.small:
        return [(True, True, float(wide))]
    spared = 2 if 0 < value < attack.small else 1 if value in {0, attack.small} else 0
    least = max(wide - spared, 1.0)
    needs = [(True, True, float(least))]
    if value < attack.small - 1:
        needs.append((True, False, float(attack.small - 1 - value)))
    return needs


class _Reach:
    """How far a cell can move, and which cells' freedom lets it."""

    def __init__(self, attack: Attack) -> None:
        relations = attack.structure.relations
        self._relations = relations
        self._up = np.minimum(attack.upper - attack.values, INFINITY)
        self._down = np.minimum(attack.values - attack.lower, INFINITY)
        nothing = np.zeros(relations.shape[0])
        size = relations.shape[1]
        self._model = Model(relations, (nothing, nothing), (np.zeros(size), np.zeros(size)))
        self._all = np.arange(size)

    def weights(
        self, cell: int, chosen: np.ndarray, *, up: bool, down: bool, need: float
    ) -> np.ndarray:
        """Weights w with: movement of the cell <= sum of w over withheld cells; at most `need`.

        chosen: the part of every cell that is withheld, 0 to 1.
        """
        total = np.zeros(len(chosen))
        for wanted, sign in ((up, 1), (down, -1)):
            if wanted:
                total += self._one_way(cell, chosen, sign, need)
        return np.minimum(total, need)

    def _one_way(self, cell: int, chosen: np.ndarray, sign: int, need: float) -> np.ndarray:
        most_up, most_down = np.minimum(self._up, need), np.minimum(self._down, need)
        free = np.maximum(chosen, _LITTLE)
        self._model.set_bounds(self._all, -most_down * free, most_up * free)
        costs = np.zeros(len(chosen))
        costs[cell] = -sign
        self._model.set_costs(costs)
        duals = self._model.minimise().duals
        rest = -costs + self._relations.T @ duals
        rest[np.abs(rest) < _TOLERANCE] = 0.0
        weights = np.zeros(len(chosen))
        rising, falling = rest > 0, rest < 0
        weights[rising] = np.minimum(rest[rising] * self._up[rising], need)
        weights[falling] = np.minimum(-rest[falling] * self._down[falling], need)
        return weights
