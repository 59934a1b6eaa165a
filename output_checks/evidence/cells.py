"""The cells that rows are in, numbered, and the cell of each in every coarser set of keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import polars as pl

from output_checks.errors import UnusableTableError
from output_checks.evidence.columns import CELL
from output_checks.evidence.labels import Place, place_of
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import collected

_MOST_PLACES = 1 << 18
_A_FEW = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one set of keys.

    labels: its keys and CELL, in the order of the keys; some may have no rows. of_finest: CELL by
    the CELL of the finest keys.
    """

    labels: pl.DataFrame
    of_finest: np.ndarray

    def __len__(self) -> int:
        return self.labels.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """How rows get their number among the finest cells: by a place per key, or by looking up.

    places: none where cells must be looked up.
    """

    keys: tuple[str, ...]
    places: tuple[Place, ...]
    finest: pl.DataFrame

    def coded(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with CELL in place of the keys."""
        others = [name for name in rows.collect_schema().names() if name not in self.keys]
        if self.places:
            cell = pl.lit(0, dtype=pl.UInt32)
            for place in self.places:
                cell = cell * place.count + place.number
            return rows.select(cell.alias(CELL), *others)
        keys = list(self.keys)
        placed = rows.join(self.finest.lazy(), on=keys, how="left", nulls_equal=True)
        return placed.select(CELL, *others)


def numbered(
    rows: pl.LazyFrame, asked: Question, most_cells: int | None
) -> tuple[Numbering, list[Cells]]:
    """Number the cells of every set of keys.

    Raises UnusableTableError where there would be more than `most_cells`.
    """
    keys = asked.keys
    labels = _labels(rows, keys)
    _refuse_many(max(map(len, labels), default=1), most_cells)
    places: list[Place | None] = [None]
    if prod(map(len, labels)) <= _MOST_PLACES:
        places = [place_of(one) for one in labels]
    known = tuple(one for one in places if one is not None)
    if len(known) == len(keys):
        every = _complete(labels, asked)
        return Numbering(keys=keys, places=known, finest=every[0].labels), every
    (finest,) = collected(rows.select(keys).unique())
    _refuse_many(finest.height, most_cells)
    finest = _in_order(finest)
    every = [_coarser(finest, one) for one in asked.keysets]
    return Numbering(keys=keys, places=(), finest=finest), every


def _labels(rows: pl.LazyFrame, keys: Sequence[str]) -> list[pl.Series]:
    """All labels of each key in order: those of the first rows, and what else is looked for."""
    first = collected(*[rows.head(_A_FEW).select(name).unique() for name in keys])
    known = [one.to_series() for one in first]
    others = collected(*[_others(rows.select(one.name), one) for one in known])
    return [
        pl.concat([one, other.to_series()]).sort(nulls_last=True)
        for one, other in zip(known, others, strict=True)
    ]


def _others(rows: pl.LazyFrame, known: pl.Series) -> pl.LazyFrame:
    """The labels that are none of those known."""
    place = place_of(known)
    if place is None:
        return rows.unique().filter(~pl.first().is_in(known.implode(), nulls_equal=True))
    return rows.filter(place.label.ne_missing(pl.first())).unique()


def _refuse_many(found: int, most_cells: int | None) -> None:
    if most_cells is not None and found > most_cells:
        raise UnusableTableError(
            f"the table would have at least {found:,} cells, more than {most_cells:,}; use "
            "fewer or coarser dimensions (bands, groups) with derive"
        )


def _complete(labels: Sequence[pl.Series], asked: Question) -> list[Cells]:
    """Every combination of labels, in order, for every set of keys."""
    shape = [len(one) for one in labels]
    where = np.unravel_index(np.arange(prod(shape)), shape) if shape else ()
    found = []
    for keys in asked.keysets:
        axes = [asked.keys.index(name) for name in keys]
        lengths = [shape[axis] for axis in axes]
        count = prod(lengths) if prod(shape) else 0
        numbers = np.zeros(prod(shape), dtype=np.intp)
        for axis in axes:
            numbers = numbers * shape[axis] + where[axis]
        places = np.unravel_index(np.arange(count), lengths) if axes and count else [[]] * len(axes)
        columns = [labels[axis].gather(at) for axis, at in zip(axes, places, strict=True)]
        found.append(Cells(labels=pl.DataFrame([*columns, _numbers(count)]), of_finest=numbers))
    return found


def _in_order(labels: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in labels.columns if name != CELL]
    return labels.sort(keys, nulls_last=True).with_columns(_numbers(labels.height))


def _numbers(count: int) -> pl.Series:
    return pl.Series(CELL, np.arange(count, dtype=np.uint32))


def _coarser(finest: pl.DataFrame, keys: tuple[str, ...]) -> Cells:
    if not keys:
        return Cells(
            labels=finest.head(1).select(CELL), of_finest=np.zeros(finest.height, dtype=np.intp)
        )
    labels, numbers = finest, finest[CELL]
    if len(keys) < finest.width - 1:
        labels = _in_order(finest.select(keys).unique())
        numbers = finest.select(keys).join(
            labels, on=keys, how="left", nulls_equal=True, maintain_order="left"
        )[CELL]
    return Cells(labels=labels, of_finest=numbers.to_numpy().astype(np.intp))
