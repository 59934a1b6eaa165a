"""A table as its readers have it: what it says of every cell, and what adds up to what."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.errors import UnknownColumnError, UnreadableDataError, unknown
from output_checks.protect.intervals import Attainable, Published, work_out
from output_checks.protect.worlds import MOST_PLACES, Told, people_behind, work_out_people
from output_checks.readers.marks import Bound, bound, is_withheld, number
from output_checks.readers.shapes import TOTALS, Long
from output_checks.readers.sums import (
    WHEN_PEOPLE_OVERLAP,
    complete_sums,
    inequalities,
    refuse_contradiction,
)
from output_checks.words import TOTAL

MOST_CELLS = 1_000_000
MOST_DECIMALS = 9
"""With more of them a value is taken for one that was not rounded."""
_AFTER_POINT = re.compile(r"[^.]*\.(\d+)[^.\d]*")
Hierarchies = Mapping[str, Mapping[str, str]]
_MOST = 2.0**53
"""From here on there are whole numbers that a float cannot tell apart."""


@dataclass(frozen=True, kw_only=True)
class PublishedTable:
    """Cells of a published table. dimensions: name to labels, "Total" last where it is there.

    values: in the shape of the dimensions, NaN where withheld. there: which cells the table has;
    totals that it leaves out are unknown. bounds: (least, greatest) that each cell says of
    itself. lines: the sums along each axis, a row each. overlaps: dimensions in which people are
    in several cells. decimals: to how many the values are rounded, None where they are exact.
    """

    dimensions: dict[str, tuple[str, ...]]
    values: np.ndarray
    there: np.ndarray
    bounds: tuple[np.ndarray, np.ndarray]
    lines: tuple[csr_matrix, ...]
    overlaps: frozenset[str] = frozenset()
    decimals: int | None = None

    @cached_property
    def adds_up(self) -> bool:
        """Whether anything in it adds up to anything."""
        return any(line.shape[0] for line in self.lines)

    @cached_property
    def is_counts(self) -> bool:
        """Whether every published value could be a number of people."""
        return are_counts(self.values)

    @property
    def loose(self) -> tuple[str, ...]:
        """The dimensions along which there are totals that their parts may exceed together."""
        sums = zip(self.dimensions, self.lines, strict=True)
        return tuple(name for name, line in sums if line.shape[0] and name in self.overlaps)

    @property
    def withheld(self) -> np.ndarray:
        """The numbers of the cells that are there without a value."""
        return np.flatnonzero((np.isnan(self.values) & self.there).reshape(-1))

    def place(self, cell: int) -> dict[str, str]:
        """Where a cell is, by its labels."""
        where = np.unravel_index(cell, self.values.shape)
        return {
            name: labels[i]
            for (name, labels), i in zip(self.dimensions.items(), where, strict=True)
        }

    def intervals(self, rounded: int = 1) -> Attainable:
        """What a reader can work out of every cell, in the flat order of the values.

        rounded: the base that every value was rounded to by itself, halves up; then no value is
        known exactly. Where people are in several cells of more than one dimension, who can be in
        what of both is asked too (`protect.worlds`), of tables that are not too large for that:
        of others more can follow than the least and greatest given here (`is_outer`).
        Raises UnreadableDataError where the values contradict each other.
        """
        if rounded == 1 and self.decimals is None:
            sums = complete_sums(self.dimensions, self.values, self.lines)
            refuse_contradiction(sums, self.overlaps)
        try:
            seen = self._seen(rounded)
            found = work_out(seen)
            return found if len(self.loose) < 2 else self._of_people(seen, found)
        except ValueError as error:
            hint = "" if self.overlaps else f". {WHEN_PEOPLE_OVERLAP}"
            raise UnreadableDataError(f"the table cannot be true: {error}{hint}") from error

    def _of_people(self, seen: Published, found: Attainable) -> Attainable:
        """The same once it is asked who can be in several totals of several dimensions."""
        above, only = people_behind(self.lines, [name in self.loose for name in self.dimensions])
        if above.shape[1] > MOST_PLACES:
            return replace(found, is_outer=True)
        is_known = ~np.isnan(seen.values)
        told = Told(
            above=above,
            only=only,
            lower=np.where(is_known, seen.values, seen.lower),
            upper=np.where(is_known, seen.values, seen.upper),
        )
        return work_out_people(told, np.flatnonzero(~is_known), found)

    def _seen(self, rounded: int) -> Published:
        values = self.values.reshape(-1)
        known = ~np.isnan(values)
        lower, upper = (one.reshape(-1).copy() for one in self.bounds)
        if rounded > 1:
            lower[known] = np.maximum(values[known] - rounded // 2, lower[known])
            upper[known] = values[known] + rounded - 1 - rounded // 2
            values = np.full(len(values), np.nan)
        elif self.decimals is not None:
            half = 0.5 * 10.0**-self.decimals
            lower[known] = np.maximum(values[known] - half, lower[known])
            upper[known] = values[known] + half
            values = np.full(len(values), np.nan)
        loose = [name in self.overlaps for name in self.dimensions]
        relations, least, most = inequalities(self.lines, loose)
        grouped = sum(line.shape[0] > 1 for line in self.lines)
        return Published(
            relations=relations,
            excess=least,
            most=most,
            values=values,
            lower=lower,
            upper=upper,
            whole=self.is_counts and self.decimals is None,
            flat=not self.overlaps and self.values.ndim <= 2 and grouped <= 1,
        )


def published_table(
    long: Long, hierarchies: Hierarchies | None = None, totals: Collection[str] = ()
) -> PublishedTable:
    """Put every cell in its place, and find what adds up.

    hierarchies: {dimension: {label: its group}}, groups as labels of the same dimension.
    totals: labels that stand for a total, beside the usual words for it.
    Raises UnreadableDataError where a combination is missing or there twice, or a cell holds
    neither a number nor a mark; UnknownColumnError for a hierarchy of something else.
    """
    words = TOTALS | {one.lower() for one in totals}
    keys = [tuple(_label(text, words) for text in key) for key in long.keys]
    dimensions = {name: _labels([key[at] for key in keys]) for at, name in enumerate(long.names)}
    if len(dimensions) < len(long.names):
        raise UnreadableDataError("two of its dimensions have the same name")
    _refuse_holes(keys, dimensions)
    shape = tuple(len(one) for one in dimensions.values())
    values = np.full(shape, np.nan)
    there = np.zeros(shape, dtype=bool)
    told: dict[tuple[int, ...], Bound] = {}
    places = [{label: at for at, label in enumerate(one)} for one in dimensions.values()]
    for key, text in zip(keys, long.texts, strict=True):
        at = tuple(place[label] for place, label in zip(places, key, strict=True))
        said = _said(text)
        there[at] = True
        if isinstance(said, Bound):
            told[at] = said
        else:
            values[at] = said
    return PublishedTable(
        dimensions=dimensions,
        values=values,
        there=there,
        bounds=_bounds(values, told),
        decimals=None if _are_whole(values) else _decimals(long.texts),
        lines=_lines(dimensions, hierarchies or {}),
    )


def _label(text: str, totals: Collection[str]) -> str:
    return TOTAL if text.strip().lower() in totals else text


def _labels(texts: Sequence[str]) -> tuple[str, ...]:
    unique = list(dict.fromkeys(texts))
    return tuple([one for one in unique if one != TOTAL] + [TOTAL] * (TOTAL in unique))


def _refuse_holes(keys: Sequence[tuple[str, ...]], dimensions: Mapping[str, Sequence[str]]) -> None:
    if len(keys) > MOST_CELLS:
        raise UnreadableDataError(f"it has more than {MOST_CELLS:,} cells")
    if len(set(keys)) < len(keys):
        raise UnreadableDataError("a combination of labels is there twice")
    combinations = 1
    for labels in dimensions.values():
        combinations *= sum(label != TOTAL for label in labels) or 1
    held = sum(_is_inside(key, dimensions) for key in keys)
    cells = np.prod([float(len(labels)) for labels in dimensions.values()])
    if combinations != held or cells > MOST_CELLS:
        raise UnreadableDataError(
            f"{combinations - held:,} of its {combinations:,} combinations of labels are missing"
        )


def _is_inside(key: Sequence[str], dimensions: Mapping[str, Sequence[str]]) -> bool:
    """Whether a cell is no total; a dimension that has nothing but its total does not count."""
    return all(
        label != TOTAL or len(labels) == 1
        for label, labels in zip(key, dimensions.values(), strict=True)
    )


def _said(text: str) -> float | Bound:
    """A cell's value, or what its mark tells of it."""
    value = number(text)
    if value is not None and abs(value) > _MOST:
        raise UnreadableDataError(f"{text[:60]} is too large to be added up to the last digit")
    if value is not None:
        return value
    if text.strip().endswith("%"):
        raise UnreadableDataError("percentages do not add up: take the counts behind them")
    if not is_withheld(text):
        raise UnreadableDataError(f"{text[:60]!r} is neither a number nor a mark for withheld")
    return bound(text) or Bound()


def _decimals(texts: Sequence[str]) -> int | None:
    """The most decimals that are shown; None where there are so many that nothing was rounded."""
    shown = [_AFTER_POINT.fullmatch(text.strip()) for text in texts if number(text) is not None]
    most = max((len(one.group(1)) if one else 0 for one in shown), default=0)
    return most if most <= MOST_DECIMALS else None


def _bounds(
    values: np.ndarray, told: Mapping[tuple[int, ...], Bound]
) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest that every cell says it can be; nothing is negative where nothing is.

    In counts "<5" is 4 at most.
    """
    known = values[~np.isnan(values)]
    step = float(are_counts(values))
    floor = 0.0 if (known >= 0).all() else -np.inf
    lower, upper = np.full(values.shape, floor), np.full(values.shape, np.inf)
    for at, one in told.items():
        lower[at] = max(floor, one.least + step * one.is_open)
        upper[at] = one.greatest - step * one.is_open
    return lower, upper


def are_counts(values: np.ndarray) -> bool:
    """Whether every published value could be a number of people."""
    return _are_whole(values) and bool((values[~np.isnan(values)] >= 0).all())


def _are_whole(values: np.ndarray) -> bool:
    """Whether every published value is a whole number, and so taken as it is."""
    known = values[~np.isnan(values)]
    return bool((known == np.floor(known)).all())


def _lines(
    dimensions: Mapping[str, Sequence[str]], hierarchies: Hierarchies
) -> tuple[csr_matrix, ...]:
    for name in hierarchies:
        if name not in dimensions:
            raise UnknownColumnError("hierarchies: " + unknown("dimension", name, dimensions))
    return tuple(
        _sums_along(name, labels, hierarchies.get(name, {})) for name, labels in dimensions.items()
    )


def _refuse_rings(name: str, parents: Mapping[str, str]) -> None:
    """Refuse a label that is in itself, by whatever groups: a sum of its own parts is none."""
    for label in parents:
        above = [label]
        while above[-1] in parents and parents[above[-1]] not in above:
            above.append(parents[above[-1]])
        if above[-1] in parents:
            ring = [*above[above.index(parents[above[-1]]) :], parents[above[-1]]]
            raise UnreadableDataError(
                f'the hierarchy of "{name}" goes round in a ring: ' + " in ".join(map(repr, ring))
            )


def _sums_along(name: str, labels: Sequence[str], parents: Mapping[str, str]) -> csr_matrix:
    """A row for every group and for the total: 1 for what it adds up, -1 for itself."""
    if not isinstance(parents, Mapping):
        raise UnreadableDataError(f'the hierarchy of "{name}" must be {{label: its group}}')
    for label in (*parents, *parents.values()):
        if label not in labels:
            raise UnknownColumnError(
                f'the hierarchy of "{name}": ' + unknown("label", label, labels)
            )
    _refuse_rings(name, parents)
    places = {label: at for at, label in enumerate(labels)}
    sums: dict[str, list[int]] = {}
    for label, group in parents.items():
        sums.setdefault(group, []).append(places[label])
    tops = [at for label, at in places.items() if label not in parents and label != TOTAL]
    if TOTAL in places and tops:
        sums[TOTAL] = tops
    matrix = np.zeros((len(sums), len(labels)))
    for row, (group, members) in enumerate(sums.items()):
        matrix[row, members] = 1.0
        matrix[row, places[group]] = -1.0
    return csr_matrix(matrix)
