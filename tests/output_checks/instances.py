"""Generated tables for proofs and measurements: the sums alone, or the people behind them.

Every function is given a seed; the same arguments give the same table everywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, vstack

EFFECT, NOISE = 0.4, 0.6
"""How much categories differ in size, and how much cells of equally large categories do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A table of counts or sums, all of whose cells and margins are one long list.

    relations: one row per sum, 1 for each child and -1 for its margin. values: the truth, people
    or sums. margin: cells that are sums of others. flat: at most two dimensions without
    hierarchies. people: units behind each cell (the values themselves for counts). largest: the
    largest contribution to each cell, None for counts.
    """

    name: str
    relations: csr_matrix
    values: np.ndarray
    people: np.ndarray
    margin: np.ndarray
    flat: bool
    threshold: int
    largest: np.ndarray | None = None
    second: np.ndarray | None = None

    @property
    def primary(self) -> np.ndarray:
        """Cells with at least one but fewer than `threshold` people, or one who dominates."""
        few = (self.people > 0) & (self.people < self.threshold)
        if self.largest is None or self.second is None:
            return few
        rest = self.values - self.largest - self.second
        return few | ((self.people > 0) & (rest < 0.1 * self.largest))

    @property
    def cost(self) -> np.ndarray:
        """What it costs to withhold a cell: its people and one, ten times that for a margin."""
        return np.where(self.margin, 10.0, 1.0) * (self.people + 1.0)


def two_way(
    rows: int, columns: int, *, share: float, seed: int, threshold: int = 10, zeros: float = 0.0
) -> Instance:
    """A table of counts with two dimensions, of whose inner cells about `share` are small."""
    return n_way((rows, columns), share=share, seed=seed, threshold=threshold, zeros=zeros)


def n_way(
    shape: tuple[int, ...], *, share: float, seed: int, threshold: int = 10, zeros: float = 0.0
) -> Instance:
    """A table of counts with any number of dimensions and margins at every level."""
    levels = [((length, 1) if length > 1 else (1,)) for length in shape]
    name = "x".join(str(length) for length in shape)
    return hierarchical(levels, share=share, seed=seed, threshold=threshold, zeros=zeros, name=name)


def hierarchical(
    levels: Sequence[Sequence[int]],
    *,
    share: float,
    seed: int,
    threshold: int = 10,
    zeros: float = 0.0,
    name: str = "",
) -> Instance:
    """A table of counts whose dimensions have several levels, finest first: ((120, 12, 1), …)."""
    chance = np.random.default_rng(seed)
    inner = _inner_counts(tuple(level[0] for level in levels), share, threshold, zeros, chance)
    return _with_levels(inner, levels, threshold, name or _name(levels))


def linked(
    rows: int, first: int, second: int, *, share: float, seed: int, threshold: int = 10
) -> Instance:
    """Two tables of counts of the same people that share their rows' margin, as one list of cells.

    rows x first and rows x second: the totals of the rows are the same cells in both.
    """
    chance = np.random.default_rng(seed)
    here = _inner_counts((rows, first), share, threshold, 0.0, chance)
    weights = _inner_counts((rows, second), share, threshold, 0.0, chance) + 1e-3
    chances = weights / weights.sum(axis=1, keepdims=True)
    there = chance.multinomial(here.sum(axis=1), chances)
    one = _with_levels(here, ((rows, 1), (first, 1)), threshold, "")
    two = _with_levels(there, ((rows, 1), (second, 1)), threshold, "")
    return join(one, two, _last_of_each(rows + 1, first + 1), _last_of_each(rows + 1, second + 1))


def join(one: Instance, two: Instance, in_one: np.ndarray, in_two: np.ndarray) -> Instance:
    """Two tables together, in which some cells of the first are the same as some of the second."""
    place = np.full(len(two.values), -1)
    place[in_two] = in_one
    new = np.flatnonzero(place < 0)
    place[new] = len(one.values) + np.arange(len(new))
    size = len(one.values) + len(new)
    other = two.relations.tocoo()
    moved = csr_matrix((other.data, (other.row, place[other.col])), shape=(other.shape[0], size))
    wider = csr_matrix(
        (one.relations.data, one.relations.indices, one.relations.indptr),
        shape=(one.relations.shape[0], size),
    )
    return Instance(
        name=f"{one.name}+{two.name}" if one.name else f"linked {size}",
        relations=csr_matrix(vstack([wider, moved])),
        values=np.concatenate([one.values, two.values[new]]),
        people=np.concatenate([one.people, two.people[new]]),
        margin=np.concatenate([one.margin, two.margin[new]]),
        flat=False,
        threshold=one.threshold,
    )


def sums(
    levels: Sequence[Sequence[int]],
    *,
    share: float,
    seed: int,
    threshold: int = 10,
) -> Instance:
    """A table of sums of a skewed variable (turnover), with what dominance looks at.

    Primary cells: too few contributors, or all but the two largest are less than 10 % of the
    largest (the p % rule).
    """
    chance = np.random.default_rng(seed)
    shape = tuple(level[0] for level in levels)
    inner = _inner_counts(shape, share, threshold, 0.02, chance)
    cells = [np.sort(chance.lognormal(3.0, 1.2, count))[::-1] for count in inner.reshape(-1)]
    # A margin's largest contribution is the largest of its cells', its second one likewise.
    top = np.array([(*one[:2], 0.0, 0.0)[:2] for one in cells])
    total = np.array([round(one.sum(), 2) for one in cells])
    base = _with_levels(inner, levels, threshold, "sums " + _name(levels))
    largest, second = _largest(top.reshape(*shape, 2), levels)
    return Instance(
        name=base.name,
        relations=base.relations,
        values=_add_up(total.reshape(shape), levels).reshape(-1),
        people=base.people,
        margin=base.margin,
        flat=base.flat,
        threshold=threshold,
        largest=largest,
        second=second,
    )


def people(levels: Sequence[Sequence[int]], *, share: float, seed: int) -> pl.DataFrame:
    """The people behind a table: `id`, a column per dimension (`a`, `b`, …) and level, and `x`.

    Column `a` holds the finest codes of the first dimension, `a1` the next coarser ones, and so
    on. Labels are such that a parent's text is the beginning of nothing: "a03", "a1.0".
    """
    chance = np.random.default_rng(seed)
    inner = _inner_counts(tuple(level[0] for level in levels), share, 10, 0.0, chance)
    places = np.repeat(np.argwhere(inner >= 0), inner.reshape(-1), axis=0)
    columns: dict[str, object] = {"id": np.arange(len(places))}
    for axis, level in enumerate(levels):
        letter = "abcdefgh"[axis]
        codes = places[:, axis]
        columns[letter] = [f"{letter}{code:03d}" for code in codes]
        for depth, parents in enumerate(level[1:-1], start=1):
            columns[f"{letter}{depth}"] = [
                f"{letter}{depth}.{code * parents // level[0]}" for code in codes
            ]
    columns["x"] = np.round(chance.lognormal(3.0, 1.2, len(places)), 2)
    return pl.DataFrame(columns)


def _inner_counts(
    shape: tuple[int, ...],
    share: float,
    threshold: int,
    zeros: float,
    chance: np.random.Generator,
) -> np.ndarray:
    """Counts of which about `share` are below the threshold; small ones are often in one line."""
    sizes = chance.normal(0.0, NOISE, shape)
    for axis, length in enumerate(shape):
        along = [-1 if other == axis else 1 for other in range(len(shape))]
        sizes = sizes + chance.normal(0.0, EFFECT, length).reshape(along)
    counts = chance.poisson(threshold * np.exp(sizes - np.quantile(sizes, share)))
    return np.where(chance.random(shape) < zeros, 0, counts)


def _name(levels: Sequence[Sequence[int]]) -> str:
    return " x ".join("/".join(str(length) for length in level) for level in levels)


def _with_levels(
    inner: np.ndarray, levels: Sequence[Sequence[int]], threshold: int, name: str
) -> Instance:
    whole = _add_up(inner, levels)
    finest = np.zeros(whole.shape, dtype=bool)
    finest[tuple(slice(0, level[0]) for level in levels)] = True
    values = whole.reshape(-1).astype(float)
    return Instance(
        name=name,
        relations=_relations(levels),
        values=values,
        people=values,
        margin=~finest.reshape(-1),
        flat=len(levels) <= 2 and all(len(level) <= 2 for level in levels),
        threshold=threshold,
    )


def _add_up(inner: np.ndarray, levels: Sequence[Sequence[int]]) -> np.ndarray:
    for axis, level in enumerate(levels):
        parts = [inner]
        for fine, coarse in pairwise(level):
            starts = -(-np.arange(coarse) * fine // coarse)
            parts.append(np.add.reduceat(parts[-1], starts, axis=axis))
        inner = np.concatenate(parts, axis=axis)
    return inner


def _relations(levels: Sequence[Sequence[int]]) -> csr_matrix:
    shape = tuple(sum(level) for level in levels)
    numbers = np.arange(np.prod(shape)).reshape(shape)
    rows: list[np.ndarray] = []
    for axis, level in enumerate(levels):
        lines = np.moveaxis(numbers, axis, 0).reshape(shape[axis], -1)
        for children, parent in _families(level):
            rows.extend(
                np.append(lines[children, i], lines[parent, i]) for i in range(lines.shape[1])
            )
    signs = [np.append(np.ones(len(row) - 1), -1.0) for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(int)
    return csr_matrix(
        (np.concatenate(signs), np.concatenate(rows), starts), shape=(len(rows), numbers.size)
    )


def _families(level: Sequence[int]) -> Iterator[tuple[np.ndarray, int]]:
    start = 0
    for fine, coarse in pairwise(level):
        parents = np.arange(fine) * coarse // fine
        for parent in range(coarse):
            yield start + np.flatnonzero(parents == parent), start + fine + parent
        start += fine


def _largest(top: np.ndarray, levels: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    for axis, level in enumerate(levels):
        parts = [top]
        for fine, coarse in pairwise(level):
            parents = np.arange(fine) * coarse // fine
            groups = [
                parts[-1].take(np.flatnonzero(parents == p), axis=axis) for p in range(coarse)
            ]
            parts.append(np.stack([_two_largest(group, axis) for group in groups], axis=axis))
        top = np.concatenate(parts, axis=axis)
    return top[..., 0].reshape(-1), top[..., 1].reshape(-1)


def _two_largest(group: np.ndarray, axis: int) -> np.ndarray:
    both = np.concatenate([group[..., 0], group[..., 1]], axis=axis)
    ordered = np.sort(both, axis=axis)
    return np.stack([ordered.take(-1, axis=axis), ordered.take(-2, axis=axis)], axis=-1)


def _last_of_each(rows: int, length: int) -> np.ndarray:
    return np.arange(rows) * length + length - 1
