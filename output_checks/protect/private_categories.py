"""Categories of all the data in a noisy table, whoever was chosen: which occur tells of people.

Without this a table of a single person (chosen by where) would show what they are by the only
category it has, and one of nobody would be refused, both at no cost.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import polars as pl

from output_checks.errors import EmptyTableError
from output_checks.grid import PLACED, Grid
from output_checks.protect.private_where import refuse_failing
from output_checks.statistics import Kind

_THERE = "this cell is there"
_ADDITIVE = frozenset({Kind.COUNT, Kind.SUM})


def table_or_nobody(data: Any, where: str | None, **question: Any) -> Any:
    """A table of the people that `where` chooses; of zeros where it chooses nobody.

    Raises what `Data.table` raises, EmptyTableError only where the data are empty anyway, and
    DeclarationError for a `where` that may fail for some people only.
    """
    refuse_failing(where)
    try:
        return data.table(**question, where=where)
    except EmptyTableError:
        if not where:
            raise
    whole = data.table(**question)
    grids = tuple(_without_people(grid) for grid in whole.plains)
    declaration = replace(whole.declaration, where=where)
    return replace(whole, declaration=declaration, plains=grids, grids=grids)


def with_every_category(table: Any) -> Any:
    """The unprotected table with the categories that the data have without its `where`.

    Whether people are in several cells is that of the data, too.
    """
    declaration, plains = table.declaration, table.plains
    if not declaration.where:
        return table
    everybody = replace(
        declaration,
        where="",
        statistic="count",
        of=None,
        per=None,
        weight=None,
        within=None,
        times=1,
        structural_zeros=(),
        protection=None,
    )
    whole = table.source.declared(everybody, policy=table.policy).plains[0]
    if all(
        set(one.texts) <= set(own.texts)
        for one, own in zip(whole.dimensions, plains[0].dimensions, strict=True)
    ):
        if plains[0].overlaps == whole.overlaps:
            return table
        grids = tuple(replace(grid, overlaps=whole.overlaps) for grid in plains)
        return replace(table, plains=grids, grids=grids)
    grids = tuple(_widened(grid, whole) for grid in plains)
    return replace(table, plains=grids, grids=grids)


def _widened(grid: Grid, whole: Grid) -> Grid:
    names = [one.name for one in grid.dimensions]
    cells = whole.frame.select(*names, pl.col("margin").alias("is a margin"))
    found = grid.frame.with_columns(pl.lit(value=True).alias(_THERE))
    joined = cells.join(found, on=names, how="left", maintain_order="left")
    nobody = pl.col(_THERE).is_null()
    frame = joined.with_columns(
        pl.when(nobody).then(zero).otherwise(pl.col(name)).alias(name)
        for name, zero in _zeros(grid, grid.frame.columns)
    ).with_columns(pl.col("is a margin").alias("margin"))
    dimensions = tuple(
        replace(one, is_chosen=own.is_chosen)
        for one, own in zip(whole.dimensions, grid.dimensions, strict=True)
    )
    return replace(
        grid,
        dimensions=dimensions,
        frame=frame.select(grid.frame.columns),
        overlaps=whole.overlaps,
    )


def _without_people(grid: Grid) -> Grid:
    zeros = [zero.alias(name) for name, zero in _zeros(grid, grid.frame.columns)]
    return replace(grid, frame=grid.frame.with_columns(zeros))


def _zeros(grid: Grid, columns: Iterable[str]) -> Iterable[tuple[str, pl.Expr]]:
    """What a cell without people has in each column of evidence."""
    dimensions = {one.name for one in grid.dimensions}
    for name in columns:
        dtype = grid.frame.schema[name]
        if name in {"value", "exact"}:
            zero = pl.lit(0 if grid.kind in _ADDITIVE else None)
            yield name, zero.cast(dtype)
        elif name in {"structural_zero", "withheld"}:
            yield name, pl.lit(value=False)
        elif name == "withheld_as":
            yield name, pl.lit("")
        elif name not in PLACED | dimensions and grid.frame[name].null_count() < grid.size:
            yield name, pl.lit(0).cast(dtype)
