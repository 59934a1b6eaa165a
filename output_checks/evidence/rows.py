"""The rows by cell number, a part of the units at a time, so that they fit into memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from output_checks.evidence.cells import Cells
from output_checks.evidence.columns import CELL, UNIT
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import collected

_FIRST_ROWS = 20_000
_ROWS_AT_ONCE = 15_000_000
"""Of about 150 bytes each while they are counted, hash tables included: 2 GiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows with CELL in place of the keys. parts: in how many parts they are read."""

    lean: pl.LazyFrame
    asked: Question
    finest: Cells
    parts: int
    height: int
    held: pl.DataFrame | None = None

    def each(self) -> Iterator[pl.DataFrame]:
        """Every part in turn; no unit is in two of them. Reads the data again for each."""
        if self.held is not None:
            yield self.held
            return
        for part in self._split():
            yield collected(_coded(part, self.asked, self.finest), streaming=True)

    def of(self, *columns: str) -> pl.DataFrame:
        """Some columns of all rows at once."""
        if self.held is not None:
            return self.held.select(CELL, *columns)
        coded = _coded(self.lean, self.asked, self.finest)
        return collected(coded.select(CELL, *columns), streaming=True)

    def _split(self) -> list[pl.LazyFrame]:
        if self.asked.unit is None:
            size = -(-self.height // self.parts)
            return [self.lean.slice(start, size) for start in range(0, self.height, size)]
        number = pl.col(UNIT).hash() % self.parts
        return [self.lean.filter(number == part) for part in range(self.parts)]


def rows_of(
    lean: pl.LazyFrame, asked: Question, finest: Cells, height: int, parts: int | None
) -> Rows:
    """Number rows by cell, and hold them if one part is enough."""
    parts = parts or -(-height // _ROWS_AT_ONCE)
    held = collected(_coded(lean, asked, finest), streaming=True) if parts <= 1 else None
    return Rows(lean=lean, asked=asked, finest=finest, parts=parts, height=height, held=held)


def _coded(rows: pl.LazyFrame, asked: Question, finest: Cells) -> pl.LazyFrame:
    keys = list(asked.keys)
    columns = [name for name in rows.collect_schema().names() if name not in keys]
    placed = rows.join(finest.labels.lazy(), on=keys, how="left", nulls_equal=True)
    return placed.select(CELL, *columns)


def is_row_by_row(rows: pl.DataFrame) -> bool:
    """Whether every row is a unit of its own."""
    if UNIT not in rows.columns:
        return True
    if rows[UNIT].head(_FIRST_ROWS).n_unique() < min(rows.height, _FIRST_ROWS):
        return False
    return rows[UNIT].n_unique() == rows.height


def moved(rows: pl.LazyFrame, cells: Cells) -> pl.LazyFrame:
    """Rows of the finest cells as rows of coarser ones."""
    return rows.with_columns(pl.lit(cells.of_finest).gather(pl.col(CELL)).alias(CELL))
