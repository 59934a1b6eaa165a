"""What the sums of a published table say, and whether its numbers can be true of them.

Where everybody is in one cell, cells add up to their total. Where people are in several, as with
several diagnoses, a total of different people is at least its largest part and at most the sum of
its parts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.errors import UnreadableDataError
from output_checks.protect.structure import relations_of

_SLACK = 1e-6
_MOST_SAID = 60

WHEN_PEOPLE_OVERLAP = (
    "Where people are in several cells, as with several diagnoses, say so: overlaps=True, or "
    "--overlaps"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A total whose parts are all published.

    dimension: along which they are added. place: the labels of the total.
    """

    dimension: str
    place: Mapping[str, str]
    total: float
    parts: np.ndarray

    @property
    def together(self) -> float:
        """What the parts add up to."""
        return float(self.parts.sum())

    @property
    def is_equal(self) -> bool:
        """Whether the parts add up to the total."""
        return abs(self.together - self.total) <= self._slack

    @property
    def can_overlap(self) -> bool:
        """Whether people in several of the parts could have this total."""
        largest = float(self.parts.max(initial=0.0))
        return largest - self._slack <= self.total <= self.together + self._slack

    @property
    def _slack(self) -> float:
        return _SLACK * max(float(np.abs(self.parts).max(initial=1.0)), abs(self.total))

    def in_words(self) -> str:
        """The total and what its parts come to."""
        where = ", ".join(f"{name} = {label}" for name, label in self.place.items())
        named = where if len(where) <= _MOST_SAID else where[:_MOST_SAID] + "…"
        return f"{named} is {self.total:,.12g}, and its parts come to {self.together:,.12g}"


def complete_sums(
    dimensions: Mapping[str, Sequence[str]], values: np.ndarray, lines: Sequence[csr_matrix]
) -> Iterator[Sum]:
    """Every total whose own value and all of whose parts are published.

    values: in the shape of the dimensions, NaN where not published. lines: a row for every total
    along each dimension, 1 for its parts and -1 for itself.
    """
    names = list(dimensions)
    for axis, line in enumerate(lines):
        along = np.moveaxis(values, axis, -1)
        for row in line.toarray():
            parts, at = along[..., row > 0], int(np.flatnonzero(row < 0)[0])
            known = ~np.isnan(parts).any(axis=-1) & ~np.isnan(along[..., at])
            for others in np.argwhere(known):
                index = [*map(int, others[:axis]), at, *map(int, others[axis:])]
                place = {name: dimensions[name][i] for name, i in zip(names, index, strict=True)}
                yield Sum(
                    dimension=names[axis],
                    place=place,
                    total=float(along[(*others, at)]),
                    parts=parts[tuple(others)],
                )


def refuse_contradiction(sums: Iterator[Sum], overlaps: Collection[str]) -> None:
    """Refuse published numbers that cannot be true, naming the first sum that does not fit.

    overlaps: the dimensions in which people are in several cells. Raises UnreadableDataError.
    """
    for one in sums:
        if one.dimension in overlaps:
            if not one.can_overlap:
                raise UnreadableDataError(
                    f"the table cannot be true: {one.in_words()}. Where people are in several "
                    f"cells of “{one.dimension}”, a total is at least its largest part "
                    f"({one.parts.max(initial=0.0):,.12g}) and at most what its parts come to"
                )
        elif not one.is_equal:
            raise UnreadableDataError(
                f"the table does not add up to its totals: {one.in_words()}. {_why(one)}"
            )


def _why(one: Sum) -> str:
    others = "Means do not add up; for rounded tables say the base"
    if not one.can_overlap:
        return f"{others}. Nor can it be that of people in several cells"
    return f"{WHEN_PEOPLE_OVERLAP}. {others}"


def inequalities(
    lines: Sequence[csr_matrix], overlapping: Sequence[bool]
) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """What every reader knows of a table's sums: (relations, least, most), a row each.

    overlapping: for every dimension whether people are in several of its cells. Along it no part
    is more than its total, and the parts come to no less; along others they come to the total.
    """
    rows = [_loose(line) if loose else line for line, loose in zip(lines, overlapping, strict=True)]
    cells = [line.shape[1] for line in lines]
    most = [
        np.full(line.shape[0] * _product(cells) // cells[at], np.inf if loose else 0.0)
        for at, (line, loose) in enumerate(zip(rows, overlapping, strict=True))
    ]
    relations = relations_of(rows)
    return relations, np.zeros(relations.shape[0]), np.concatenate(most)


def _product(lengths: Sequence[int]) -> int:
    return int(np.prod(lengths, dtype=np.int64))


def _loose(line: csr_matrix) -> csr_matrix:
    """Rows that are not below nothing: the parts less the total, and the total less each part."""
    found = [np.empty((0, line.shape[1]))]
    for row in line.toarray():
        parts = np.flatnonzero(row > 0)
        each = np.zeros((len(parts), len(row)))
        each[:, row < 0] = 1.0
        each[np.arange(len(parts)), parts] = -1.0
        found += [row[np.newaxis], each]
    return csr_matrix(np.concatenate(found))
