"""What a figure of two values tells: how many people have one of them.

The sum of a variable that is 0 or 1 is a count, and so are its mean and its share to whoever knows
of how many people they are. A count that is read so is compared as if it were published.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from output_checks.linked.descriptions import (
    Description,
    exclude_each_other,
    is_impossible,
    lies_within,
)
from output_checks.linked.ties import Tie
from output_checks.linked.views import PEOPLE, View

_MOST_COMPARED = 1_000_000
"""Cells that are held against published ones to see whether they add up to them, at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """sure: counts that figures tell. maybe: those that they tell to who knows a number of people.

    Of the latter nothing is withheld that others could tell.
    """

    sure: tuple[View, ...]
    maybe: tuple[View, ...]


def told_by(ties: Sequence[Tie], views: Sequence[View]) -> Told:
    """The counts that figures of variables with two values tell beside the counts of `views`."""
    known = _Numbers(views)
    sure: list[View] = []
    maybe: list[View] = []
    for tie in ties:
        adding = np.flatnonzero(tie.above)
        if tie.is_sum and len(adding) == 1:
            is_known = np.ones(len(tie.shown), dtype=bool)
        elif len(tie.parts) == 2 and not _are_alike(tie):
            adding = np.array([1])
            counts = tie.counts.sum(axis=0)
            is_known = np.array(
                [known.has(one, number) for one, number in zip(tie.people, counts, strict=True)]
            )
        else:
            continue
        part = tie.parts[int(adding[0])]
        if not tie.squares:
            sure.append(_view(part, tie, is_known))
        maybe.append(_view(part, tie, ~is_known | tie.squares))
    return Told(
        sure=tuple(one for one in sure if one.published.any() or one.hidden.any()),
        maybe=tuple(one for one in maybe if one.published.any()),
    )


def _are_alike(tie: Tie) -> bool:
    """Whether both values give the same figure, so that it does not say how many have which."""
    return bool(np.isclose(tie.above[0] * tie.below[1], tie.above[1] * tie.below[0])) and not (
        tie.is_sum
    )


def _view(part: View, tie: Tie, is_known: np.ndarray) -> View:
    told = tie.shown & is_known
    return replace(
        part,
        least=np.where(told, part.truth, 0.0),
        most=np.where(told, part.truth, np.inf),
        hidden=tie.hidden & is_known,
    )


class _Numbers:
    """The numbers of people that counts show, or that add up to one."""

    def __init__(self, views: Iterable[View]) -> None:
        self._shown = [
            {
                view.cells[cell]: float(view.truth[cell])
                for cell in np.flatnonzero(view.published)
                if not is_impossible(view.cells[cell])
            }
            for view in views
            if view.quantity == PEOPLE
        ]
        self._left = _MOST_COMPARED

    def has(self, description: Description, number: float) -> bool:
        """Whether a reader can tell how many people these are."""
        if number == 0 or any(description in shown for shown in self._shown):
            return True
        return any(self._add_up(shown, description, number) for shown in self._shown)

    def _add_up(
        self, shown: dict[Description, float], description: Description, number: float
    ) -> bool:
        self._left -= len(shown)
        if self._left < 0:
            return False
        inside = [one for one in shown if lies_within(one, description)]
        largest = list(_outermost(inside))
        return sum(shown[one] for one in largest) == number and all(
            exclude_each_other(one, other)
            for at, one in enumerate(largest)
            for other in largest[:at]
        )


def _outermost(groups: Sequence[Description]) -> Iterator[Description]:
    """Those that are within no other, up to as many as anybody adds up."""
    if len(groups) > 500:
        return
    for one in groups:
        if not any(one != other and lies_within(one, other) for other in groups):
            yield one
