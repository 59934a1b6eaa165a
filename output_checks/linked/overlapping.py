"""Rounded outputs of people in several cells: where the ranges of several meet.

Cells then do not add up, but whoever is in a part is in the whole: no part is more than it, nor the
whole more than all its parts. That much is known of the cells of all outputs at once.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.linked.descriptions import Description, is_impossible, lies_within
from output_checks.linked.members import Members
from output_checks.linked.subtraction import near_pairs
from output_checks.linked.system import Named, TooLargeError
from output_checks.linked.views import View
from output_checks.protect.intervals import Attainable, Published, work_out
from output_checks.protect.structure import structure_of
from output_checks.rules.threshold import is_wide

MOST_GROUPS = 600
"""Groups, and differences of two of them, that are looked at: each is compared with every other."""

Row = tuple[Sequence[int], Sequence[float], float]
"""What ties groups: their numbers, how often each is taken, and the most that this comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """A small group, or a small difference of two, that several outputs tell better than each.

    larger, smaller: the cells that show it; no smaller ones where it is a group by itself.
    low, high: how many people it is for who has all outputs. is_certain: the definitions alone
    say that the smaller is part of the larger.
    """

    larger: tuple[Named, ...]
    smaller: tuple[Named, ...]
    low: int
    high: int
    is_certain: bool


def narrowed(views: Sequence[View], members: Members, threshold: int) -> Iterator[Narrowed]:
    """Find groups of 1 to threshold - 1 people that the ranges of several outputs narrow down.

    Only those of which neither one output by itself nor the released ones tell as much. Raises
    TooLargeError where there are too many groups.
    """
    outputs = list(dict.fromkeys(view.output.name for view in views))
    if len(outputs) < 2 or not any(_is_ranged(view).any() for view in views):
        return
    ranges = _Ranges(views, members, threshold)
    together = ranges.worked_out(views, ranges.small)
    found = [one for one in ranges.small if not ranges.is_safe(together, one)]
    if not found:
        return
    alone = [[view for view in views if view.output.name == name] for name in outputs]
    released = [view for view in views if view.output.released]
    others = [ranges.worked_out(some, found) for some in (*alone, released)]
    for one in found:
        width = together.upper[one] - together.lower[one]
        if all(other.upper[one] - other.lower[one] > width for other in others):
            yield ranges.told(one, together)


def _is_ranged(view: View) -> np.ndarray:
    """Cells that are shown, but not as the number that they are."""
    return (view.least < view.most) & ~view.hidden


class _Ranges:
    """Groups, differences of two, and what ties them.

    small: the numbers of those that are 1 to threshold - 1 people and not shown as they are.
    """

    def __init__(self, views: Sequence[View], members: Members, threshold: int) -> None:
        self._threshold = threshold
        self._named = _named(views)
        self._groups = {one: number for number, one in enumerate(self._named)}
        if len(self._groups) > MOST_GROUPS:
            raise TooLargeError(f"{len(self._groups):,} groups, more than {MOST_GROUPS:,}")
        self._exactly = {one for one in self._named if _is_exact(self._named[one], views)}
        self._pairs = [
            one
            for one in near_pairs(views, members, threshold, lambda view: ~view.hidden)
            if not {one.larger, one.smaller} <= self._exactly
        ]
        if len(self._pairs) > MOST_GROUPS:
            raise TooLargeError(f"{len(self._pairs):,} differences, more than {MOST_GROUPS:,}")
        self._views = views
        self._size = len(self._groups) + len(self._pairs)
        rows = [*self._within(), *self._sums(), *self._differences()]
        self._most = np.array([most for *_, most in rows])
        self._relations = _matrix(rows, self._size)
        small = [
            number
            for one, number in self._groups.items()
            if one not in self._exactly and 0 < members.number(one) < threshold
        ]
        self.small = [*small, *range(len(self._groups), self._size)]

    def is_safe(self, found: Attainable, one: int) -> bool:
        """Whether what can be told of a group is too little to harm anybody."""
        return is_wide(float(found.lower[one]), float(found.upper[one]), self._threshold)

    def worked_out(self, views: Sequence[View], wanted: Collection[int]) -> Attainable:
        """What who has these views can tell of some groups, as far as it takes to see them safe."""
        lower, upper = np.zeros(self._size), np.full(self._size, np.inf)
        for number, pair in enumerate(self._pairs, len(self._groups)):
            lower[number] = 0.0 if pair.is_certain else -np.inf
        for view in views:
            for cell, description in enumerate(view.cells):
                if description in self._groups:
                    at = self._groups[description]
                    lower[at] = max(lower[at], view.least[cell])
                    upper[at] = min(upper[at], view.most[cell])
        asked = frozenset(wanted)

        def enough(cell: int, low: float, high: float) -> bool:
            is_known = low < np.inf  # not before somebody has looked
            return cell not in asked or (is_known and is_wide(low, high, self._threshold))

        published = Published(
            relations=self._relations,
            excess=np.zeros(len(self._most)),
            most=self._most,
            values=np.full(self._size, np.nan),
            lower=lower,
            upper=upper,
            whole=True,
            flat=False,
        )
        return work_out(published, enough, first=enough)

    def told(self, one: int, found: Attainable) -> Narrowed:
        """A group in the cells that show it; the widest that is possible where it was given up."""
        low, high = int(found.floor[one]), int(found.ceiling[one])
        if one < len(self._groups):
            named = self._named[list(self._groups)[one]]
            return Narrowed(larger=named, smaller=(), low=low, high=high, is_certain=True)
        pair = self._pairs[one - len(self._groups)]
        return Narrowed(
            larger=self._named[pair.larger],
            smaller=self._named[pair.smaller],
            low=low,
            high=high,
            is_certain=pair.is_certain,
        )

    def _within(self) -> Iterator[Row]:
        """No part is more than what it is within."""
        for one, part in self._groups.items():
            for other, whole in self._groups.items():
                if part != whole and lies_within(one, other):
                    yield (whole, part), (1.0, -1.0), np.inf

    def _sums(self) -> Iterator[Row]:
        """No total is more than all its parts."""
        for view in self._views:
            structure = structure_of(view.output.table.grid)
            sums = structure.relations
            for row in range(sums.shape[0]):
                inside = slice(sums.indptr[row], sums.indptr[row + 1])
                cells = [view.cells[i] for i in structure.order[sums.indices[inside]]]
                # An impossible cell is of nobody, and adds nothing.
                tied = [
                    (self._groups[one], sign)
                    for one, sign in zip(cells, sums.data[inside], strict=True)
                    if one in self._groups
                ]
                if tied:
                    numbers, signs = zip(*tied, strict=True)
                    yield numbers, signs, np.inf

    def _differences(self) -> Iterator[Row]:
        """A difference and the smaller are the larger."""
        for number, pair in enumerate(self._pairs, len(self._groups)):
            larger, smaller = self._groups[pair.larger], self._groups[pair.smaller]
            yield (larger, smaller, number), (1.0, -1.0, -1.0), 0.0


def _named(views: Sequence[View]) -> Mapping[Description, tuple[Named, ...]]:
    """Every group with all the cells that are of it."""
    named: dict[Description, list[Named]] = {}
    for number, view in enumerate(views):
        for cell, description in enumerate(view.cells):
            if not is_impossible(description):
                named.setdefault(description, []).append(Named(view=number, cell=cell))
    return {description: tuple(places) for description, places in named.items()}


def _is_exact(named: Sequence[Named], views: Sequence[View]) -> bool:
    """Whether one output shows the group's number as it is, or withholds it.

    What of a withheld cell can be told is looked at elsewhere, by a reader who knows more.
    """
    return any(
        views[one.view].published[one.cell] or views[one.view].hidden[one.cell] for one in named
    )


def _matrix(rows: Sequence[Row], width: int) -> csr_matrix:
    starts = np.cumsum([0, *(len(numbers) for numbers, *_ in rows)])
    columns = [one for numbers, *_ in rows for one in numbers]
    signs = [one for _, several, _ in rows for one in several]
    made = csr_matrix((np.array(signs), np.array(columns, dtype=int), starts), (len(rows), width))
    made.sum_duplicates()  # a total of one part is both of them
    made.eliminate_zeros()
    return made
