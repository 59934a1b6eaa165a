"""Round what is no count: sums to a base of their own, means and shares as rounded parts give them.

Source: SDC handbook, means and other averages, and rounding of magnitude tables: a mean that is
worked out of a rounded sum and a rounded count tells no more than these two would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from output_checks.errors import ProtectionError
from output_checks.grid import Grid
from output_checks.protect.subject import Subject
from output_checks.statistics import Kind

AUTO = "auto"
DIGITS = 3
"""Significant figures of means, shares and ratios, and of what has no parts, such as a median."""
Rounding = Callable[[np.ndarray], np.ndarray]
_STEPS = (1.0, 2.0, 5.0, 10.0)
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """What the parts of a table's figures are rounded to.

    counts: for counts of people and records. amounts: for sums of the variable, of weights and of
    a ratio's denominator where `own` is set; otherwise each has a base that goes with its size.
    """

    counts: int
    amounts: float
    digits: int


def bases_of(subject: Subject, options: Mapping[str, Any]) -> Bases:
    """The bases that a table's figures are rounded to, where they were left open too.

    options: `base`, of counts; `amounts`, of sums: a number, or "auto" for as much as `base` people
    contribute who contribute anything, their mean taken up to 1, 2 or 5 times a power of ten;
    `digits`, significant figures.
    """
    counts, amounts = int(options["base"]), options["amounts"]
    if amounts not in {AUTO, None} and all(one.is_whole for one in subject.grids):
        raise ProtectionError("amounts= is for other figures than counts, and the table has none")
    if amounts == AUTO:
        amounts = counts * max((_usual(one) for one in subject.grids), default=1.0)
    return Bases(counts=counts, amounts=float(amounts), digits=int(options["digits"]))


def rounded_figures(
    grid: Grid, bases: Bases, times: float, rounding: Rounding | None = None
) -> np.ndarray:
    """What is shown instead of a statistic that is no count of people; NaN where there is nothing.

    times: what a proportion or ratio is multiplied by. rounding: rounds counts, in the order of
    the grid, as those are rounded that are shown; to the nearest multiple where it is None.
    Raises ProtectionError for a mode, which is no number, and for a ratio whose denominator has
    both signs.
    """
    if grid.kind is Kind.MODE:
        raise ProtectionError("a mode is a category and cannot be rounded: use protect('suppress')")
    exact = grid.frame["exact"].cast(float).to_numpy()
    if grid.kind in {Kind.COUNT, Kind.SUM}:
        return to_nearest(exact, bases.amounts)
    counted = rounding or (lambda counts: to_nearest(counts, bases.counts))
    parts = _parts(grid, bases, times, counted)
    if parts is None:
        return significant(exact, bases.digits)
    above, below = parts
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.where(np.isnan(exact) | (below == 0), np.nan, times * above / below)
    if grid.kind is Kind.PROPORTION:
        shown = np.minimum(shown, times)
    return significant(shown, bases.digits)


def to_nearest(amounts: np.ndarray, base: float) -> np.ndarray:
    """Amounts rounded to the nearest multiple of a base, halves up."""
    # Half a multiple of a base such as 0.1 is not quite one in binary.
    steps = np.floor(amounts / base + 0.5 + _SAME)
    return np.asarray(steps * base + 0.0)


def significant(values: np.ndarray, digits: int) -> np.ndarray:
    """Values rounded to so many significant figures; as decimals write them."""
    return np.array([float(f"{one:.{digits}g}") if np.isfinite(one) else one for one in values])


def said(grids: tuple[Grid, ...], bases: Bases) -> tuple[str, ...]:
    """What was done to figures that are no counts, for a reader; nothing where there are none."""
    others = [one for one in grids if not one.is_whole]
    sums = any(one.kind in {Kind.COUNT, Kind.SUM} for one in others)
    made = [one for one in others if _has_parts(one)]
    alone = [
        one for one in others if not _has_parts(one) and one.kind not in {Kind.COUNT, Kind.SUM}
    ]
    notes = []
    if sums:
        notes.append(
            f"Sums are rounded to the nearest {bases.amounts:,.10g}; they need not add up."
        )
    if made:
        named = " and ".join(dict.fromkeys(one.statistic for one in made))
        parts = f"counts rounded to {bases.counts}"
        if any(one.kind is not Kind.PROPORTION for one in made):
            parts = f"sums rounded to {bases.amounts:,.10g} and {parts}"
        notes.append(
            f"Every {named} is worked out of {parts}, and shown with {bases.digits} significant "
            "figures; where the rounded count is 0 there is none."
        )
    if alone:
        named = " and ".join(dict.fromkeys(one.statistic for one in alone))
        notes.append(f"Every {named} is rounded to {bases.digits} significant figures.")
    if others:
        notes.append("Rounding hides digits and no person: cells are judged by whom they describe.")
    return tuple(notes)


def _has_parts(grid: Grid) -> bool:
    if grid.kind in {Kind.PROPORTION, Kind.RATIO}:
        return grid.weight is None
    return grid.kind is Kind.MEAN


def _parts(
    grid: Grid, bases: Bases, times: float, rounding: Rounding
) -> tuple[np.ndarray, np.ndarray] | None:
    """The rounded numerator and denominator of each cell; None of what has none."""
    if not _has_parts(grid):
        return None
    if grid.kind is Kind.PROPORTION:
        above, below = (_floats(grid, f"{one}_units") for one in ("numerator", "denominator"))
        return rounding(above), rounding(below)
    sums = to_nearest(_floats(grid, "sum"), bases.amounts)
    if grid.kind is Kind.RATIO:
        below = _denominators(grid, times)
        usual = _nice(_usual_of(below.max(initial=0.0), _floats(grid, "denominator_units").max()))
        return sums, to_nearest(below, bases.counts * usual)
    records = _floats(grid, "records_with_value")
    if grid.weight is None:
        return sums, rounding(records)
    weights = _weights(grid, records)
    return sums, to_nearest(weights, bases.counts * _nice(_usual_of(weights.max(), records.max())))


def _denominators(grid: Grid, times: float) -> np.ndarray:
    below, sums = _floats(grid, "per_total_absolute"), _floats(grid, "sum")
    exact = grid.frame["exact"].cast(float).fill_null(0.0).to_numpy()
    if not np.allclose(exact * below, times * sums, rtol=1e-6, atol=1e-9):
        raise ProtectionError(
            "a ratio is rounded by its numerator and denominator, and the denominator has amounts "
            "of both signs: use protect('suppress') without amounts"
        )
    return below


def _weights(grid: Grid, records: np.ndarray) -> np.ndarray:
    """What a weighted mean divides by, where its sum says so; its records otherwise."""
    sums = _floats(grid, "sum")
    means = grid.frame["exact"].cast(float).fill_null(0.0).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(means != 0, sums / means, records)


def _usual(grid: Grid) -> float:
    """What somebody contributes who contributes anything, in the table's largest cell."""
    if grid.is_whole:
        return 1.0
    if grid.kind is Kind.COUNT:
        at = int(np.argmax(_floats(grid, "units")))
        return _nice(_usual_of(_floats(grid, "weight")[at], _floats(grid, "units")[at]))
    having = _floats(grid, "negative") + _floats(grid, "positive")
    at = int(np.argmax(having))
    return _nice(_usual_of(_floats(grid, "total_absolute")[at], having[at]))


def _usual_of(total: float, contributors: float) -> float:
    return float(total / contributors) if contributors > 0 and total > 0 else 1.0


def _nice(amount: float) -> float:
    """The next of 1, 2 and 5 times a power of ten that is no less."""
    power = 10.0 ** np.floor(np.log10(amount))
    step = next(one for one in _STEPS if amount <= one * power * (1 + _SAME))
    return float(f"{step * power:.1g}")


def _floats(grid: Grid, column: str) -> np.ndarray:
    return grid.frame[column].fill_null(0).to_numpy().astype(float)


def recorded(options: Mapping[str, Any], bases: Bases) -> dict[str, Any]:
    """The options as a declaration has them, so that the table can be made again as it was."""
    return dict(options) | {"amounts": bases.amounts}


def without(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a table that has nothing but counts."""
    return {name: value for name, value in options.items() if name not in {"amounts", "digits"}}
