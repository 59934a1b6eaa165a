"""A released table as data and as CSV."""

from collections.abc import Sequence

import polars as pl

from output_checks.csv_labels import marked_texts
from output_checks.errors import UnusableTableError
from output_checks.grid import Grid


def released_frame(grids: Sequence[Grid]) -> pl.DataFrame:
    """Exactly what would leave: dimensions, and `value` or a column for each statistic."""
    first = grids[0]
    names = ["value"] if len(grids) == 1 else [grid.statistic for grid in grids]
    values = [grid.frame["value"].alias(name) for grid, name in zip(grids, names, strict=True)]
    return first.frame.select(one.name for one in first.dimensions).with_columns(values)


def csv_text(released: pl.DataFrame) -> str:
    """Dimensions and `value`, quoted where needed; an empty value is withheld (or nobody's).

    Before a text that a spreadsheet would run as a formula (=1+2) there is an apostrophe.
    Raises UnusableTableError for a label with a NUL, which no reader of a CSV takes.
    """
    written = marked_texts(released).write_csv(float_precision=None)
    if "\0" in written:
        raise UnusableTableError(
            "a label holds a NUL character, which a CSV cannot hold; replace it with derive"
        )
    return written
