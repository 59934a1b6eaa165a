"""Traits that must be looked at together: the cliques of a graph without long circles.

Tables that share traits in a chain or a star can be put together from their overlaps alone, so
that what a reader can work out of them follows from clusters of few traits each.
Source: Lauritzen, Graphical Models (1996), decomposable models.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """clusters: sets of traits, each in order. links: pairs of clusters, and what they share.

    What two clusters share is also in all clusters between them; where it is nothing, they still
    are about the same number of people.
    """

    clusters: tuple[tuple[int, ...], ...]
    links: tuple[tuple[int, int, tuple[int, ...]], ...]


def tree_of(together: Iterable[frozenset[int]], sizes: Sequence[int]) -> Tree:
    """Put traits into clusters such that each of the given sets is within one of them.

    sizes: the number of kinds of each trait; clusters with few combinations are preferred.
    """
    near = _neighbours(together)
    cliques: list[frozenset[int]] = []
    while near:
        first = min(near, key=lambda one: (prod(sizes[i] for i in near[one] | {one}), one))
        around = near.pop(first)
        for one in around:
            near[one] = (near[one] | around) - {one, first}
        clique = frozenset(around | {first})
        if not any(clique <= other for other in cliques):
            cliques.append(clique)
    return Tree(clusters=_clusters(cliques), links=_links(cliques))


def pairs_of(together: Sequence[frozenset[int]]) -> Tree:
    """Each of the given sets by itself, and what any two of them share."""
    links = [
        (i, j, tuple(sorted(together[i] & together[j])))
        for i, j in combinations(range(len(together)), 2)
    ]
    return Tree(clusters=_clusters(together), links=tuple(links))


def _clusters(sets: Sequence[frozenset[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(sorted(one)) for one in sets) or ((),)


def _neighbours(together: Iterable[frozenset[int]]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for traits in together:
        for one in traits:
            near.setdefault(one, set()).update(traits - {one})
    return near


def _links(cliques: Sequence[frozenset[int]]) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """A tree of the largest overlaps."""
    root: dict[int, int] = {i: i for i in range(len(cliques))}
    links = []
    pairs = combinations(range(len(cliques)), 2)
    for i, j in sorted(pairs, key=lambda pair: (-len(cliques[pair[0]] & cliques[pair[1]]), pair)):
        shared = cliques[i] & cliques[j]
        if _end(root, i) != _end(root, j):
            root[_end(root, i)] = _end(root, j)
            links.append((i, j, tuple(sorted(shared))))
    return tuple(links)


def _end(root: Mapping[int, int], one: int) -> int:
    while root[one] != one:
        one = root[one]
    return one
