"""People in several cells of one dimension are in one cell each of all others.

Of everybody, or of those of one category of such a dimension, cells of the other dimensions add up.
Such a slice is looked at like a set of outputs in which nobody is in several cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from output_checks.linked.descriptions import Description, is_impossible
from output_checks.linked.members import Members
from output_checks.linked.traits import People
from output_checks.linked.views import View

MOST_SLICES = 200
"""Slices of one set that are looked at, at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slice:
    """Some people, in one cell each, and what views show of them; other cells are of nobody."""

    people: People
    views: tuple[View, ...]


def overlapping_traits(people: People) -> frozenset[int]:
    """The traits of which somebody has several kinds."""
    persons = len(np.unique(people.holders))
    return frozenset(
        trait
        for trait in range(len(people.traits))
        if len(_pairs(people.holders, people.profiles[people.held, trait])) > persons
    )


def _pairs(holders: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    return np.unique(holders * (int(kinds.max(initial=0)) + 1) + kinds)


def slices_of(people: People, views: Sequence[View]) -> Iterator[Slice]:
    """What several outputs show of people who are in one cell each."""
    several = overlapping_traits(people)
    once = [trait for trait in range(len(people.traits)) if trait not in several]
    if not once:
        return
    members = Members(people)
    outputs: dict[Description, set[str]] = {}
    for view in views:
        for cell in view.cells:
            if not is_impossible(cell):
                outputs.setdefault(_part(cell, several), set()).add(view.output.name)
    for part, names in outputs.items():
        if len(names) > 1:
            yield Slice(
                people=_people_of(people, members, (part, several)),
                views=tuple(_view_of(view, part, several, once[0]) for view in views),
            )


def _part(cell: Description, traits: frozenset[int]) -> Description:
    return tuple(one for one in cell if one[0] in traits)


def _people_of(
    people: People, members: Members, which: tuple[Description, frozenset[int]]
) -> People:
    """The people of a part, by the traits of which they have one kind each."""
    part, several = which
    bits = members.bits(part)
    persons = np.unique(people.holders)
    inside = persons[np.unpackbits(bits, count=len(persons)).astype(bool)]
    profiles = people.profiles.copy()
    profiles[:, sorted(several)] = 0
    different, number = np.unique(profiles, axis=0, return_inverse=True)
    kept = np.isin(people.holders, inside)
    holders, held = people.holders[kept], number.ravel()[people.held[kept]]
    _, first = np.unique(holders, return_index=True)
    return replace(
        people, profiles=different, holders=holders[first], held=held[first], overlaps=False
    )


def _view_of(view: View, part: Description, several: frozenset[int], trait: int) -> View:
    """The cells of a part, without it; any other cell is one of nobody. trait: any other."""
    inside = np.array(
        [_part(one, several) == part and not is_impossible(one) for one in view.cells], dtype=bool
    )
    cells = tuple(
        tuple(one for one in cell if one[0] not in several) if is_in else ((trait, 0),)
        for cell, is_in in zip(view.cells, inside, strict=True)
    )
    return replace(
        view,
        cells=cells,
        truth=np.where(inside, view.truth, 0.0),
        least=np.where(inside, view.least, 0.0),
        most=np.where(inside, view.most, 0.0),
        hidden=view.hidden & inside,
    )
