"""Grids made by hand: whatever evidence a test wants to be behind a cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from output_checks import Policy
from output_checks.grid import COLUMNS, Dimension, Grid, Protection
from output_checks.rules import RULES

HARMLESS: Mapping[str, Any] = {
    "units": 100,
    "units_with_value": 100,
    "records": 100,
    "records_with_value": 100,
    "value": 5.0,
    "exact": 5.0,
    "sum": 150.0,
    "largest": 2.0,
    "second_largest": 2.0,
    "total_absolute": 150.0,
    "negative": 0,
    "positive": 100,
    "all_equal": False,
    "units_at": 20,
    "units_at_or_below": 60,
    "units_at_or_above": 60,
    "units_in_mode": 40,
    "numerator_units": 50,
    "denominator_units": 100,
    "largest_divisor": 1.0,
    "second_largest_divisor": 1.0,
    "total_divisor": 100.0,
    "per_largest": 2.0,
    "per_second_largest": 2.0,
    "per_total_absolute": 150.0,
    "per_all_equal": False,
    "largest_square": 2.0,
    "second_largest_square": 2.0,
    "total_square": 150.0,
    "units_with_rarest": 0,
    "different_values": 0,
    "per_different_values": 0,
    "weight_different_values": 0,
    "weight": 100.0,
    "weighing_units": 100,
    "largest_weight": 1.0,
    "second_largest_weight": 1.0,
    "structural_zero": False,
    "margin": False,
    "withheld": False,
    "withheld_as": "",
}
"""A cell in which no rule finds anything, whatever its statistic is."""


def made_grid(
    statistic: str,
    cells: Sequence[Mapping[str, Any]],
    *,
    of: str | None = "x",
    per: str | None = None,
    weight: str | None = None,
    protection: Protection | None = None,
) -> Grid:
    """One row of harmless cells, a, b, c …, each with what is different about it."""
    labels = tuple("abcdefghij"[: len(cells)])
    rows = [{**dict.fromkeys(COLUMNS), **HARMLESS, **cell} for cell in cells]
    columns = {
        name: pl.Series(name, [row[name] for row in rows], dtype=dtype, strict=False)
        for name, dtype in COLUMNS.items()
    }
    return Grid(
        dimensions=(Dimension(name="group", labels=labels, on_rows=True),),
        margins=False,
        statistic=statistic,
        frame=pl.DataFrame({"group": labels, **columns}),
        of=of,
        per=per,
        weight=weight,
        protection=protection,
    )


def large_grid(statistic: str, rows: int, columns: int, seed: int = 1) -> Grid:
    """A table of many cells, about a tenth of them small; for measuring."""
    chance = np.random.default_rng(seed)
    size = rows * columns
    units = chance.integers(1, 100, size)
    frame = pl.DataFrame(
        {
            "group": np.repeat([f"g{row}" for row in range(rows)], columns),
            "sex": np.tile([f"s{column}" for column in range(columns)], rows),
            **{
                name: pl.Series([HARMLESS.get(name)] * size, dtype=dtype, strict=False)
                for name, dtype in COLUMNS.items()
            },
        }
    ).with_columns(
        units=units,
        units_with_value=units,
        largest=chance.uniform(1, 100, size),
        units_at=chance.integers(0, 30, size),
    )
    return Grid(
        dimensions=(
            Dimension(name="group", labels=tuple(f"g{i}" for i in range(rows)), on_rows=True),
            Dimension(name="sex", labels=tuple(f"s{i}" for i in range(columns)), on_rows=False),
        ),
        margins=False,
        statistic=statistic,
        frame=frame,
        of="x",
        per="y",
    )


def said(grid: Grid, rule: str, policy: str | Policy = "srs") -> list[str]:
    """What one rule finds: "fail a", and so on."""
    return [
        f"{one.severity} {' '.join(str(cell['group']) for cell in one.cells)}".strip()
        for one in RULES[rule].find(grid, Policy.of(policy))
    ]
