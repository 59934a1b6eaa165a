"""The rows by cell number, a part of the units at a time, so that they fit into memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells, Numbering
from output_checks.evidence.columns import CELL, UNIT
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import collected
from output_checks.evidence.units import by_unit

_ROWS_AT_ONCE = 15_000_000
"""Of some 100 bytes each while they are put in order: 1.5 GB."""
_ROWS_IN_A_SLICE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows with CELL in place of the keys. parts: in how many parts they are read."""

    lean: pl.LazyFrame
    asked: Question
    numbering: Numbering
    parts: int
    height: int
    held: pl.DataFrame | None = None

    def each(self) -> Iterator[pl.DataFrame]:
        """Every part in the order of units, which no two parts share; no UNIT if each row is one.

        Reads the data again for each.
        """
        if self.held is not None:
            yield self.held
            return
        for part in self._split():
            yield by_unit(collected(self.numbering.coded(part))[0])

    def of(self, *columns: str) -> pl.DataFrame:
        """Some columns of all rows at once."""
        if self.held is not None:
            return self.held.select(CELL, *columns)
        coded = self.numbering.coded(self.lean).select(CELL, *columns)
        return collected(coded)[0]

    def _split(self) -> list[pl.LazyFrame]:
        if self.asked.unit is None:
            size = -(-self.height // self.parts)
            return [self.lean.slice(start, size) for start in range(0, self.height, size)]
        number = pl.col(UNIT).hash(seed=1) % self.parts
        return [self.lean.filter(number == part) for part in range(self.parts)]


def rows_of(
    lean: pl.LazyFrame, asked: Question, numbering: Numbering, height: int, parts: int | None
) -> Rows:
    """Number rows by cell, and hold them if one part is enough."""
    parts = parts or -(-height // _ROWS_AT_ONCE)
    held = None
    if parts <= 1:
        held = by_unit(collected(numbering.coded(lean))[0])
    return Rows(lean=lean, asked=asked, numbering=numbering, parts=parts, height=height, held=held)


def slices_of(part: pl.DataFrame, cells: int) -> list[pl.DataFrame]:
    """Pieces of a part that fit into a processor's cache, as far as units are not cut."""
    size = max(_ROWS_IN_A_SLICE, cells)
    cuts = np.arange(size, part.height, size)
    if UNIT in part.columns:
        units = part[UNIT].to_numpy()
        cuts = np.unique(np.searchsorted(units, units[cuts]))
    bounds = [0, *cuts.tolist(), part.height]
    return [part[start:end] for start, end in pairwise(bounds) if end > start]


def moved(rows: pl.LazyFrame, cells: Cells) -> pl.LazyFrame:
    """Rows of the finest cells as rows of coarser ones."""
    return rows.with_columns(
        pl.lit(pl.Series(cells.of_finest.astype(np.uint32))).gather(pl.col(CELL)).alias(CELL)
    )
