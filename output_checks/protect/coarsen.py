"""Merge categories until the rules hold, so that as much as possible is still told apart.

What a table tells is measured by the entropy of its people over its cells (Theil's measure, as
in Fischetti & Salazar and in mu-argus for global recoding): merging cells that hold few people
costs little, and merging empty ones nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import prod
from typing import Any

import numpy as np

from output_checks.errors import ProtectionError, unknown
from output_checks.given import refuse_other, shown
from output_checks.grid import Dimension, Grid
from output_checks.policy import Policy
from output_checks.protect.contributions import inner_shape
from output_checks.protect.partitions import (
    AlongOrder,
    OfTheRare,
    Partition,
    Way,
    hierarchy_of,
)
from output_checks.protect.protectable import Protectable, refuse_no_table
from output_checks.protect.suggestions import Suggestion, Suggestions
from output_checks.statistics import SCALED
from output_checks.words import Verdict

Along = Mapping[str, str | Mapping[str, str]]
Choice = tuple[Partition, ...]
MOST_CHOICES = 20_000
"""Up to so many ways of merging all are looked at; beyond, one step at a time."""
_MOST_JUDGED = 200
"""Coarser tables that are made from the data and judged."""
_CUT = (
    f"Only the first {_MOST_JUDGED} ways of merging that may be safe were made and judged; others "
    "were not looked at. Say what may be merged (along) to have fewer."
)
_STEPWISE = (
    f"There are more than {MOST_CHOICES:,} ways of merging, so these were built step by step; "
    "others may keep more. Say what may be merged (along) to compare all."
)
_WAYS = ("order", "rare", "hierarchy")


def coarsen(table: Protectable, along: Along | None = None, *, reviews: bool = False) -> Any:
    """The table with the categories merged that keep most, of those that make it safe.

    along: {dimension: "order" (neighbours), "rare" (the rarest together), "hierarchy" (the
    table's own) or {label: its group}}; other dimensions stay as they are. None: what suits each.
    reviews: until nothing is left for a person to look at either. The coarser table is a table
    like any other, with the merges in its declaration. A table that is safe stays as it is.
    Raises ProtectionError where no merging makes it safe, and for a protected table.
    """
    found = suggest_merges(table, along, reviews=reviews, most=1)
    if not found:
        said = f" {found.note}" if found.note else ""
        raise ProtectionError(
            "no merging of categories makes this table safe; allow more of it (along), use fewer "
            f"dimensions, or leave rare groups out with where.{said}".removesuffix(".")
        )
    return found[0].table


def suggest_merges(
    table: Protectable, along: Along | None = None, *, reviews: bool = False, most: int = 5
) -> Suggestions:
    """Ways of merging categories that make a table safe, the one that keeps most first.

    See `coarsen`. All ways are compared where there are up to 20,000 of them; beyond that they
    are built step by step. Every suggestion's table was made from the data again and judged.
    most: how many at most; none where nothing helps. After 200 that may be safe the search ends:
    the result's `note` says so, and where ways were built step by step.
    """
    refuse_no_table("table", table)
    refuse_other("reviews", reviews, bool, "true or false", ProtectionError)
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= _MOST_JUDGED:
        raise ProtectionError(
            f"most must be a whole number from 1 to {_MOST_JUDGED}, not {shown(most)}"
        )
    if table.grids[0].protection is not None:
        raise ProtectionError("the table is protected already; merge before that")
    ways = _ways(table, along)
    screen = _Screen.of(table.plains, table.policy, reviews=reviews)
    choices = prod(way.count() for way in ways)
    candidates = _exact(ways, screen) if choices <= MOST_CHOICES else _stepwise(ways, screen)
    allowed = {Verdict.PASS} if reviews else {Verdict.PASS, Verdict.REVIEW}
    note = "" if choices <= MOST_CHOICES else _STEPWISE
    found: list[Suggestion] = []
    for choice in islice(candidates, _MOST_JUDGED):
        suggestion = _suggestion(table, choice, screen)
        found += [suggestion] * (suggestion.verdict in allowed)
        if len(found) == most:
            return Suggestions(found, note)
    if next(candidates, None) is not None:
        note = _CUT
    return Suggestions(found, note)


def _ways(table: Protectable, along: Along | None) -> list[Way]:
    dimensions = table.grids[0].dimensions
    names = [one.name for one in dimensions]
    words = "{dimension: a way of merging, or {label: its group}}"
    refuse_other("along", along, (Mapping, type(None)), words, ProtectionError)
    for name in along or {}:
        if name not in names:
            named = name if isinstance(name, str) else shown(name)
            raise ProtectionError("along: " + unknown("dimension", named, names))
    people = table.plains[0].frame[table.plains[0].counts].to_numpy().reshape(table.plains[0].shape)
    inner = people[tuple(slice(one) for one in inner_shape(table.plains[0]))]
    ways: list[Way] = []
    for axis, one in enumerate(dimensions):
        others = tuple(at for at in range(len(dimensions)) if at != axis)
        asked = _suiting(one) if along is None else along.get(one.name, {})
        if not isinstance(asked, str | Mapping):
            raise ProtectionError(f'along "{one.name}": ' + unknown("way", shown(asked), _WAYS))
        ways.append(_way(one, asked, inner.sum(axis=others)))
    return ways


def _suiting(one: Dimension) -> str:
    """A hierarchy where there is one; neighbours where labels are numbers, dates or bands."""
    if one.groups:
        return "hierarchy"
    labels = [label for label in one.labels if label is not None]
    is_band = all(not isinstance(label, str) or label[:1].isdigit() for label in labels)
    is_truth = any(isinstance(label, bool) for label in labels)
    return "order" if is_band and not is_truth else "rare"


def _way(one: Dimension, asked: Any, people: np.ndarray) -> Way:
    texts = one.texts[: len(one.labels)]
    missing = tuple(at for at, label in enumerate(one.labels) if label is None)
    if isinstance(asked, Mapping) and not asked:
        return OfTheRare(texts=texts, order=())
    if one.groups and asked != "hierarchy":
        raise ProtectionError(f'"{one.name}" has a hierarchy: along={{"{one.name}": "hierarchy"}}')
    if asked == "order":
        return AlongOrder(texts=texts, alone=missing)
    if asked == "rare":
        by_people = sorted(range(len(texts)), key=lambda at: (people[at], texts[at]))
        return OfTheRare(texts=texts, order=tuple(at for at in by_people if at not in missing))
    if asked == "hierarchy" and not one.groups:
        raise ProtectionError(f'"{one.name}" has no hierarchy; give one: {{label: its group}}')
    parents = _parents(one) if asked == "hierarchy" else asked
    if not isinstance(parents, Mapping):
        raise ProtectionError(f'along "{one.name}": ' + unknown("way", asked, _WAYS))
    return hierarchy_of(texts, parents, one.name)


def _parents(one: Dimension) -> dict[str, str]:
    return {one.texts[member]: group.label for group in one.groups for member in group.members}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    """What can be told of a merging from counts alone: whether it may be safe, what it keeps.

    counts: people of the inner cells, for every statistic. possible: no structural zeros.
    most_in_one: the share of a line's people, in per cent, that may not be in one category.
    """

    counts: tuple[np.ndarray, ...]
    possible: np.ndarray
    grid: Grid
    policy: Policy
    most_in_one: float

    @classmethod
    def of(cls, grids: Sequence[Grid], policy: Policy, *, reviews: bool) -> "_Screen":
        """The screen of a table."""
        inner = tuple(slice(one) for one in inner_shape(grids[0]))
        found: dict[bytes, np.ndarray] = {}
        for grid in grids:
            column = "denominator_units" if grid.kind in SCALED and grid.of else grid.counts
            counts = grid.frame[column].fill_null(0).to_numpy().reshape(grid.shape)[inner]
            found[counts.tobytes()] = counts.astype(np.int64)
        return cls(
            counts=tuple(found.values()),
            possible=~grids[0].column("structural_zero")[inner],
            grid=grids[0],
            policy=policy,
            most_in_one=_most_in_one(grids, policy, reviews=reviews),
        )

    def kept(self, choice: Choice) -> float:
        """The share of the information that is left."""
        whole = _entropy(self.counts[0])
        return _entropy(_merged(self.counts[0], choice)) / whole if whole else 1.0

    def unsafe(self, choice: Choice) -> int:
        """How many cells are certain to fail, totals included; 0 says that it may be safe."""
        possible = _merged(self.possible.astype(np.int64), choice) > 0
        found = 0
        for counts in self.counts:
            merged = _merged(counts, choice)
            found += self._small(merged) + self._in_one_category(merged, possible)
            if self.policy.zeros is Verdict.FAIL:
                found += int(((merged == 0) & possible).sum())
        return found

    def _small(self, merged: np.ndarray) -> int:
        values = merged
        if self.grid.margins:
            for axis in range(values.ndim):
                values = np.concatenate([values, values.sum(axis=axis, keepdims=True)], axis=axis)
        return int(((values > 0) & (values < self.policy.threshold)).sum())

    def _in_one_category(self, merged: np.ndarray, possible: np.ndarray) -> int:
        """Lines of cells all of whose people are in one; not where people are in several cells."""
        if self.grid.overlaps or self.most_in_one > 100:
            return 0
        found = 0
        for axis in range(merged.ndim):
            totals = merged.sum(axis=axis)
            judged = (totals > 0) & (possible.sum(axis=axis) > 1)
            shares = 100 * merged.max(axis=axis) / np.maximum(totals, 1)
            found += int((judged & (shares >= self.most_in_one)).sum())
        return found


def _most_in_one(grids: Sequence[Grid], policy: Policy, *, reviews: bool) -> float:
    """As the rule has it: all of a line can be read off any statistic, less only off counts."""
    least = policy.class_disclosure_fail
    if reviews:
        least = min(least, policy.class_disclosure_review)
    return least if all(one.facts.shows_counts for one in grids) else max(least, 100.0)


def _merged(counts: np.ndarray, choice: Choice) -> np.ndarray:
    for axis, partition in enumerate(choice):
        if len(partition.blocks) < counts.shape[axis]:
            together = counts.take(np.concatenate(partition.blocks), axis=axis)
            starts = np.cumsum([0, *map(len, partition.blocks[:-1])])
            counts = np.add.reduceat(together, starts, axis=axis)
    return counts


def _entropy(counts: np.ndarray) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _exact(ways: Sequence[Way], screen: _Screen) -> Iterator[Choice]:
    """Every choice that may be safe, what keeps most first."""
    found: list[tuple[tuple[float, int, int], Choice]] = []
    every = [list(way.every()) for way in ways]
    for number, choice in enumerate(_products(every)):
        if not screen.unsafe(choice):
            cells = prod(len(partition.blocks) for partition in choice)
            found.append(((-round(screen.kept(choice), 9), -cells, number), choice))
    yield from (choice for _, choice in sorted(found, key=lambda one: one[0]))


def _products(every: Sequence[Sequence[Partition]]) -> Iterator[Choice]:
    if not every:
        yield ()
        return
    for first in every[0]:
        for rest in _products(every[1:]):
            yield (first, *rest)


def _stepwise(ways: Sequence[Way], screen: _Screen) -> Iterator[Choice]:
    """Coarser and coarser, at each step what mends most for what it loses.

    Every choice on the way that may be safe is given, the first ones keep most.
    """
    choice: Choice = tuple(next(way.every()) for way in ways)
    while True:
        unsafe = screen.unsafe(choice)
        if not unsafe:
            yield choice
        steps = [
            (*choice[:axis], coarser, *choice[axis + 1 :])
            for axis, way in enumerate(ways)
            for coarser in way.coarser(choice[axis])
        ]
        if not steps:
            return
        kept = screen.kept(choice)
        worth = [_worth(screen, step, kept, unsafe) for step in steps]
        choice = steps[worth.index(max(worth))]


def _worth(screen: _Screen, step: Choice, kept: float, unsafe: int) -> tuple[float, float]:
    """Cells mended for the information lost; where none is, as little lost as can be."""
    lost = max(kept - screen.kept(step), 1e-9)
    mended = unsafe - screen.unsafe(step)
    return (mended / lost if mended > 0 else 0.0), -lost


def _suggestion(table: Protectable, choice: Choice, screen: _Screen) -> Suggestion:
    merges = {}
    for one, partition in zip(table.grids[0].dimensions, choice, strict=True):
        renamed = partition.merges(one.texts)
        if renamed:
            merges[one.name] = renamed
    coarser = _made(table, choice, merges) if merges else table
    return Suggestion(
        merges=merges,
        kept=min(screen.kept(choice), 1.0),
        cells=prod(len(partition.blocks) for partition in choice),
        verdict=coarser.report().verdict,
        table=coarser,
    )


def _made(table: Protectable, choice: Choice, merges: Mapping[str, Mapping[str, str]]) -> Any:
    """The coarser table from the data, its hierarchies and structural zeros made to fit."""
    declaration = table.declaration
    hierarchies = dict(declaration.hierarchies)
    for one, partition in zip(table.grids[0].dimensions, choice, strict=True):
        if one.name in merges and one.groups:
            hierarchies[one.name] = _remaining(_parents(one), partition.names)
    composed = dict(declaration.merges)
    for name, second in merges.items():
        composed[name] = _composed(table, name, declaration.merges.get(name, {}), second)
    return table.source.declared(
        replace(
            declaration,
            merges=composed,
            hierarchies={name: one for name, one in hierarchies.items() if one},
            structural_zeros=_zeros(table, choice),
        ),
        policy=table.policy,
    )


def _remaining(parents: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The part of a hierarchy that is above some labels."""
    found: dict[str, str] = {}
    wanted = list(names)
    for name in wanted:
        if name in parents:
            found[name] = parents[name]
            wanted.append(parents[name])
    return found


def _composed(
    table: Protectable, name: str, first: Mapping[str, str], second: Mapping[str, str]
) -> dict[str, str]:
    """One renaming in the place of two, of labels that the data have."""
    if not first:
        return dict(second)
    plain = replace(table.declaration, merges={}, hierarchies={}, structural_zeros=(), margins=True)
    raw = next(
        one
        for one in table.source.declared(plain, policy=table.policy).grid.dimensions
        if one.name == name
    )
    renamed = {text: first.get(text, text) for text in raw.texts}
    both = {text: second.get(once, once) for text, once in renamed.items()}
    return {text: once for text, once in both.items() if text != once}


def _zeros(table: Protectable, choice: Choice) -> tuple[dict[str, str], ...]:
    """Merged cells all of whose parts are structural zeros, one by one."""
    if not table.declaration.structural_zeros:
        return ()
    grid = table.plains[0]
    inner = grid.column("structural_zero")[tuple(slice(one) for one in inner_shape(grid))]
    merged = _merged((~inner).astype(np.int64), choice) == 0
    names = [partition.names for partition in choice]
    return tuple(
        {
            one.name: labels[at]
            for one, labels, at in zip(grid.dimensions, names, place, strict=True)
        }
        for place in np.argwhere(merged)
    )
