"""The cheapest safe pattern of one block of cells, with a bound that no safe pattern is below.

Fischetti & Salazar's cuts: a reader's sums, turned round. Each says: for this cell to be safe,
those others must be withheld with at least this weight.
"""

import numpy as np

from output_checks.protect.effort import Effort, Part
from output_checks.protect.master import Master, Relaxed
from output_checks.protect.movement import Known, Movement, Reader
from output_checks.protect.pattern import Growth, Task

_TOLERANCE = 1e-5
_LITTLE = 1e-3
"""The part of a cell that is withheld as good as not: the cuts then ask for few cells."""
_NEARBY = 2
"""Cells that cuts and first patterns are made of, for each that the relaxed pattern withholds."""
_MENDED_WITH = 3
"""The same, for making another pattern safe."""
_CLEANING = 0.15
"""The share of the effort for publishing again what a first pattern withholds without need."""
_LARGEST_UNSAFE_UP_TO = 60


class Search:
    """A block's best pattern so far and its bound, improved step by step.

    best: the cheapest safe pattern found, None before there is one. bound: none costs less.
    """

    def __init__(self, task: Task, effort: Effort) -> None:
        self.task = task
        self.effort = effort
        self.best: np.ndarray | None = None
        self.cost = np.inf
        self.bound = 0.0
        self.master = Master(task, effort)
        self.readers = [Reader(one, effort) for one in task.attacks]
        self.relaxed: Relaxed
        self._may = task.allowed | task.primary
        self._before: list[Known] = []

    @property
    def is_proven(self) -> bool:
        """Whether nothing can be cheaper than what was found."""
        return self.bound >= self.cost - 1e-6

    def relax(self, effort: Part) -> None:
        """Learn from patterns of fractions of cells until nothing speaks against the cheapest."""
        while True:
            self.relaxed = self.master.relax()
            self.raise_bound(self.relaxed.cost)
            if not self.relaxed.is_solved or not effort.left:
                return
            if not self.learn(self.relaxed.chosen, strictly=False):
                return

    def raise_bound(self, bound: float) -> None:
        """Note that no safe pattern costs less; costs in whole numbers are none between two."""
        if self.master.step and np.isfinite(bound):
            bound = np.ceil(bound - 1e-4)
        self.bound = max(self.bound, min(bound, self.cost))

    def start(self) -> bool:
        """Find a first safe pattern near the relaxed one; False where there is none at all."""
        relaxed = self.relaxed
        if np.isinf(relaxed.cost):
            return False
        price = self.task.cost * (1.0 - relaxed.chosen)
        count = _NEARBY * relaxed.chosen.sum()
        while True:
            may = self.nearby(count)
            growth = Growth(self.task, may, price, self.effort)
            withheld = self.task.primary.copy()
            if growth.until_safe(withheld, self.readers):
                break
            if (may == self._may).all():
                most = self.largest_safe()
                if most is None:
                    return False
                withheld = most
                break
            count *= 4
        self.offer(self.cleaned(withheld))
        return True

    def mend(self, withheld: np.ndarray) -> bool:
        """Withhold more and then less of an unsafe pattern; whether it is the cheapest so far."""
        may = self.nearby(_MENDED_WITH * self.relaxed.chosen.sum()) | withheld
        growth = Growth(self.task, may, self.task.cost, self.effort)
        mended = withheld.copy()
        return growth.until_safe(mended, self.readers) and self.offer(self.cleaned(mended))

    def largest_safe(self) -> np.ndarray | None:
        """Every cell that can be withheld safely; None where the primary cells are not among them.

        More withheld never tells more: a cell that is unsafe now is so in every pattern.
        """
        withheld = self._may.copy()
        while True:
            unsafe: list[int] = []
            for reader in self.readers:
                reader.look_at(withheld)
                unsafe += reader.unsafe()
                reader.trim()
            if self.task.primary[unsafe].any():
                return None
            if not unsafe:
                return withheld
            withheld[unsafe] = False

    def nearby(self, count: float) -> np.ndarray:
        """Primary cells, those of the relaxed pattern, and so many of the next cheapest."""
        task, relaxed = self.task, self.relaxed
        dearer = np.sort(relaxed.dearer[self._may & ~task.primary])
        near = task.primary | (relaxed.chosen > _TOLERANCE)
        if len(dearer):
            near |= relaxed.dearer <= dearer[min(int(count), len(dearer) - 1)]
        return near & self._may

    def promising(self) -> np.ndarray:
        """Cells that a cheaper pattern than the best may withhold: all others cost too much."""
        spare = self.cost - self.relaxed.cost - self.master.step
        return self._may & (self.task.primary | (self.relaxed.dearer <= max(spare, 0.0) + 1e-6))

    def offer(self, withheld: np.ndarray) -> bool:
        """Keep a safe pattern where it is the cheapest so far."""
        cost = self.task.cost_of(withheld)
        if cost < self.cost - 1e-6:
            self.best, self.cost = withheld.copy(), cost
            return True
        return False

    def cleaned(self, withheld: np.ndarray, only: np.ndarray | None = None) -> np.ndarray:
        """Publish again what need not be withheld (of these), the most costly first."""
        withheld = withheld.copy()
        for reader in self.readers:
            reader.look_at(withheld)
            reader.trim()
        extra = np.flatnonzero(withheld & ~self.task.primary & (True if only is None else only))
        part = self.effort.part(_CLEANING)
        for cell in sorted(extra.tolist(), key=lambda one: (-self.task.cost[one], one)):
            if not part.left:
                break
            withheld[cell] = not self._is_safe_without(cell)
        return withheld

    def remember(self) -> None:
        """Keep what the readers know, for `look_back`."""
        self._before = [one.known() for one in self.readers]

    def look_back(self) -> None:
        """Let the readers know again what they knew when this was last told."""
        for reader, known in zip(self.readers, self._before, strict=True):
            reader.recall(known)

    def _is_safe_without(self, cell: int) -> bool:
        for number, reader in enumerate(self.readers):
            if not reader.is_safe_without(cell):
                for one in self.readers[: number + 1]:
                    one.take_back()
                return False
        return True

    def learn(self, chosen: np.ndarray, *, strictly: bool, near: np.ndarray | None = None) -> int:
        """Rule a pattern out: learn what it breaks; returns how much that was.

        chosen: the part of every cell that is withheld. near: cells with which the cuts are
        made sparse. strictly: a pattern of whole cells that is unsafe is ruled out in any case.
        """
        learnt = self.master.learn_single(chosen)
        for reader in self.readers:
            if strictly:
                reader.look_at(chosen > 0.5)
                targets = reader.unsafe()
                reader.trim()
            else:
                targets = np.flatnonzero(chosen > _TOLERANCE).tolist()
            learnt += _Cuts(self, reader, chosen, near).learn(targets, strictly=strictly)
        return learnt

    def largest_unsafe(self, reader: Reader, cell: int, withheld: np.ndarray) -> np.ndarray:
        """Add cells for as long as this one stays unsafe: more withheld never tells more."""
        grown = withheld.copy()
        if len(grown) > _LARGEST_UNSAFE_UP_TO:
            return grown
        for other in np.flatnonzero(self._may & ~withheld).tolist():
            grown[other] = True
            reader.look_at(grown)
            if cell not in reader.unsafe():
                grown[other] = False
        return grown


class _Cuts:
    """What one reader's arithmetic says against a pattern."""

    def __init__(
        self, search: Search, reader: Reader, chosen: np.ndarray, near: np.ndarray | None
    ) -> None:
        self._search = search
        self._reader = reader
        self._chosen = chosen
        self._free = chosen if near is None else np.maximum(chosen, near * _LITTLE)
        cells = np.flatnonzero(self._free > _TOLERANCE)
        self._movement = Movement(reader.attack, cells, search.effort)
        self._most = -1.0

    def learn(self, targets: list[int], *, strictly: bool) -> int:
        """Learn what is broken; cells that need the same are looked at together."""
        up, width = self._reader.attack.needs()
        learnt = 0
        for cell in sorted(targets, key=lambda one: (width[one], one)):
            broken = self._learn_of(cell, up[cell], width[cell])
            if not broken and strictly:
                self._forbid(cell)
            learnt += broken or strictly
        return learnt

    def _learn_of(self, cell: int, up: float, width: float) -> bool:
        if width <= 0:
            return False
        most = max(up, width)
        if most != self._most:
            self._movement.free(self._free, most)
            self._most = most
        movement, part = self._movement, self._chosen[cell]
        enough = max(part, self._free[cell])
        above: np.ndarray | None = None
        if movement.up[cell] < up * enough - _TOLERANCE:
            above = movement.reach(cell, 1)
            if self._add(movement.weights(cell, 1, above, up), cell, up):
                return True
        if movement.up[cell] + movement.down[cell] >= width * enough - _TOLERANCE:
            return False
        above = movement.reach(cell, 1) if above is None else above
        below = movement.reach(cell, -1)
        both = movement.weights(cell, 1, above, width) + movement.weights(cell, -1, below, width)
        return self._add(np.minimum(both, width), cell, width)

    def _add(self, weights: np.ndarray, cell: int, need: float) -> bool:
        if weights @ self._chosen >= need * (self._chosen[cell] - _TOLERANCE):
            return False
        self._search.master.learn(weights, cell, need)
        return True

    def _forbid(self, cell: int) -> None:
        most = self._search.largest_unsafe(self._reader, cell, self._chosen > 0.5)
        self._search.master.learn((~most).astype(float), cell, 1.0)
