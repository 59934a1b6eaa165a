"""The rows by cell number, a part of the units at a time, so that they fit into memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from output_checks.evidence.cells import Cells, Numbering
from output_checks.evidence.columns import CELL, NUMBER, PER, UNIT, WEIGHT
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import collected
from output_checks.evidence.units import Array, Order, in_order

_ROWS_AT_ONCE = 10_000_000
"""Of some 50 bytes each while they are put in order: 500 MB."""
_ROWS_IN_A_PIECE = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some units with all their records.

    rows: without UNIT, in the order of the data. order: by unit and cell; None if each row is a
    unit. columns: CELL, NUMBER, PER and WEIGHT as far as they are there, 0 where missing. known:
    where NUMBER, PER and LABEL are not missing, of those that are somewhere.
    """

    rows: pl.DataFrame
    order: Order | None
    columns: Mapping[str, Array]
    known: Mapping[str, Array]

    def pieces(self, cells: int) -> list[tuple[int, int]]:
        """Where pieces that fit into a processor's cache start and end; no unit is cut."""
        size, height = max(_ROWS_IN_A_PIECE, cells), self.rows.height
        cuts = np.arange(size, height, size)
        if self.order is not None:
            cuts = np.unique(self.order.starts(cuts))
        bounds = [0, *cuts.tolist(), height]
        return [(start, end) for start, end in pairwise(bounds) if end > start]

    def by_unit(self) -> pl.DataFrame:
        """The rows in the order of UNIT, which is a number; without it if each is a unit."""
        if self.order is None:
            return self.rows
        units, cells, places = self.order.piece(0, self.rows.height)
        if places is None:
            return pl.DataFrame({CELL: cells.astype(np.uint32), UNIT: units})
        return self.rows[places.astype(np.uint32)].with_columns(pl.Series(UNIT, units))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows with CELL in place of the keys. parts: in how many parts they are read."""

    lean: pl.LazyFrame
    asked: Question
    numbering: Numbering
    parts: int
    height: int
    held: Part | None = None

    def each(self) -> Iterator[Part]:
        """Every part; no two share a unit. Reads the data again for each."""
        if self.held is not None:
            yield self.held
            return
        for some in self._split():
            yield _part(some, self.numbering)

    def of(self, *columns: str) -> pl.DataFrame:
        """Some columns of all rows at once."""
        if self.held is not None:
            return self.held.rows.select(CELL, *columns)
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
    held = _part(lean, numbering) if parts <= 1 else None
    return Rows(lean=lean, asked=asked, numbering=numbering, parts=parts, height=height, held=held)


def _part(lean: pl.LazyFrame, numbering: Numbering) -> Part:
    (rows,) = collected(numbering.coded(lean))
    order = None
    if UNIT in rows.columns:
        units = rows.drop_in_place(UNIT)
        count = numbering.finest.height
        order = in_order(units, rows[CELL], count, with_places=rows.width > 1)
    rows = rows.rechunk()
    numbers = [name for name in (CELL, NUMBER, PER, WEIGHT) if name in rows.columns]
    missing = [name for name in rows.columns if rows[name].null_count()]
    return Part(
        rows=rows,
        order=order,
        columns={
            name: (rows[name].fill_null(0) if name in missing else rows[name]).to_numpy()
            for name in numbers
        },
        known={name: rows[name].is_not_null().to_numpy() for name in missing},
    )


def moved(rows: pl.LazyFrame, cells: Cells) -> pl.LazyFrame:
    """Rows of the finest cells as rows of coarser ones."""
    return rows.with_columns(
        pl.lit(pl.Series(cells.of_finest.astype(np.uint32))).gather(pl.col(CELL)).alias(CELL)
    )
