"""The cells that have rows, numbered, and the cell of each in every coarser set of keys."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from output_checks.errors import UnusableTableError
from output_checks.evidence.columns import CELL
from output_checks.evidence.question import Question
from output_checks.evidence.sizes import collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one set of keys.

    labels: its keys and CELL, in the order of the keys. of_finest: CELL of each finest cell.
    """

    labels: pl.DataFrame
    of_finest: pl.Series

    def __len__(self) -> int:
        return self.labels.height


def cells_of(rows: pl.LazyFrame, asked: Question, most_cells: int | None) -> list[Cells]:
    """Find the cells of every set of keys.

    Raises UnusableTableError where the finest keys would make more than `most_cells` cells.
    """
    found = collected(rows.select(asked.keys).unique(), streaming=True)
    _refuse_many(found, most_cells)
    finest = found.sort(asked.keys, nulls_last=True).with_columns(
        pl.Series(CELL, np.arange(found.height, dtype=np.uint32))
    )
    return [_coarser(finest, keys) for keys in asked.keysets]


def _refuse_many(found: pl.DataFrame, most_cells: int | None) -> None:
    if most_cells is not None and found.height > most_cells:
        raise UnusableTableError(
            f"the table would have at least {found.height:,} cells, more than {most_cells:,}; use "
            "fewer or coarser dimensions (bands, groups) with derive"
        )


def _coarser(finest: pl.DataFrame, keys: tuple[str, ...]) -> Cells:
    if not keys:
        everything = pl.DataFrame({CELL: pl.Series([0] * bool(finest.height), dtype=pl.UInt32)})
        zeros = pl.Series(CELL, np.zeros(finest.height, dtype=np.uint32))
        return Cells(labels=everything, of_finest=zeros)
    if len(keys) == finest.width - 1:
        return Cells(labels=finest.select(*keys, CELL), of_finest=finest[CELL])
    labels = finest.select(keys).unique(maintain_order=True).sort(keys, nulls_last=True)
    labels = labels.with_columns(pl.Series(CELL, np.arange(labels.height, dtype=np.uint32)))
    placed = finest.select(keys).join(
        labels, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return Cells(labels=labels, of_finest=placed[CELL])
