"""A reader at work: what the sums of a system leave open.

Everything here starts from the truth, which fits every sum; each solution that the solver finds
is another world that fits them, and widens what is known of all groups at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
from scipy.sparse import block_array, csr_matrix
from scipy.sparse.csgraph import connected_components

from output_checks.linked.near import Near
from output_checks.linked.swaps import Cube, crowded, cubes_of, lifted_by_swaps
from output_checks.linked.system import System
from output_checks.protect.solver import INFINITY, Model

TOLERANCE = 1e-6
"""How far the solver's numbers may be from what they stand for."""
WHOLE_UP_TO = 400
"""Up to how many unknowns that hang together worlds are searched in whole numbers of people."""

MOST_EFFORT = 300_000
"""What one check may spend on the solver: unknowns, added up over all solves."""

_GOING_ON = 10
"""By how much a solve is quicker that goes on from the last one, of many unknowns."""

_SHORT = 100
"""Unknowns of a sum that move with one of them, where that is asked about alone."""
_CROWDED, _TRIES = 1, 2
"""Worlds besides the truth near which other ones are looked for."""

Enough = Callable[[int, float, float], bool]


class Effort:
    """What is left of the time for one check, counted so that it ends the same everywhere.

    doubts: how often the solver proved no end of what is possible, so that the truth stood for it.
    in_fractions: how often what is possible was worked out in fractions of people, of which whole
    people may have less. not_whole: of how many groups asked about that is so.
    """

    def __init__(self, left: int = MOST_EFFORT) -> None:
        self.left = left
        self.doubts = 0
        self.in_fractions = 0
        self.not_whole = 0

    def spend(self, unknowns: int) -> bool:
        """Ask for one more solve; False where there is nothing left."""
        self.left -= unknowns
        return self.left >= 0

    @property
    def is_spent(self) -> bool:
        """Whether something could not be looked at."""
        return self.left < 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Unknowns that hang together, and the sums that tie them."""

    unknowns: np.ndarray
    rows: np.ndarray


NOT_SETTLED, NOTHING = -1, -2


def settled(system: System, usable: np.ndarray) -> np.ndarray:
    """The sum from which each unknown follows at once, because it stands alone in it.

    NOTHING for those in a sum of nobody, NOT_SETTLED for the rest. usable: which sums to look at.
    """
    by = np.full(len(system.truth), NOT_SETTLED)
    exact = np.flatnonzero(usable & (system.least == system.most))
    sums = csr_matrix(system.sums[exact])
    while True:
        unknowns = np.flatnonzero(by == NOT_SETTLED)
        part = csr_matrix(sums[:, unknowns])
        count = np.diff(part.indptr)
        one_sided = count == np.abs(part.sum(axis=1)).A1
        is_nothing = one_sided & (abs(part) @ system.truth[unknowns] == 0)
        nobody = np.unique(part[np.flatnonzero(is_nothing)].indices)
        by[unknowns[nobody]] = NOTHING
        alone = np.flatnonzero((count == 1) & ~is_nothing)
        by[unknowns[part[alone].indices]] = exact[alone]
        if not len(alone) and not len(nobody):
            return by


def parts_of_system(system: System, by: np.ndarray) -> Iterator[Part]:
    """The unknowns that are not settled, in parts that have no sum in common."""
    unknowns = np.flatnonzero(by == NOT_SETTLED)
    left = csr_matrix(system.sums[:, unknowns])
    tied = np.flatnonzero(np.diff(left.indptr))
    left = abs(csr_matrix(left[tied]))
    both = block_array([[None, left], [left.T, None]], format="csr")
    count, labels = connected_components(both, directed=False)
    of_rows, of_unknowns = labels[: len(tied)], labels[len(tied) :]
    for number in range(count):
        yield Part(unknowns=unknowns[of_unknowns == number], rows=tied[of_rows == number])


class Reader:
    """What a reader can find out about one part of a system."""

    def __init__(self, system: System, part: Part, effort: Effort) -> None:
        self._effort = effort
        self._system, self._part = system, part
        self._sums = csr_matrix(system.sums[part.rows][:, part.unknowns])
        self._truth = system.truth[part.unknowns]
        rest = system.sums[part.rows] @ system.truth - self._sums @ self._truth
        self._right = (system.least[part.rows] - rest, system.most[part.rows] - rest)
        size = len(self._truth)
        self._nothing, self._no_limit = np.zeros(size), np.full(size, INFINITY)
        self._needs_whole = size <= WHOLE_UP_TO
        self._model = self._made(whole=False)
        self._whole_model: Model | None = None

    def _made(self, *, whole: bool) -> Model:
        bounds = (self._nothing, self._no_limit)
        # Of many unknowns the last world is gone on from: a solve takes a fraction of the time.
        goes_on = not whole and not self._needs_whole
        return Model(self._sums, self._right, bounds, whole=whole, costs_change=goes_on)

    def _spend(self, unknowns: int) -> bool:
        """Ask for one more solve; those that go on from the last take a part of the time."""
        return self._effort.spend(unknowns if self._needs_whole else -(-unknowns // _GOING_ON))

    def spans(
        self, targets: csr_matrix, enough: Enough, *, in_full: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """How small and how large each target can be, as far as enough(target, low, high) asks.

        targets: sums of unknowns, one row each. in_full: nothing is enough. Where the
        effort is spent before, the rest is given as if nothing limited it.
        """
        low = targets @ self._truth
        high = low.copy()
        if not self._needs_whole and not in_full:
            return self._spans_of_many(targets, enough, low, high)
        self._each(targets, enough, low, high)
        return low, high

    def _each(self, targets: csr_matrix, enough: Enough, low: np.ndarray, high: np.ndarray) -> None:
        for number in range(targets.shape[0]):
            weights = targets[[number]].toarray().reshape(-1)
            for sign in (1, -1):
                if enough(number, float(low[number]), float(high[number])):
                    break
                self._widen(targets, weights, sign, low, high, number)

    def _spans_of_many(
        self, targets: csr_matrix, enough: Enough, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same where many unknowns hang together: first in whole people near the truth.

        What these do not leave open is worked out in fractions; what is open only then is noted.
        """

        def keep(world: np.ndarray) -> None:
            found = targets @ world
            np.minimum(low, found, out=low)
            np.maximum(high, found, out=high)

        def is_enough(number: int) -> bool:
            return enough(number, float(low[number]), float(high[number]))

        for world in self._crowded_worlds():
            if all(map(is_enough, range(targets.shape[0]))):
                break
            free = np.union1d(self._loose, targets.indices)
            near = Near(self._sums, self._right, world, targets, free, self._spend)
            near.look(is_enough, keep)
        for number in range(targets.shape[0]):
            if not is_enough(number):
                self._around(targets[[number]]).look(partial(_one, is_enough, number), keep)
        least, most = low.copy(), high.copy()
        self._each(targets, enough, least, most)
        for number in range(targets.shape[0]):
            is_open = enough(number, float(least[number]), float(most[number]))
            self._effort.not_whole += is_open and not is_enough(number)
        return np.minimum(low, least), np.maximum(high, most)

    def _widen(
        self,
        targets: csr_matrix,
        weights: np.ndarray,
        sign: int,
        low: np.ndarray,
        high: np.ndarray,
        number: int,
    ) -> None:
        world = self._extreme(weights, sign) if self._spend(len(weights)) else None
        if world is None:  # only upwards: nobody can be fewer than none
            high[number] = np.inf
            return
        found = targets @ world
        np.minimum(low, found, out=low)
        np.maximum(high, found, out=high)

    def _extreme(self, weights: np.ndarray, sign: int) -> np.ndarray | None:
        """A world in which a sum is as large (sign 1) or small as it can be; None: no limit.

        Where the solver finds none the truth is given back, so that a group is taken for better
        known than it is, and never for less.
        """
        self._model.set_costs(-sign * weights)
        found = self._model.minimise()
        if found.status == "unbounded":
            return None
        if found.status != "optimal":
            self._effort.doubts += 1
            return self._truth
        if not self._needs_whole:
            return self._in_fractions(found.columns)
        if not _is_whole(found.columns):
            self._whole_model = self._whole_model or self._made(whole=True)
            self._whole_model.set_costs(-sign * weights)
            found = self._whole_model.minimise()
        fits = self._fits(found.columns)
        self._effort.doubts += not fits or found.status != "optimal"
        return np.round(found.columns) if fits else self._truth

    def _fits(self, world: np.ndarray) -> bool:
        """Whether this is a world of whole people that fits every sum."""
        if len(world) != len(self._truth) or not _is_whole(world):
            return False
        sums = self._sums @ np.round(world)
        low, high = self._right
        return bool((sums >= low - TOLERANCE).all() and (sums <= high + TOLERANCE).all())

    def lifted(self, unknowns: np.ndarray, cap: int) -> tuple[np.ndarray, np.ndarray]:
        """How small and how large each of some unknowns can be, as far as up to `cap`."""
        low = self._truth[unknowns].copy()
        ways = self._together if self._needs_whole else self._by_swaps
        high = ways(unknowns, cap)
        todo = np.flatnonzero(high < cap - TOLERANCE)
        chosen = csr_matrix(
            (np.ones(len(todo)), (np.arange(len(todo)), unknowns[todo])),
            shape=(len(todo), len(self._truth)),
        )
        least, most = self._truth[unknowns[todo]], self._truth[unknowns[todo]]
        self._each(chosen, lambda _, __, most: most >= cap - TOLERANCE, least, most)
        low[todo], high[todo] = least, np.maximum(high[todo], most)
        return low, high

    def _by_swaps(self, unknowns: np.ndarray, cap: int) -> np.ndarray:
        """The same by swaps within clusters of three traits, as far as these go."""
        high = self._truth[unknowns].copy()
        for cube in self._cubes:
            own = np.flatnonzero(cube.has(unknowns))
            places = cube.places_of(unknowns[own])
            high[own] = lifted_by_swaps(cube, self._truth, places, cap)
            is_loose = np.isin(unknowns[own], self._loose)
            for world in self._with_more_withheld(cube):
                left = np.flatnonzero((high[own] < cap - TOLERANCE) & is_loose)
                if not len(left):
                    break
                found = lifted_by_swaps(cube, world, places[left], cap)
                high[own[left]] = np.maximum(high[own[left]], found)
        return high

    def _with_more_withheld(self, cube: Cube) -> Iterator[np.ndarray]:
        """Worlds in which some of what is withheld along two traits is more than it is."""
        if not len(self._loose):
            return
        nothing = csr_matrix((0, len(self._truth)))
        near = Near(self._sums, self._right, self._truth, nothing, self._loose, self._spend)
        chance = np.random.default_rng(0)  # the same worlds every time
        places = np.unravel_index(cube.at, cube.shape)
        for _ in range(_TRIES):
            for apart in range(3):
                ways = np.ones(len(cube.at))
                for axis in {0, 1, 2} - {apart}:
                    ways *= chance.choice([-1.0, 1.0], cube.shape[axis])[places[axis]]
                for sign in (1.0, -1.0):
                    weights = np.zeros(len(self._truth))
                    weights[cube.inside] = sign * ways
                    yield near.towards(weights)

    def _around(self, target: csr_matrix) -> Near:
        """What moves besides where one target is asked about: all that has a short sum with it."""
        known = csr_matrix(self._sums[:, target.indices])
        rows = np.flatnonzero((np.diff(known.indptr) > 0) & (np.diff(self._sums.indptr) <= _SHORT))
        near = np.unique(csr_matrix(self._sums[rows]).indices)
        free = np.union1d(np.union1d(self._loose, target.indices), near)
        return Near(self._sums, self._right, self._truth, target, free, self._spend)

    @cached_property
    def _cubes(self) -> list[Cube]:
        """The clusters of three traits of which something is open."""
        return list(cubes_of(self._system, self._part.unknowns, self._fits))

    @cached_property
    def _loose(self) -> np.ndarray:
        """Unknowns of which fewer sums are known than of others in their cluster: withheld ones."""
        often = np.bincount(self._sums.indices, minlength=len(self._truth))
        loose = np.zeros(len(self._truth), dtype=bool)
        starts, numbers = self._system.starts, self._part.unknowns
        for first, last in pairwise(starts):
            inside = np.flatnonzero((first <= numbers) & (numbers < last))
            loose[inside] = often[inside] < often[inside].max(initial=0)
        return np.flatnonzero(loose)

    def _crowded_worlds(self) -> Iterator[np.ndarray]:
        """The truth, and worlds in which people of the loose unknowns are where most others are."""
        yield self._truth
        for rank in range(_CROWDED if self._cubes else 0):
            world = self._truth
            for cube in self._cubes:
                world = crowded(cube, world, self._loose, rank)
            yield world

    def _together(self, unknowns: np.ndarray, cap: int) -> np.ndarray:
        """Lift many at once to the cap; a world in which several are there counts for all."""
        high = self._truth[unknowns].copy()
        while True:
            left = np.flatnonzero(high < cap - TOLERANCE)
            world = self._crowded(unknowns[left], cap) if len(left) else None
            if world is None:
                return high
            high = np.maximum(high, world[unknowns])
            if (high[left] < cap - TOLERANCE).all():
                return high

    def _crowded(self, unknowns: np.ndarray, cap: int) -> np.ndarray | None:
        """A world with as many people as possible in these, at most `cap` in each."""
        if not self._spend(len(self._truth)):
            return None
        limits = np.full(len(unknowns), float(cap))
        self._model.set_bounds(unknowns, self._nothing[unknowns], limits)
        self._model.set_costs(-np.bincount(unknowns, minlength=len(self._truth)).astype(float))
        found = self._model.minimise()
        self._model.set_bounds(unknowns, self._nothing[unknowns], self._no_limit[unknowns])
        if found.status != "optimal" or (self._needs_whole and not _is_whole(found.columns)):
            return None
        return self._in_fractions(found.columns)

    def _in_fractions(self, world: np.ndarray) -> np.ndarray:
        """A world that need not be of whole people, without the solver's own fractions."""
        whole = np.round(world)
        is_near = np.abs(world - whole) < TOLERANCE
        self._effort.in_fractions += not is_near.all()
        return np.where(is_near, whole, world)


def _one(is_enough: Callable[[int], bool], number: int, _: int) -> bool:
    return is_enough(number)


def _is_whole(values: np.ndarray) -> bool:
    return bool((np.abs(values - np.round(values)) < TOLERANCE).all())
