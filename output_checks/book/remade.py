"""Released outputs made again from the data, showing just what was released of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isclose
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from output_checks.book.entry import Entry, Value
from output_checks.data import Data
from output_checks.errors import OutputCheckError
from output_checks.grid import Grid, Protection
from output_checks.policy import Policy
from output_checks.protect.private_categories import PUBLIC, with_known_categories
from output_checks.protect.rounded import (
    controlled_bounds,
    conventional_bounds,
    midpoint_bounds,
)
from output_checks.table import Table

_NEAR = 1e-9
Bounds = tuple[np.ndarray, np.ndarray]


class ChangedDataError(Exception):
    """The data do not give what was released: they are others now."""


def remade(entry: Entry, data: Data, policy: Policy) -> Table:
    """The table behind a released output, with what was withheld of it withheld.

    A rounded number is known as far as its rounding tells, a noisy one not at all.
    Raises ChangedDataError where the data do not give what was released.
    """
    try:
        table = data.declared(entry.declaration, policy)
    except OutputCheckError as error:
        raise ChangedDataError(str(error)) from error
    if (entry.declaration.protection or {}).get("method") == "noise":
        table = with_known_categories(table, PUBLIC)
    places = {cell: number for number, cell in enumerate(entry.cells)}
    shown = table.released().select(table.dimensions).rows()
    if set(shown) != set(places) and not _has_named_categories(entry):
        raise ChangedDataError("the data have other categories now")
    order = [places.get(cell) for cell in shown]
    grids = tuple(
        _as_released(
            grid,
            [None if number is None else values[number] for number in order],
            entry.declaration.protection,
        )
        for grid, values in zip(table.plains, entry.values.values(), strict=True)
    )
    return replace(table, grids=grids, declaration=entry.declaration)


def _has_named_categories(entry: Entry) -> bool:
    """Whether its categories are not those of the data: of a noisy table nothing is certain."""
    return (entry.declaration.protection or {}).get("categories", PUBLIC) != PUBLIC


def _as_released(grid: Grid, values: Sequence[Value], protection: Mapping[str, Any] | None) -> Grid:
    """The cells with what was withheld, and what a shown number says of its people."""
    pairs = list(zip(values, grid.frame["exact"].to_list(), strict=True))
    withheld = [value is None and true is not None for value, true in pairs]
    options = {"base": 1} | dict(protection or {})
    method = str(options.pop("method", "suppress" if any(withheld) else ""))
    if not method:
        _refuse_others(grid, pairs, exactly=True)
        return grid
    if grid.is_whole:
        shown = np.array([np.nan if value is None else value for value in values], dtype=float)
        low, high = _BOUNDS.get(method, _unknown)(shown, options)
        _refuse_beyond(grid, low, high)
    else:
        low = high = np.full(len(values), np.nan)
        _refuse_others(grid, pairs, exactly=method == "suppress")
    return grid.with_columns(
        Protection(method=method, options=options),
        withheld=np.array(withheld),
        people_lower=pl.Series(low, dtype=pl.Float64).fill_nan(None),
        people_upper=pl.Series(high, dtype=pl.Float64).fill_nan(None),
    )


def _refuse_others(grid: Grid, pairs: Sequence[tuple[Value, Any]], *, exactly: bool) -> None:
    """Raise ChangedDataError where a shown value is not what the data give now."""
    for value, true in pairs:
        if value is not None and exactly and not _is_same(value, true):
            raise ChangedDataError(f"the data give another {grid.statistic} now")


def _is_same(value: Value, true: Any) -> bool:
    if isinstance(value, str) or true is None or isinstance(true, str):
        return str(value) == str(true)
    return value is not None and isclose(value, true, rel_tol=_NEAR)


def _refuse_beyond(grid: Grid, low: np.ndarray, high: np.ndarray) -> None:
    """Raise ChangedDataError where a count is not what its rounding can have been."""
    true = grid.frame["exact"].to_numpy()
    if (true < low).any() or (true > high).any():  # neither holds where nothing is shown
        raise ChangedDataError("the data give other counts now")


def _rounded(shown: np.ndarray, options: Mapping[str, Any]) -> Bounds:
    bounds = controlled_bounds if options.get("controlled", True) else conventional_bounds
    return bounds(shown, int(options["base"]))


def _suppressed(shown: np.ndarray, options: Mapping[str, Any]) -> Bounds:
    return conventional_bounds(shown, int(options["base"]))


def _midpoint(shown: np.ndarray, options: Mapping[str, Any]) -> Bounds:
    low, high = midpoint_bounds(shown, int(options["base"]))
    return np.where(np.isnan(shown), np.nan, low), np.where(np.isnan(shown), np.nan, high)


def _unknown(shown: np.ndarray, options: Mapping[str, Any]) -> Bounds:  # noqa: ARG001
    """A noisy number tells nothing that is certain."""
    return np.full(len(shown), np.nan), np.full(len(shown), np.nan)


_BOUNDS: Mapping[str, Callable[[np.ndarray, Mapping[str, Any]], Bounds]] = MappingProxyType(
    {"suppress": _suppressed, "round": _rounded, "midpoint": _midpoint}
)
"""Methods after which a shown count is known within bounds."""
