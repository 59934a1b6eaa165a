"""All that a reader of a set of outputs can write down: sums over what cannot be told apart.

The unknowns are numbers of people: one for every combination of kinds that a cluster of traits
can have. Every known cell is a sum of some of them, and clusters agree on what they share.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.linked.clusters import Tree, pairs_of, tree_of
from output_checks.linked.descriptions import Description, allows, is_impossible
from output_checks.linked.traits import People
from output_checks.linked.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A cell by its place in a set: which view, and which of its cells."""

    view: int
    cell: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class System:
    """Sums that a reader knows: least <= sums · numbers <= most.

    truth: the numbers as they are. named: for every sum the cells that it is the number of;
    none for the agreement of two clusters. twice: by how much the unknowns add up to more than a
    sum, since people are in several of them; nothing where everybody has one profile.
    """

    sums: csr_matrix
    least: np.ndarray
    most: np.ndarray
    named: tuple[tuple[Named, ...], ...]
    twice: np.ndarray
    truth: np.ndarray
    tree: Tree
    starts: tuple[int, ...]
    sizes: tuple[int, ...]

    def members(self, description: Description) -> np.ndarray:
        """The unknowns that a described group is the sum of."""
        return _members(description, self.tree, self.starts, self.sizes)

    def kinds(self, unknown: int) -> dict[int, int]:
        """The kind of each trait that an unknown is the number of."""
        number = int(np.searchsorted(self.starts, unknown, side="right")) - 1
        cluster = self.tree.clusters[number]
        places = np.unravel_index(unknown - self.starts[number], [self.sizes[i] for i in cluster])
        return {trait: int(place) for trait, place in zip(cluster, places, strict=True)}


class TooLargeError(Exception):
    """More combinations than the exact check can look at; the message says how many."""


def tree_for(views: Iterable[View], people: People, *, is_whole: bool) -> Tree:
    """The clusters in which these views can be compared.

    is_whole: all that follows from them together; otherwise only what follows from any two of
    them, which takes fewer combinations.
    """
    together = {_traits(one) for view in views for one in view.cells}
    largest = [one for one in together if not any(one < other for other in together)]
    largest.sort(key=sorted)
    if not is_whole:
        return pairs_of(largest)
    return tree_of(largest, [one.size for one in people.traits])


def system_of(views: Sequence[View], people: People, tree: Tree, limit: int) -> System:
    """Write down what a reader of some views of one quantity knows.

    limit: unknowns, at most. Raises TooLargeError where there would be more.
    """
    sizes = tuple(one.size for one in people.traits)
    lengths = [prod(sizes[i] for i in cluster) for cluster in tree.clusters]
    if sum(lengths) > limit:
        raise TooLargeError(f"{sum(lengths):,} combinations of categories, more than {limit:,}")
    starts = tuple(int(one) for one in np.cumsum([0, *lengths]))
    truth = np.concatenate([people.counts(cluster) for cluster in tree.clusters]).astype(float)
    known = list(_known(views, hidden_too=people.overlaps))
    rows = [_members(one, tree, starts, sizes) for one, *_ in known]
    links = list(_agreements(tree, starts, sizes))
    sums = matrix_of([(row, np.ones(len(row))) for row in rows] + links, len(truth))
    twice = sums @ truth - np.array([true for _, true, *_ in known] + [0.0] * len(links))
    nothing = [0.0] * len(links)
    return System(
        sums=sums,
        least=np.array([low for *_, low, _, _ in known] + nothing) + twice,
        most=np.array([high for *_, high, _ in known] + nothing) + twice,
        named=(*(named for *_, named in known), *(() for _ in links)),
        twice=twice,
        truth=truth,
        tree=tree,
        starts=starts,
        sizes=sizes,
    )


Known = tuple[Description, float, float, float, tuple[Named, ...]]


def _known(views: Sequence[View], *, hidden_too: bool) -> Iterator[Known]:
    """Every description whose number a reader knows something of: (truth, least, most, cells).

    hidden_too: also withheld ones, of which it is known that they are not below nothing.
    """
    found: dict[Description, list[Named]] = {}
    for number, view in enumerate(views):
        limited = (view.least > 0) | np.isfinite(view.most) | (view.hidden & hidden_too)
        for cell in np.flatnonzero(limited):
            if not is_impossible(view.cells[cell]):
                place = Named(view=number, cell=int(cell))
                found.setdefault(view.cells[cell], []).append(place)
    for description, named in found.items():
        truth = float(views[named[0].view].truth[named[0].cell])
        least = max(float(views[one.view].least[one.cell]) for one in named)
        most = min(float(views[one.view].most[one.cell]) for one in named)
        shown = [one for one in named if not views[one.view].hidden[one.cell]]
        yield description, truth, least, most, tuple(shown or named)


def _agreements(
    tree: Tree, starts: Sequence[int], sizes: Sequence[int]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For what two clusters share: the sum in one less the sum in the other is nothing."""
    for one, other, shared in tree.links:
        groups = [_grouped(tree.clusters[number], shared, sizes) for number in (one, other)]
        for kind in range(prod(sizes[i] for i in shared)):
            sides = [np.flatnonzero(group == kind) for group in groups]
            columns = np.concatenate([sides[0] + starts[one], sides[1] + starts[other]])
            signs = np.concatenate([np.ones(len(sides[0])), -np.ones(len(sides[1]))])
            yield columns, signs


def _grouped(cluster: Sequence[int], shared: Sequence[int], sizes: Sequence[int]) -> np.ndarray:
    """For every combination of a cluster its combination of the shared traits, numbered."""
    shape = [sizes[i] for i in cluster]
    places = np.indices(shape).reshape(len(shape), -1)
    number = np.zeros(prod(shape), dtype=np.int64)
    for trait in shared:
        number = number * sizes[trait] + places[list(cluster).index(trait)]
    return number


def _members(
    description: Description, tree: Tree, starts: Sequence[int], sizes: Sequence[int]
) -> np.ndarray:
    traits = {trait for trait, _ in description}
    number = next(i for i, one in enumerate(tree.clusters) if traits <= set(one))
    cluster = tree.clusters[number]
    allowed = allows(description, cluster, [sizes[i] for i in cluster])
    return np.flatnonzero(allowed) + starts[number]


def matrix_of(rows: Sequence[tuple[np.ndarray, np.ndarray]], width: int) -> csr_matrix:
    """Rows of (columns, values) as a matrix."""
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *(one for one, _ in rows)])
    values = np.concatenate([np.empty(0), *(signs for _, signs in rows)])
    return csr_matrix((values, columns, starts), shape=(len(rows), width))


def _traits(description: Description) -> frozenset[int]:
    return frozenset(trait for trait, _ in description)
