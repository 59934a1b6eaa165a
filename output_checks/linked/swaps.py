"""Other worlds of a cube of three traits: people swap kinds so that all sums of two traits stay.

Where outputs show a by b, b by c and a by c, one more person in (a, b, c) takes one out of each of
(a', b, c), (a, b', c), (a, b, c') and (a', b', c'), and puts one into the other three of the
eight. Many unknowns become large enough so, without any program having to be solved.
Source: Diaconis & Sturmfels, Algebraic algorithms for sampling from conditional distributions,
1998.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.linked.system import System

_WIDE = 8
"""Partners along each trait that are tried: those of most people."""
_STEPS = 24
_MORE = 40
_CORNERS = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_SIGNS = np.array([1 if one.sum() % 2 == 0 else -1 for one in _CORNERS])
Fits = Callable[[np.ndarray], bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cube:
    """A cluster of three traits in a part of a system.

    shape: how many kinds each trait has. inside: the unknowns of the part that are in it; at: where
    in the flat cube. movable: cells that may change. fits: asked of every changed world of the part
    whether it is possible.
    """

    shape: tuple[int, ...]
    inside: np.ndarray
    at: np.ndarray
    movable: np.ndarray
    fits: Fits

    def has(self, unknowns: np.ndarray) -> np.ndarray:
        """Which of the part's unknowns are in the cube."""
        return np.isin(unknowns, self.inside)

    def places_of(self, unknowns: np.ndarray) -> np.ndarray:
        """Where in the flat cube unknowns of it are."""
        return self.at[np.searchsorted(self.inside, unknowns)]

    def of(self, world: np.ndarray) -> np.ndarray:
        """The people of a world in the cube."""
        cube = np.zeros(len(self.movable.reshape(-1)))
        cube[self.at] = world[self.inside]
        return cube.reshape(self.shape)

    def put(self, cube: np.ndarray, world: np.ndarray) -> np.ndarray:
        """A world with the people of a cube in it."""
        changed = world.copy()
        changed[self.inside] = cube.reshape(-1)[self.at]
        return changed


def cubes_of(system: System, unknowns: np.ndarray, fits: Fits) -> Iterator[Cube]:
    """The clusters of three traits that have some of these unknowns, in rising order."""
    for number, cluster in enumerate(system.tree.clusters):
        first, last = system.starts[number : number + 2]
        inside = np.flatnonzero((first <= unknowns) & (unknowns < last))
        if len(cluster) == 3 and len(inside):
            shape = tuple(system.sizes[one] for one in cluster)
            movable = np.zeros(last - first, dtype=bool)
            at = unknowns[inside] - first
            movable[at] = True
            yield Cube(shape=shape, inside=inside, at=at, movable=movable.reshape(shape), fits=fits)


def lifted_by_swaps(cube: Cube, world: np.ndarray, wanted: np.ndarray, cap: int) -> np.ndarray:
    """How large each wanted cell can certainly be, as far as up to `cap`.

    wanted: by their places in the flat cube.
    """
    truth = cube.of(world)
    reached = truth.reshape(-1).copy()
    if not _is_possible(cube, world):
        return reached[wanted]
    now = truth
    for cell in wanted:
        for start in (now, truth):
            if reached[cell] >= cap:
                break
            changed = _with_more(start.copy(), cube.movable, int(cell), cap)
            if cube.fits(cube.put(changed, world)):
                now = changed
                reached = np.maximum(reached, now.reshape(-1))
    return np.minimum(reached[wanted], cap)


def crowded(cube: Cube, world: np.ndarray, loose: np.ndarray, rank: int) -> np.ndarray:
    """A world in which people of some unknowns have one kind of each trait as far as can be.

    That is the kind of most people, or of the next but so many. What is withheld along two traits
    can then be exchanged there.
    """
    people = cube.of(world)
    if not _is_possible(cube, world):
        return world
    axes = [tuple(one for one in range(3) if one != axis) for axis in range(3)]
    kinds = [
        np.argsort(people.sum(axis=axis))[::-1][rank % size]
        for axis, size in zip(axes, cube.shape, strict=True)
    ]
    changed = people.copy()
    for cell in cube.places_of(loose[cube.has(loose)]):
        place = np.unravel_index(cell, cube.shape)
        if sum(own == kind for own, kind in zip(place, kinds, strict=True)) == 1:
            more = int(changed[place]) + _MORE
            changed = _with_more(changed, cube.movable, int(cell), more)
    found = cube.put(changed, world)
    return found if cube.fits(found) else world


def _is_possible(cube: Cube, world: np.ndarray) -> bool:
    """Whether swaps change no sum, by one of them where there is any."""
    people = cube.of(world)
    for cell in np.argsort(people.reshape(-1))[-_WIDE:]:
        more = int(people.reshape(-1)[cell]) + 1
        changed = _with_more(people.copy(), cube.movable, int(cell), more)
        if (changed != people).any():
            return cube.fits(cube.put(changed, world))
    return True


def _with_more(world: np.ndarray, movable: np.ndarray, cell: int, cap: int) -> np.ndarray:
    """The cube with more people in one cell, by the swaps that bring the most each."""
    place = tuple(int(one) for one in np.unravel_index(cell, world.shape))
    for _ in range(_STEPS):
        if world[place] >= cap:
            break
        partners = _partners(world, place)
        if not all(len(one) for one in partners):
            break
        a, b, c = np.ix_(*partners)
        i, j, k = place
        taken = np.minimum(
            np.minimum(world[a, j, k], world[i, b, k]), np.minimum(world[i, j, c], world[a, b, c])
        )
        may = movable[a, j, k] & movable[i, b, k] & movable[i, j, c] & movable[a, b, c]
        may &= movable[a, b, k] & movable[a, j, c] & movable[i, b, c]
        taken = np.where(may, taken, 0.0)
        best = np.unravel_index(int(taken.argmax()), taken.shape)
        step = min(float(taken[best]), cap - float(world[place]))
        if step <= 0:
            break
        other = [one[at] for one, at in zip(partners, best, strict=True)]
        corners = np.where(_CORNERS == 0, np.array(place), np.array(other))
        world[tuple(corners.T)] += step * _SIGNS
    return world


def _partners(world: np.ndarray, place: Sequence[int]) -> list[np.ndarray]:
    """Along each trait the kinds of which most people are there, all else as in this cell."""
    i, j, k = place
    lines = world[:, j, k], world[i, :, k], world[i, j, :]
    found = []
    for line, own in zip(lines, place, strict=True):
        best = np.argsort(line)[::-1][: _WIDE + 1]
        found.append(best[(line[best] > 0) & (best != own)])
    return found
