"""One published number less another: the quick screen, before any algebra."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.linked.descriptions import (
    Description,
    exclude_each_other,
    lies_within,
)
from output_checks.linked.members import Members
from output_checks.linked.system import Named
from output_checks.linked.views import View

_WITNESSES = (0.5, 0.0, 1.0)
"""Where in the order of a group the members are that are looked for first in a larger one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference:
    """Two published groups, the second part of the first, that differ by few people.

    is_certain: the definitions alone say that the second is part of the first; otherwise only
    somebody knows it who knows these people. people: who is left, as bits.
    """

    larger: tuple[Named, ...]
    smaller: tuple[Named, ...]
    counts: tuple[int, int]
    is_certain: bool
    people: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two groups, the second part of the first. is_certain: the definitions alone say so."""

    larger: Description
    smaller: Description
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Group:
    description: Description
    named: tuple[Named, ...]
    count: int
    bits: np.ndarray
    is_new: bool


def differences(views: Sequence[View], members: Members, threshold: int) -> list[Difference]:
    """Find every subtraction of two published numbers that leaves 1 to threshold - 1 people.

    Only those in which an output takes part that is not released yet, and which no output allows
    by itself; nor those with people whose small number is published as it is. Each group of
    people is given once, in the way that is certain and shortest.
    """
    groups = _groups(views, members, lambda view: view.published)
    own = [one for one in groups if one.count < threshold]
    found = [
        (len(large.description) + len(small.description), difference)
        for large, small in _near(groups, threshold)
        if not any(_is_left(one, large, small) for one in own)
        and (difference := _difference(large, small, views, members)) is not None
    ]
    found.sort(key=lambda one: (not one[1].is_certain, one[0]))
    by_people: dict[bytes, Difference] = {}
    for _, one in found:
        by_people.setdefault(one.people.tobytes(), one)
    return list(by_people.values())


def near_pairs(
    views: Sequence[View],
    members: Members,
    threshold: int,
    taken: Callable[[View], np.ndarray],
) -> list[Pair]:
    """Pairs of groups of which one is new, and which differ by 1 to threshold - 1 people.

    taken: marks the cells of a view that are looked at. No output has both of a pair.
    """
    return [
        Pair(
            larger=large.description,
            smaller=small.description,
            is_certain=lies_within(small.description, large.description),
        )
        for large, small in _near(_groups(views, members, taken), threshold)
        if not _is_of_one_output(large, small, views, members)
    ]


def _groups(
    views: Sequence[View], members: Members, taken: Callable[[View], np.ndarray]
) -> list[_Group]:
    """Every such group of people, the smallest first, with all the cells that are of it."""
    found = _found(views, members, taken)
    return sorted(found, key=lambda one: one.count)


def _found(
    views: Sequence[View], members: Members, taken: Callable[[View], np.ndarray]
) -> Iterator[_Group]:
    named: dict[Description, list[Named]] = {}
    for number, view in enumerate(views):
        for cell in np.flatnonzero(taken(view) & (view.truth > 0)):
            place = Named(view=number, cell=int(cell))
            named.setdefault(view.cells[cell], []).append(place)
    for description, places in named.items():
        bits = members.bits(description)
        yield _Group(
            description=description,
            named=tuple(places),
            count=members.count(bits),
            bits=bits,
            is_new=not any(views[one.view].output.released for one in places),
        )


def _near(groups: Sequence[_Group], threshold: int) -> Iterator[tuple[_Group, _Group]]:
    """Pairs, the larger first, of which one is new, that differ by 1 to threshold - 1."""
    counts = np.array([one.count for one in groups])
    is_new = np.array([one.is_new for one in groups], dtype=bool)
    witnesses = _witnesses(groups)
    for large in groups:
        first = int(np.searchsorted(counts, large.count - threshold, side="right"))
        last = int(np.searchsorted(counts, large.count, side="left"))
        near = np.arange(first, last)
        near = near if large.is_new else near[is_new[first:last]]
        for places, bits in witnesses:  # nearly all pairs differ in one of them
            near = near[(large.bits[places[near]] & bits[near]) != 0]
        for one in near:
            if not (groups[one].bits & ~large.bits).any():
                yield large, groups[one]


def _witnesses(groups: Sequence[_Group]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Some members of every group, as (bytes, bits within them): who is not in all is in no part.

    The same places in the order of every group, so that groups that begin alike differ further on.
    """
    places = np.zeros((len(_WITNESSES), len(groups)), dtype=np.intp)
    held = np.zeros((len(_WITNESSES), len(groups)), dtype=np.uint8)
    for number, one in enumerate(groups):
        filled = np.flatnonzero(one.bits)
        at = filled[[int(share * (len(filled) - 1)) for share in _WITNESSES]]
        places[:, number], held[:, number] = at, one.bits[at]
    lowest = held & (~held + np.uint8(1))  # of the bits in each byte
    return list(zip(places, lowest, strict=True))


def _difference(
    large: _Group, small: _Group, views: Sequence[View], members: Members
) -> Difference | None:
    if _is_of_one_output(large, small, views, members):
        return None
    return Difference(
        larger=large.named,
        smaller=small.named,
        counts=(large.count, small.count),
        is_certain=lies_within(small.description, large.description),
        people=large.bits & ~small.bits,
    )


def _is_left(one: _Group, large: _Group, small: _Group) -> bool:
    """Whether a group is among those who are left of the larger without the smaller."""
    return lies_within(one.description, large.description) and exclude_each_other(
        one.description, small.description
    )


def _is_of_one_output(
    large: _Group, small: _Group, views: Sequence[View], members: Members
) -> bool:
    """Whether one output shows both, so that its own report speaks of it.

    It does not where people are in several cells: of those in all some may be in one only.
    """
    sides = [{views[one.view].output.name for one in group.named} for group in (large, small)]
    if not sides[0] & sides[1]:
        return False
    in_one_view = {one.view for one in large.named} & {one.view for one in small.named}
    return not (members.overlap and in_one_view)
