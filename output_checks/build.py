"""Build a table's grids of cells from a declaration and the data it names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import polars as pl

from output_checks.asked import asked_of
from output_checks.axes import coarser_columns, dimension, keysets, with_axes
from output_checks.choosing import chooses
from output_checks.declaration import Declaration
from output_checks.domain import Domain, within
from output_checks.errors import EmptyTableError, UnknownColumnError, UnusableTableError, unknown
from output_checks.evidence import gather
from output_checks.evidence.columns import OF_RARE_VALUES
from output_checks.expressions import prepare
from output_checks.grid import COLUMNS, Dimension, Grid
from output_checks.placing import OF_THOSE_WITH_A_VALUE, assembled
from output_checks.statistics import SCALED, STATISTICS, Kind, Statistic
from output_checks.too_large import refuse_too_large
from output_checks.words import label_text


def build_grids(
    declaration: Declaration, frame: pl.LazyFrame, domain: Domain | None = None
) -> tuple[Grid, ...]:
    """Make every cell that the declaration asks for, with its evidence, unprotected.

    domain: the categories of each dimension, known without the data, which may then be without
    rows or have people in structural zeros; people of other categories are left out.
    Returns a grid for every statistic, all with the same cells.
    Raises EmptyTableError where no row (or no value) is left, UnknownColumnError,
    DeclarationError, UnusableTableError, UnreadableDataError.
    """
    prepared = prepare(
        frame,
        where=declaration.where,
        derive=declaration.derive.items(),
        protected=declaration.unit,
    )
    statistics = asked_of(declaration, prepared.collect_schema())
    # Of people whom a private table chooses nothing is said: they are left out.
    where = declaration.where if domain is None else ""
    refuse_too_large(frame, where=where, derive=declaration.derive.items())
    needed = _needed(prepared, declaration)
    ready, axes = with_axes(needed, declaration, are_known=domain is not None)
    if domain is not None:
        ready, axes = within(ready, axes, domain)
    sets = keysets(axes, margins=declaration.margins)
    frames, overlaps = gather(
        ready,
        keysets=sets,
        unit=declaration.unit,
        of=_unmerged(declaration.of, declaration),
        per=_unmerged(declaration.per, declaration),
        weight=_unmerged(declaration.weight, declaration),
        statistics=_gathered(declaration, statistics),
    )
    if domain is None:
        _refuse_empty(frames[0], declaration)
    dimensions = tuple(
        _chosen(dimension(axis, frames[0][axis.name]), declaration, frame) for axis in axes
    )
    cells = assembled(dimensions, axes, frames, margins=declaration.margins)
    grids = [_grid(declaration, dimensions, cells, one, overlaps=overlaps) for one in statistics]
    zeros = _structural(grids[0], declaration.structural_zeros, are_known=domain is not None)
    return tuple(one.with_columns(structural_zero=zeros) for one in grids)


def _chosen(one: Dimension, declaration: Declaration, frame: pl.LazyFrame) -> Dimension:
    """A dimension that knows whether its only category was asked for.

    An only dimension of data from which nobody was chosen says what these data are about.
    """
    if one.is_chosen or len(one.labels) != 1:
        return one
    if not declaration.where and len(declaration.dimensions) == 1:
        return replace(one, is_chosen=True)
    schema = frame.collect_schema()
    asked = (declaration.where, one.name, one.labels[0], declaration.derive)
    return replace(one, is_chosen=chooses(*asked, schema))


def _needed(frame: pl.LazyFrame, declaration: Declaration) -> pl.LazyFrame:
    """Without columns that are not asked for, whatever they are called.

    A variable that is also a dimension keeps its values where the dimension's labels are merged.
    """
    one_each = (declaration.unit, declaration.of, declaration.per, declaration.weight)
    named: set[str] = {
        *declaration.dimensions,
        *coarser_columns(declaration),
        *filter(None, one_each),
    }
    variables = [one for one in dict.fromkeys(filter(None, one_each)) if one in declaration.merges]
    return frame.select(
        *(name for name in frame.collect_schema().names() if name in named),
        *(pl.col(one).alias(str(_unmerged(one, declaration))) for one in variables),
    )


def _unmerged(name: str | None, declaration: Declaration) -> str | None:
    """The column of a variable's own values."""
    return f"{name} before merging" if name in declaration.merges else name


def _gathered(declaration: Declaration, statistics: Sequence[Statistic]) -> list[Statistic]:
    """What must be worked out of the data; sums also stand behind means and spreads."""
    has_sums = any(one.adds_contributions or one.kind is Kind.SPREAD for one in statistics)
    wanted = [one for one in statistics if one.kind is not Kind.PROPORTION or declaration.of]
    return wanted + [STATISTICS["sum"]] * (has_sums and STATISTICS["sum"] not in wanted)


def _refuse_empty(cells: pl.DataFrame, declaration: Declaration) -> None:
    if cells.is_empty():
        reason = f" after where={declaration.where!r}" if declaration.where else ""
        raise EmptyTableError(f"the table is empty: the data have no rows{reason}")
    if declaration.of and not cells["records_with_value"].sum():
        raise EmptyTableError(f'the table is empty: "{declaration.of}" is missing in every row')


def _grid(
    declaration: Declaration,
    dimensions: tuple[Dimension, ...],
    cells: pl.DataFrame,
    asked: Statistic,
    *,
    overlaps: bool,
) -> Grid:
    """One statistic's cells: its value, and the evidence that is about it."""
    own = {"value of sum": "sum"} | {
        f"{name} of {asked.name}": name
        for name in (
            *("units_at", "units_at_or_below", "units_at_or_above", "units_in_mode"),
            *("records_around", "most_records_around", "second_most_records_around"),
            *OF_RARE_VALUES,
        )
    }
    if declaration.of is None:
        cells = cells.with_columns(units_with_value="units")
    if asked.kind not in SCALED and declaration.per is not None:
        cells = cells.drop("numerator_units", "denominator_units")  # those of the ratio beside it
    if asked.kind is Kind.PROPORTION and declaration.of is None:
        cells = _shares_within(cells, dimensions, declaration)
    if declaration.weight and declaration.of and asked.kind is not Kind.COUNT:
        cells = cells.with_columns(**OF_THOSE_WITH_A_VALUE)
    value = pl.col(_value_column(asked, declaration))
    if asked.kind in SCALED:
        value = value * declaration.times
    filled = cells.with_columns(exact=value).with_columns(value="exact").rename(own, strict=False)
    missing = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in COLUMNS.items()
        if name not in filled.columns
    ]
    return Grid(
        dimensions=dimensions,
        margins=declaration.margins,
        statistic=asked.name,
        frame=filled.with_columns(missing).select(*[one.name for one in dimensions], *COLUMNS),
        of=declaration.of,
        per=declaration.per,
        weight=declaration.weight,
        has_unit=declaration.unit is not None,
        overlaps=overlaps,
        beside=declaration.statistics,
    )


def _value_column(asked: Statistic, declaration: Declaration) -> str:
    if asked.kind is Kind.COUNT:
        return "units" if declaration.weight is None else "weight"
    return f"value of {asked.name}"


def _shares_within(
    cells: pl.DataFrame, dimensions: Sequence[Dimension], declaration: Declaration
) -> pl.DataFrame:
    """Each cell's part of the people in the same categories of `within`: row per cents and such."""
    shape = [len(one.texts) + 1 for one in dimensions]
    numbers = np.arange(prod(shape)).reshape(shape)
    for axis, one in enumerate(dimensions):
        if one.name not in (declaration.within or ()):
            numbers = np.repeat(numbers.take([-1], axis=axis), shape[axis], axis=axis)
    whole = cells[numbers.reshape(-1).tolist()]
    counted = "units" if declaration.weight is None else "weight"
    return cells.with_columns(
        numerator_units="units",
        denominator_units=whole["units"],
    ).with_columns(
        pl.when(whole[counted] > 0)
        .then(cells[counted].fill_null(0).cast(pl.Float64) / whole[counted])
        .alias("value of proportion")
    )


def _structural(
    grid: Grid, declared: Sequence[Mapping[str, Any]], *, are_known: bool
) -> np.ndarray:
    """Which cells the declaration says cannot have people in them.

    are_known: whether people are there is not told.
    Raises UnknownColumnError for an unknown dimension or label, UnusableTableError where a
    declared zero has people.
    """
    marked = np.zeros(grid.shape, dtype=bool)
    axes = {one.name: axis for axis, one in enumerate(grid.dimensions)}
    for zero in declared:
        place: list[Any] = [slice(None)] * len(axes)
        for name, label in zero.items():
            if name not in axes:
                raise UnknownColumnError(unknown("dimension in structural_zeros", name, axes))
            place[axes[name]] = _positions(grid.dimensions[axes[name]], label_text(label))
        marked[np.ix_(*_spread(place, grid.shape))] = True
    if not are_known and (grid.column("units")[marked] > 0).any():
        raise UnusableTableError(
            "a cell declared as a structural zero has people in it; structural_zeros are for "
            "cells that cannot have any"
        )
    return marked.reshape(-1)


def _positions(one: Dimension, text: str) -> list[int]:
    """Where a label is on its axis; for a group also all that it contains."""
    texts = list(one.texts)
    if text not in texts:
        raise UnknownColumnError(unknown(f'category of "{one.name}"', text, texts))
    found = [texts.index(text)]
    for at in found:
        if at >= len(one.labels):
            found += one.groups[at - len(one.labels)].members
    return found


def _spread(place: Sequence[Any], shape: Sequence[int]) -> list[list[int]]:
    return [
        list(range(length)) if isinstance(at, slice) else at
        for at, length in zip(place, shape, strict=True)
    ]
