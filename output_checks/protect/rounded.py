"""Round counts to a base: each by itself, or together so that they still add up."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from output_checks.errors import ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.policy import Policy
from output_checks.protect.intervals import Published, attainable
from output_checks.protect.solver import Model
from output_checks.protect.structure import Structure, structure_of


def to_base(counts: pl.Series, base: int) -> pl.Series:
    """Counts rounded to the nearest multiple of a base, halves up."""
    return (counts + base // 2) // base * base


def round_counts(grid: Grid, policy: Policy, options: Mapping[str, Any]) -> Grid:  # noqa: ARG001
    """Round every count to a base and work out what a reader can still tell.

    options: `base`; `controlled` - choose for every count the multiple below or above it so that
    cells still add up to their margins, with the least change in all.
    Raises ProtectionError for other statistics, and where no controlled rounding exists.
    """
    if not grid.is_whole:
        raise ProtectionError(
            f"rounding protects counts, not a {grid.statistic}: use protect('suppress')"
        )
    structure = structure_of(grid)
    counts = structure.from_grid(grid.frame["exact"].to_numpy()).astype(float)
    base, controlled = int(options["base"]), bool(options["controlled"])
    if controlled:
        shown = _controlled(structure, counts, base)
        below, above = shown - (base - 1), shown + (base - 1)
    else:
        shown = (counts + base // 2) // base * base
        below, above = shown - base // 2, shown + (base - 1 - base // 2)
    lower, upper = _readable(structure, counts, np.maximum(below, 0), above)
    value = structure.to_grid(shown).astype(np.int64)
    low, high = structure.to_grid(lower), structure.to_grid(upper)
    protection = Protection(
        method="round",
        options=dict(options),
        notes=(_note(base, controlled=controlled),),
    )
    return grid.with_columns(
        protection, value=value, lower=low, upper=high, people_lower=low, people_upper=high
    )


def _note(base: int, *, controlled: bool) -> str:
    if controlled:
        return f"Counts are rounded to {base} so that they still add up to their margins."
    return f"Counts are rounded to the nearest {base}; they need not add up to their margins."


def _controlled(structure: Structure, counts: np.ndarray, base: int) -> np.ndarray:
    """Multiples just below or above each count that add up, nearest in all to the truth."""
    if np.abs(structure.relations @ counts).max(initial=0) > 0:
        raise ProtectionError(
            "people are in several cells, so that cells do not add up to their margins; use "
            "controlled=False"
        )
    floor = counts // base
    ceiling = -(-counts // base)
    rest = counts - floor * base
    nothing = np.zeros(structure.relations.shape[0])
    model = Model(structure.relations, (nothing, nothing), (floor, ceiling), whole=True)
    model.set_costs(base - 2 * rest)
    found = model.minimise()
    if found.status != "optimal":
        raise ProtectionError(
            f"no rounding to {base} adds up in this table; use controlled=False or another base"
        )
    return np.round(found.columns) * base


def _readable(
    structure: Structure, counts: np.ndarray, below: np.ndarray, above: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What a reader can tell of each count who knows how it was rounded and adds up margins."""
    excess = structure.relations @ counts
    published = Published(
        relations=structure.relations,
        excess=excess,
        values=np.full(len(counts), np.nan),
        lower=below,
        upper=above,
        whole=True,
        flat=structure.flat,
    )
    lower, upper = attainable(published)
    # Where the search was given up, the truth at least is possible.
    return np.minimum(lower, counts), np.maximum(upper, counts)
