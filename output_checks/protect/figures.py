"""Round what is no count: sums to a base of their own, means and shares as rounded parts give them.

A figure that is worked out of rounded parts is a function of these and of nothing else: whoever has
the rounded numerator and denominator knows it already, so that it tells no more than they would,
with however many digits it is shown. Weighted figures have weighted parts. What a reader still
learns is the numerator and denominator to within half a base each (and by the digits that are
shown often less), and a base is no less than what so many people as counts are rounded to usually
add: so many more or fewer of them may be in the cell as in a rounded count.

Source: SDC handbook, means and other averages, and rounding of magnitude tables: a mean that is
worked out of a rounded sum and a rounded count tells no more than these two would.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from output_checks.declaration import Declaration
from output_checks.errors import ProtectionError
from output_checks.grid import Grid
from output_checks.protect.parts import (
    Bases,
    has_parts,
    parts_of,
    per_base,
    to_nearest,
    usual,
    usual_weight,
)
from output_checks.statistics import Kind

AUTO = "auto"
DIGITS = 3
"""Significant figures of means, shares and ratios, and of what has no parts, such as a median."""
Rounding = Callable[[np.ndarray], np.ndarray]
_SUMMED = frozenset({Kind.SUM, Kind.MEAN, Kind.RATIO})


def bases_of(grids: Sequence[Grid], options: Mapping[str, Any], threshold: int) -> Bases:
    """The bases that a table's figures are rounded to, where they were left open too.

    options: `base`, of counts; `amounts`, of sums: a number, or "auto" for as much as `base` people
    contribute who contribute anything, their mean taken up to 1, 2 or 5 times a power of ten;
    `digits`, significant figures. Weights are rounded to what `base` people weigh at most in any
    cell that `threshold` or `base` people are in; to `amounts` in a table that shows no sums.
    """
    counts, amounts = int(options["base"]), options["amounts"]
    if amounts not in {AUTO, None} and all(one.is_whole for one in grids):
        raise ProtectionError("amounts= is for other figures than counts, and the table has none")
    weighted = [one for one in grids if one.weight is not None]
    least = min(counts, threshold)
    weights = counts * usual_weight(weighted, least)
    summed = [one for one in grids if one.kind in _SUMMED]
    if weighted and not summed:
        amounts = weights = weights if amounts in {AUTO, None} else amounts
    elif amounts == AUTO:
        amounts = counts * max((usual(one, least) for one in summed or grids), default=1.0)
    return Bases(
        counts=counts,
        amounts=float(amounts),
        weights=float(weights),
        digits=int(options["digits"]),
    )


def rounded_figures(
    grid: Grid, bases: Bases, declaration: Declaration, rounding: Rounding | None = None
) -> np.ndarray:
    """What is shown instead of a statistic that is no count of people; NaN where there is nothing.

    rounding: rounds counts, in the order of the grid, as those are rounded that are shown; to the
    nearest multiple where it is None.
    Raises ProtectionError for a mode, which is no number, and for a ratio whose denominator has
    both signs.
    """
    if grid.kind is Kind.MODE:
        raise ProtectionError("a mode is a category and cannot be rounded: use protect('suppress')")
    exact = grid.frame["exact"].cast(float).to_numpy()
    if grid.kind in {Kind.COUNT, Kind.SUM}:
        return to_nearest(exact, bases.weights if grid.kind is Kind.COUNT else bases.amounts)
    parts = parts_of(grid, bases, declaration)
    if parts is None:
        return significant(exact, bases.digits)
    above, below = (one.shown(rounding) for one in parts)
    times = declaration.times if grid.kind in {Kind.PROPORTION, Kind.RATIO} else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.where(np.isnan(exact) | (below == 0), np.nan, times * above / below)
    if grid.kind is Kind.PROPORTION:
        shown = np.minimum(shown, times)
    return significant(shown, bases.digits)


def significant(values: np.ndarray, digits: int) -> np.ndarray:
    """Values rounded to so many significant figures; as decimals write them."""
    return np.array([float(f"{one:.{digits}g}") if np.isfinite(one) else one for one in values])


def said(grids: Sequence[Grid], bases: Bases) -> tuple[str, ...]:
    """What was done to figures that are no counts, for a reader; nothing where there are none."""
    others = [one for one in grids if not one.is_whole]
    notes = [
        f"{what} are rounded to the nearest {base:,.10g}; they need not add up."
        for kind, what, base in (
            (Kind.COUNT, "Weighted counts", bases.weights),
            (Kind.SUM, "Sums", bases.amounts),
        )
        if any(one.kind is kind for one in others)
    ]
    alone: dict[str, None] = {}
    made: dict[tuple[str, str], dict[str, None]] = {}
    for one in others:
        if has_parts(one):
            made.setdefault(_out_of(one, bases), {})[one.statistic] = None
        elif one.kind not in {Kind.COUNT, Kind.SUM}:
            alone[one.statistic] = None
    notes += [
        f"Every {' and '.join(named)} is worked out of {parts}, and shown with {bases.digits} "
        f"significant figures; where the rounded {below} is 0 there is none."
        for (parts, below), named in made.items()
    ]
    if alone:
        named = " and ".join(alone)
        notes.append(f"Every {named} is rounded to {bases.digits} significant figures.")
    if others:
        notes.append("Rounding hides digits and no person: cells are judged by whom they describe.")
    return tuple(notes)


def _out_of(grid: Grid, bases: Bases) -> tuple[str, str]:
    """What a figure is worked out of, and what it is divided by, in words."""
    sums = f"sums rounded to {bases.amounts:,.10g}"
    if grid.kind is Kind.RATIO:
        base = per_base(grid, bases)
        return f"{sums} and sums of {grid.per} rounded to {base:,.10g}", f"sum of {grid.per}"
    below = "count" if grid.weight is None else "weighted count"
    base = bases.counts if grid.weight is None else bases.weights
    counts = f"{below}s rounded to {base:,.10g}"
    return (counts if grid.kind is Kind.PROPORTION else f"{sums} and {counts}"), below


def recorded(options: Mapping[str, Any], bases: Bases) -> dict[str, Any]:
    """The options as a declaration has them, so that the table can be made again as it was."""
    return dict(options) | {"amounts": bases.amounts}


def without(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a table that has nothing but counts."""
    return {name: value for name, value in options.items() if name not in {"amounts", "digits"}}
