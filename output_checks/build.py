"""Build a table's grid of cells from a declaration and the data it names."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import polars as pl

from output_checks.declaration import Declaration
from output_checks.errors import (
    DeclarationError,
    EmptyTableError,
    UnknownColumnError,
    UnusableTableError,
    unknown,
)
from output_checks.evidence import gather
from output_checks.expressions import prepare
from output_checks.grid import Dimension, Grid
from output_checks.statistics import Statistic, statistic_named
from output_checks.words import MISSING, TOTAL, label_text

MOST_CELLS = 1_000_000
RESERVED = frozenset(
    [
        "value",
        "exact",
        "units",
        "units_with_value",
        "records",
        "records_with_value",
        "sum",
        "largest",
        "second_largest",
        "total_absolute",
        "negative",
        "positive",
        "all_equal",
        "structural_zero",
        "margin",
        "withheld",
        "withheld_as",
        "lower",
        "upper",
        "people_lower",
        "people_upper",
        "cell",
    ]
)
_COUNTED = ("units", "units_with_value", "records", "records_with_value", "negative", "positive")


def build_grid(declaration: Declaration, frame: pl.LazyFrame) -> Grid:
    """Make every cell that the declaration asks for, with its evidence, unprotected.

    Raises EmptyTableError where no row (or no value) is left, UnknownColumnError,
    DeclarationError, UnusableTableError, UnreadableDataError.
    """
    statistic = statistic_named(declaration.statistic, declaration.of)
    prepared = prepare(
        frame,
        where=declaration.where,
        derive=declaration.derive.items(),
        protected=declaration.unit,
    )
    keys = _checked_columns(declaration, prepared.collect_schema())
    frames, overlaps = gather(
        _with_keys(prepared, keys),
        keys=keys,
        unit=declaration.unit,
        of=declaration.of,
        margins=declaration.margins,
    )
    _refuse_empty(frames[0], declaration)
    dimensions = tuple(
        _dimension(frames[0][name], on_rows=name in declaration.rows) for name in keys
    )
    grid = _assemble(dimensions, frames, declaration, statistic)
    grid = _with_structural_zeros(grid, declaration.structural_zeros)
    return Grid(
        dimensions=dimensions,
        margins=declaration.margins,
        statistic=declaration.statistic,
        frame=grid.frame,
        has_unit=declaration.unit is not None,
        overlaps=overlaps,
    )


def _checked_columns(declaration: Declaration, schema: pl.Schema) -> tuple[str, ...]:
    keys = (*declaration.rows, *declaration.columns)
    named = [*keys, *filter(None, (declaration.unit, declaration.of))]
    for name in named:
        if name not in schema:
            raise UnknownColumnError(unknown("column", name, schema))
    if not declaration.rows:
        raise DeclarationError("a table needs at least one dimension on its rows")
    if len(set(keys)) < len(keys):
        raise DeclarationError(f"a dimension is named twice: {', '.join(keys)}")
    for name in keys:
        _refuse_dimension(name, declaration, schema)
    if declaration.of and not (
        schema[declaration.of].is_numeric() or _is_truth(schema, declaration)
    ):
        raise UnusableTableError(
            f'a {declaration.statistic} needs numbers, but "{declaration.of}" is '
            f"{schema[declaration.of]}; derive a number from it"
        )
    return keys


def _is_truth(schema: pl.Schema, declaration: Declaration) -> bool:
    return schema[str(declaration.of)] == pl.Boolean


def _refuse_dimension(name: str, declaration: Declaration, schema: pl.Schema) -> None:
    if name == declaration.unit:
        raise UnusableTableError(
            f'"{name}" names single people: a table by it would be record-level data'
        )
    if name in RESERVED:
        raise UnusableTableError(
            f'a dimension cannot be called "{name}", which names a column of every table; '
            f'rename it: derive={{"{name}_": "{name}"}}'
        )
    if schema[name].is_nested() or schema[name] in {pl.Object, pl.Binary}:
        raise UnusableTableError(f'"{name}" is {schema[name]}; a dimension needs plain labels')


def _with_keys(frame: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """Labels of one meaning made one: NaN is missing, -0.0 is 0.0, a category is its text."""
    schema = frame.collect_schema()
    changed = []
    for name in keys:
        if schema[name].is_float():
            changed.append(pl.col(name).fill_nan(None) + 0.0)
        elif isinstance(schema[name], pl.Categorical):
            changed.append(pl.col(name).cast(pl.String))
    return frame.with_columns(changed)


def _refuse_empty(cells: pl.DataFrame, declaration: Declaration) -> None:
    if cells.is_empty():
        reason = f" after where={declaration.where!r}" if declaration.where else ""
        raise EmptyTableError(f"the table is empty: the data have no rows{reason}")
    if declaration.of and not cells["records_with_value"].sum():
        raise EmptyTableError(f'the table is empty: "{declaration.of}" is missing in every row')


def _dimension(labels: pl.Series, *, on_rows: bool) -> Dimension:
    present = labels.drop_nulls().unique().sort()
    values = tuple(present.to_list()) + ((None,) if labels.null_count() else ())
    texts = [label_text(value) for value in values]
    for word, taken in ((TOTAL, texts.count(TOTAL) > 0), (MISSING, texts.count(MISSING) > 1)):
        if taken:
            raise UnusableTableError(
                f'"{labels.name}" has a category called "{word}", which is the word for '
                f"{'a margin' if word == TOTAL else 'no value'}; call it something else: "
                f'derive={{"{labels.name}_": "CASE {labels.name} WHEN \'{word}\' THEN … END"}}'
            )
    return Dimension(name=labels.name, labels=values, on_rows=on_rows)


def _assemble(
    dimensions: tuple[Dimension, ...],
    frames: Sequence[pl.DataFrame],
    declaration: Declaration,
    statistic: Statistic,
) -> Grid:
    """Put the evidence of every set of dimensions in its place; cells without rows are zeros."""
    shape = [len(one.labels) + declaration.margins for one in dimensions]
    if prod(shape) > MOST_CELLS:
        raise UnusableTableError(
            f"the table would have {prod(shape):,} cells, more than {MOST_CELLS:,}; use fewer or "
            "coarser dimensions (bands, groups) with derive"
        )
    evidence = pl.concat([_placed(one, dimensions, shape) for one in frames], how="diagonal")
    cells = _empty_cells(dimensions, shape, margins=declaration.margins)
    has_variable = statistic.needs_variable
    frame = (
        cells.join(evidence, on="cell", how="left", maintain_order="left")
        .with_columns(
            pl.col(*_COUNTED, "sum", "total_absolute", "largest", "second_largest").fill_null(0),
            pl.col("all_equal").fill_null(value=False),
        )
        .with_columns(statistic.value.alias("exact"))
        .with_columns(
            pl.col("exact").alias("value"),
            pl.when(has_variable).then(pl.col("largest", "second_largest", "total_absolute")),
            (pl.col("all_equal") & has_variable).alias("all_equal"),
            pl.when(has_variable)
            .then(pl.col("units_with_value"))
            .otherwise(pl.col("units"))
            .alias("units_with_value"),
        )
    )
    return Grid(
        dimensions=dimensions,
        margins=declaration.margins,
        statistic=declaration.statistic,
        frame=frame.select(*[one.name for one in dimensions], *_ORDER),
    )


_ORDER = [
    "value",
    "exact",
    "units",
    "units_with_value",
    "records",
    "records_with_value",
    "largest",
    "second_largest",
    "total_absolute",
    "negative",
    "positive",
    "all_equal",
    "structural_zero",
    "margin",
    "withheld",
    "withheld_as",
    "lower",
    "upper",
    "people_lower",
    "people_upper",
]


def _placed(
    frame: pl.DataFrame, dimensions: Sequence[Dimension], shape: Sequence[int]
) -> pl.DataFrame:
    """Number the rows of one set of dimensions by their cells; a dimension not there is Total."""
    cell = pl.lit(0, dtype=pl.Int64)
    for one, length in zip(dimensions, shape, strict=True):
        if one.name in frame.columns:
            dtype = frame.schema[one.name]
            codes = pl.DataFrame(
                {
                    one.name: pl.Series(one.name, one.labels, dtype=dtype),
                    f"code of {one.name}": np.arange(len(one.labels), dtype=np.int64),
                }
            )
            frame = frame.join(codes, on=one.name, how="left", nulls_equal=True)
            cell = cell * length + pl.col(f"code of {one.name}")
        else:
            cell = cell * length + (length - 1)
    placed = frame.with_columns(cell.alias("cell"))
    return placed.drop(*[name for name in placed.columns if name.startswith("code of ")]).drop(
        [one.name for one in dimensions if one.name in frame.columns]
    )


def _empty_cells(
    dimensions: Sequence[Dimension], shape: Sequence[int], *, margins: bool
) -> pl.DataFrame:
    places = np.indices(shape).reshape(len(shape), -1)
    texts = {
        one.name: pl.Series(
            [label_text(label) for label in one.labels] + [TOTAL] * margins, dtype=pl.String
        ).gather(place)
        for one, place in zip(dimensions, places, strict=True)
    }
    is_margin = np.zeros(prod(shape), dtype=bool)
    if margins:
        for place, length in zip(places, shape, strict=True):
            is_margin |= place == length - 1
    return pl.DataFrame(texts).with_columns(
        cell=pl.Series(np.arange(prod(shape), dtype=np.int64)),
        margin=pl.Series(is_margin),
        structural_zero=pl.lit(value=False),
        withheld=pl.lit(value=False),
        withheld_as=pl.lit("", dtype=pl.String),
        lower=pl.lit(None, dtype=pl.Float64),
        upper=pl.lit(None, dtype=pl.Float64),
        people_lower=pl.lit(None, dtype=pl.Float64),
        people_upper=pl.lit(None, dtype=pl.Float64),
    )


def _with_structural_zeros(grid: Grid, declared: Sequence[Mapping[str, Any]]) -> Grid:
    """Mark the cells that the declaration says cannot have people in them.

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
            texts = [label_text(one) for one in grid.dimensions[axes[name]].labels]
            if label_text(label) not in texts:
                raise UnknownColumnError(unknown(f'category of "{name}"', label_text(label), texts))
            place[axes[name]] = texts.index(label_text(label))
        marked[tuple(place)] = True
    if (grid.column("units")[marked] > 0).any():
        raise UnusableTableError(
            "a cell declared as a structural zero has people in it; structural_zeros are for "
            "cells that cannot have any"
        )
    return grid.with_columns(structural_zero=marked.reshape(-1))
