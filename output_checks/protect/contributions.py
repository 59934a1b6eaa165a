"""Who is in which cell, person by person: for protections that evidence of cells is not enough."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from polars.exceptions import PolarsError
from scipy.sparse import csr_matrix

from output_checks.axes import with_axes
from output_checks.errors import UnknownColumnError, UnreadableDataError, unknown
from output_checks.expressions import prepare
from output_checks.grid import Dimension, Grid
from output_checks.protect.subject import Subject

PERSON = "person of this row"
PLACE = "inner cell of this row"


def people(subject: Subject, asked: Sequence[pl.Expr], columns: Sequence[str] = ()) -> pl.DataFrame:
    """One row for each person in each inner cell, with what is `asked` of their records there.

    asked: aggregations of the table's columns. columns: those that must be there for it.
    Without a unit each row is a person, numbered. PLACE is the cell's number among inner cells,
    in the order of the grid, and who is in none of them is left out; PERSON is the unit as a text,
    the same for the same number whatever its type.
    Raises UnknownColumnError, UnreadableDataError.
    """
    declaration, grid = subject.declaration, subject.grids[0]
    prepared = prepare(
        subject.source.frame,
        where=declaration.where,
        derive=declaration.derive.items(),
        protected=declaration.unit,
    )
    known = prepared.collect_schema()
    for name in columns:
        if name not in known:
            raise UnknownColumnError(unknown("column", name, known))
    ready, _ = with_axes(prepared, declaration, are_known=True)
    if declaration.unit is None:
        ready = ready.with_row_index(PERSON)
    else:
        unit = _normal(pl.col(declaration.unit), known[declaration.unit])
        ready = ready.with_columns(unit.alias(PERSON))
    names = [one.name for one in grid.dimensions]
    try:
        found = ready.group_by([*names, PERSON]).agg(asked).collect()
    except (PolarsError, OSError) as error:
        message = f"the data cannot be read: {str(error).splitlines()[0]}"
        raise UnreadableDataError(message) from error
    return _placed(found, grid.dimensions).with_columns(pl.col(PERSON).cast(pl.String))


def _normal(unit: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A number as its text, 7.0 and a decimal 7.00 as 7."""
    if not (kind.is_float() or kind.is_decimal()):
        return unit
    text = unit.cast(pl.String)
    return (
        pl.when(unit == unit.cast(pl.Int64, strict=False))
        .then(unit.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(text)
    )


def inner_shape(grid: Grid) -> tuple[int, ...]:
    """Categories along each dimension, without groups and totals."""
    return tuple(len(one.labels) for one in grid.dimensions)


def added_up(inner: np.ndarray, grid: Grid) -> np.ndarray:
    """Whole numbers of the inner cells with their groups' and totals' sums, in the grid's shape."""
    values = inner.reshape(inner_shape(grid))
    for axis, one in enumerate(grid.dimensions):
        covers = covering(one, margins=grid.margins)
        first = np.moveaxis(values, axis, 0)
        flat = covers @ first.reshape(first.shape[0], -1)
        values = np.moveaxis(flat.reshape(covers.shape[0], *first.shape[1:]), 0, axis)
    return values


def covering(one: Dimension, *, margins: bool) -> csr_matrix:
    """Which categories (columns) each position of an axis (rows) contains."""
    count = len(one.labels)
    rows = np.zeros((len(one.texts) + margins, count), dtype=np.int64)
    rows[:count] = np.eye(count, dtype=np.int64)
    for at, group in enumerate(one.groups):
        rows[count + at] = rows[list(group.members)].sum(axis=0)
    if margins:
        rows[-1] = 1
    return csr_matrix(rows)


def in_every_cell(found: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """The people of inner cells in every cell that contains those, each person once a cell.

    Adds the column `cell`, a cell's number in the grid.
    """
    places = np.unravel_index(found[PLACE].to_numpy(), inner_shape(grid))
    spread = found.with_columns(
        pl.lit(0, dtype=pl.Int64).alias("cell"),
        *(pl.Series(f"at {axis}", at, dtype=pl.Int64) for axis, at in enumerate(places)),
    )
    for axis, one in enumerate(grid.dimensions):
        covers = covering(one, margins=grid.margins).tocoo()
        inside = pl.DataFrame({f"at {axis}": covers.col, "to": covers.row}).cast(pl.Int64)
        spread = (
            spread.join(inside, on=f"at {axis}", how="left")
            .with_columns(pl.col("cell") * grid.shape[axis] + pl.col("to"))
            .drop("to", f"at {axis}")
        )
    return spread.unique(["cell", PERSON], keep="any")


def _placed(found: pl.DataFrame, dimensions: Sequence[Dimension]) -> pl.DataFrame:
    place = pl.lit(0, dtype=pl.Int64)
    codes = []
    for axis, one in enumerate(dimensions):
        code = f"code of dimension {axis}"
        labels = pl.Series(one.name, one.labels, dtype=found.schema[one.name])
        known = pl.DataFrame({one.name: labels, code: np.arange(len(labels), dtype=np.int64)})
        found = found.join(known, on=one.name, how="left", nulls_equal=True)
        place = place * len(labels) + pl.col(code)
        codes.append(code)
    placed = found.with_columns(place.alias(PLACE)).filter(pl.col(PLACE).is_not_null())
    return placed.drop(*codes, *[one.name for one in dimensions])
