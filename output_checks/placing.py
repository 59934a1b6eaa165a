"""The evidence of every set of columns in its place among the cells of a table."""

from collections.abc import Sequence
from math import prod
from types import MappingProxyType

import numpy as np
import polars as pl

from output_checks.axes import Axis
from output_checks.errors import UnusableTableError
from output_checks.grid import COLUMNS, PLACED, Dimension
from output_checks.words import TOTAL

MOST_CELLS = 1_000_000

_CODE = "code of this label"
_NOBODY = "nobody is in this cell"
_COUNTS = frozenset({"units", "records", "units_with_value", "records_with_value", "value of sum"})
"""Evidence that is 0 also where there is nobody at all."""
OF_THOSE_WITH_A_VALUE = MappingProxyType(
    {
        "weight": "weight_with_value",
        "largest_weight": "largest_weight_with_value",
        "second_largest_weight": "second_largest_weight_with_value",
        "weighing_units": "units_weighing",
    }
)
"""Who weighs in a statistic of a variable: people with a value of it, and no others."""
_FIRST_OF = MappingProxyType(
    {
        f"{which}second_{largest}": f"{which}{largest}"
        for which, largest in (
            ("", "largest"),
            ("per_", "largest"),
            ("", "largest_square"),
            ("", "largest_divisor"),
            ("", "largest_weight"),
            ("", "largest_weight_with_value"),
        )
    }
)
"""The largest contribution that is there wherever there is a second one."""
_NOTHING = frozenset(COLUMNS) - PLACED | {"value of sum", *OF_THOSE_WITH_A_VALUE.values()}
"""Evidence that is 0 (or false) of a cell without rows; what gather left open stays open."""


def assembled(
    dimensions: tuple[Dimension, ...],
    axes: Sequence[Axis],
    frames: Sequence[pl.DataFrame],
    *,
    margins: bool,
) -> pl.DataFrame:
    """Put the evidence of every set of columns in its place; cells without rows are zeros."""
    shape = [len(one.texts) + margins for one in dimensions]
    if prod(shape) > MOST_CELLS:
        raise UnusableTableError(
            f"the table would have {prod(shape):,} cells, more than {MOST_CELLS:,}; use fewer or "
            "coarser dimensions (bands, groups) with derive"
        )
    keys = {name for axis in axes for name in (axis.name, *axis.levels)}
    names = [name for name in frames[0].columns if name not in keys]
    evidence = pl.concat([one[names] for one in frames], how="vertical_relaxed")
    numbers = _numbers(frames, dimensions, axes, shape)
    if (numbers < 0).any():
        evidence, numbers = evidence.filter(numbers >= 0), numbers[numbers >= 0]
    cells = _empty_cells(dimensions, shape, margins=margins)
    # One contributor has no second one: that is no contribution, and no missing evidence.
    evidence = evidence.with_columns(
        pl.when(pl.col(first).is_not_null()).then(pl.col(second).fill_null(0.0)).alias(second)
        for second, first in _FIRST_OF.items()
        if second in evidence.columns and evidence[first].null_count() < evidence.height
    )
    rows = _rows_of_cells(numbers, cells.height)
    nobody = rows.is_null().alias(_NOBODY)
    return (
        cells.with_columns(nobody)
        .with_columns(_placed(evidence[name], rows) for name in names)
        .drop(_NOBODY)
    )


def _placed(evidence: pl.Series, rows: pl.Series) -> pl.Expr:
    """One column by cell; of nobody it is 0, but where it says nothing of any cell."""
    name, dtype = evidence.name, evidence.dtype
    is_unknown = evidence.null_count() == len(evidence)
    if is_unknown and name not in _COUNTS:
        return pl.lit(None, dtype=dtype).alias(name)
    placed = pl.lit(evidence).gather(rows)
    if name in _NOTHING or name.split(" of ")[0] in _NOTHING:
        placed = pl.when(_NOBODY).then(pl.lit(0).cast(dtype)).otherwise(placed)
    return placed.alias(name)


def _numbers(
    frames: Sequence[pl.DataFrame],
    dimensions: Sequence[Dimension],
    axes: Sequence[Axis],
    shape: Sequence[int],
) -> np.ndarray:
    """The cell of every row of all frames, -1 where a label is not on its axis.

    Such a label is the group of a category that is not so deep in its hierarchy.
    """
    cells = np.zeros(sum(one.height for one in frames), dtype=np.int64)
    is_cell = np.ones(len(cells), dtype=bool)
    for one, axis, length in zip(dimensions, axes, shape, strict=True):
        places = _places(frames, one, axis, total=length - 1)
        cells = cells * length + places
        is_cell &= places >= 0
    return np.where(is_cell, cells, -1)


def _places(
    frames: Sequence[pl.DataFrame], one: Dimension, axis: Axis, *, total: int
) -> np.ndarray:
    """Where the labels of all frames are on one axis; a dimension that is not there is Total."""
    columns = [
        next((name for name in (axis.name, *axis.levels) if name in frame.columns), "")
        for frame in frames
    ]
    of_rows = np.repeat(np.arange(len(frames)), [frame.height for frame in frames])
    found = np.full(len(of_rows), total, dtype=np.int64)
    for column in dict.fromkeys(filter(None, columns)):
        which = np.array([used == column for used in columns])
        labels = pl.concat(
            [frame[column] for frame, is_it in zip(frames, which, strict=True) if is_it]
        )
        is_group = column != axis.name
        codes = _codes(one, column, labels.dtype, is_group=is_group)
        placed = labels.to_frame().join(
            codes, on=column, how="left", nulls_equal=not is_group, maintain_order="left"
        )
        found[which[of_rows]] = placed[_CODE].fill_null(-1).to_numpy()
    return found


def _codes(one: Dimension, column: str, dtype: pl.DataType, *, is_group: bool) -> pl.DataFrame:
    labels = [group.label for group in one.groups] if is_group else list(one.labels)
    first = len(one.labels) if is_group else 0
    return pl.DataFrame(
        {
            column: pl.Series(column, labels, dtype=dtype),
            _CODE: np.arange(first, first + len(labels), dtype=np.int64),
        }
    )


def _rows_of_cells(numbers: np.ndarray, count: int) -> pl.Series:
    """The row of every cell, null where it has none."""
    rows = np.full(count, -1, dtype=np.int64)
    rows[numbers] = np.arange(len(numbers))
    found = pl.Series(rows)
    return found.set(found < 0, None)


def _empty_cells(
    dimensions: Sequence[Dimension], shape: Sequence[int], *, margins: bool
) -> pl.DataFrame:
    places = np.indices(shape).reshape(len(shape), -1)
    texts = {
        one.name: pl.Series([*one.texts, *[TOTAL] * margins], dtype=pl.String).gather(place)
        for one, place in zip(dimensions, places, strict=True)
    }
    is_margin = np.zeros(prod(shape), dtype=bool)
    for place, one in zip(places, dimensions, strict=True):
        is_margin |= place >= len(one.labels)
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
        interval_exact=pl.lit(None, dtype=pl.Boolean),
    )
