"""Round counts to a base, each by itself or so that they add up, and other figures with them.

Sources: Cox (1987), A constructive procedure for unbiased controlled rounding; NHS England and
OpenSAFELY for midpoint 6.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from output_checks.errors import ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.protect import figures
from output_checks.protect.chances import chances
from output_checks.protect.parts import Bases
from output_checks.protect.readable import readable
from output_checks.protect.solver import Model
from output_checks.protect.structure import structure_of
from output_checks.protect.subject import Subject
from output_checks.statistics import Kind

Bounds = tuple[np.ndarray, np.ndarray]


def to_base(counts: pl.Series, base: int) -> pl.Series:
    """Counts rounded to the nearest multiple of a base, halves up."""
    return (counts + base // 2) // base * base


def round_values(subject: Subject, options: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Round every count to a base, and other figures as `figures` says.

    options: `base`; `amounts` and `digits`, of other figures than counts; `controlled` - choose
    for every count the multiple below or above it so that cells still add up to their margins and
    groups. The nearer one is the more likely, but who is in the cells decides (`chances`): of the
    least change in all a reader could tell which tables it is not the least of. Where nothing has
    to add up it is the nearest multiple, and a reader knows that.
    What a reader can still tell is worked out of counts, and of the people that a share counts.
    Raises ProtectionError where no controlled rounding exists, and for a mode.
    """
    counting = _Counting(subject, options)
    bases = figures.bases_of(subject.grids, options, subject.policy.threshold)
    done = figures.recorded(options, bases)
    notes = figures.said(subject.grids, bases)
    if all(one.is_whole for one in subject.grids):
        done = figures.without(options)
    if any(one.is_whole for one in subject.grids):
        notes = (counting.note, *notes)
    protection = Protection(method="round", options=done, notes=notes)
    return tuple(
        _rounded(subject, one, counting.of(one, "exact"), protection)
        if one.is_whole
        else _figures(subject, one, counting, (bases, protection))
        for one in subject.grids
    )


class _Counting:
    """Rounds counts of a table's cells, always in the same way: by themselves, or so that they
    add up.
    """

    def __init__(self, subject: Subject, options: Mapping[str, Any]) -> None:
        self._base = int(options["base"])
        self._structure = structure_of(subject.grids[0])
        self._subject = subject
        self._adds_up = options["controlled"] and bool(self._structure.relations.shape[0])

    @property
    def note(self) -> str:
        """What is done, in a sentence."""
        if self._adds_up:
            return f"Counts are rounded to {self._base} so that they still add up to their margins."
        return (
            f"Counts are rounded to the nearest {self._base}; they need not add up to their "
            "margins."
        )

    @cached_property
    def _chances(self) -> np.ndarray:
        return self._structure.from_grid(chances(self._subject, self._base))

    def rounded(self, column: np.ndarray) -> np.ndarray:
        """Counts in the order of the grid, rounded."""
        counts = self._structure.from_grid(column).astype(np.int64)
        if not self._adds_up:
            return (column.astype(np.int64) + self._base // 2) // self._base * self._base
        _refuse_overlaps(self._structure.relations, counts)
        found = controlled(self._structure.relations, counts, self._base, self._chances)
        return self._structure.to_grid(found)

    def of(self, grid: Grid, name: str) -> tuple[np.ndarray, Bounds]:
        """A column of counts rounded, and what each shown one says of itself."""
        shown = self.rounded(grid.frame[name].fill_null(0).to_numpy())
        bounds = controlled_bounds if self._adds_up else conventional_bounds
        return shown, bounds(shown, self._base)


def _figures(
    subject: Subject,
    grid: Grid,
    counting: _Counting,
    how: tuple[Bases, Protection],
) -> Grid:
    """A grid that is no count with its figures rounded; of a share also who can be counted."""
    bases, protection = how
    values = figures.rounded_figures(grid, bases, subject.declaration, counting.rounded)
    shown = grid.with_columns(protection, value=pl.Series(values, dtype=pl.Float64).fill_nan(None))
    if grid.kind is not Kind.PROPORTION or grid.weight is not None:
        return shown
    counted = grid.with_columns(exact=grid.frame["numerator_units"])
    _, bounds = counting.of(counted, "exact")
    lower, upper, is_all = readable(counted, bounds, subject.policy.threshold)
    return shown.with_columns(people_lower=lower, people_upper=upper, interval_exact=is_all)


def round_to_midpoints(subject: Subject, options: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Show every count as the middle of its band: 0, then 3 for 1 to 6, 9 for 7 to 12 and so on.

    options: `base`, the width of the bands, 6 for midpoint 6. A 0 is a true 0. Raises
    ProtectionError for other statistics than counts.
    """
    grid, base = _only_counts(subject), int(options["base"])
    counts = grid.frame["exact"].to_numpy().astype(np.int64)
    shown = midpoints(counts, base)
    protection = Protection(
        method="midpoint",
        options=dict(options),
        notes=(
            f"Counts are shown as the middle of their band of {base}; they need not add up to "
            "their margins, and a 0 is a true 0.",
        ),
    )
    return (_rounded(subject, grid, (shown, midpoint_bounds(shown, base)), protection),)


def midpoints(counts: np.ndarray, base: int) -> np.ndarray:
    """Counts rounded up to a multiple and then down by half a base; 0 stays 0."""
    return np.where(counts > 0, -(-counts // base) * base - base // 2, 0)


def midpoint_bounds(shown: np.ndarray, base: int) -> Bounds:
    """What each count can have been that is shown as a midpoint."""
    above = np.where(shown > 0, shown + base // 2, 0)
    return np.where(shown > 0, above - base + 1, 0), above


def conventional_bounds(shown: np.ndarray, base: int) -> Bounds:
    """What each count can have been that is shown as the nearest multiple."""
    below = base // 2
    return np.maximum(shown - below, 0), shown + (base - 1 - below)


def controlled_bounds(shown: np.ndarray, base: int) -> Bounds:
    """What each count can have been that is shown as the multiple below or above it."""
    return np.maximum(shown - (base - 1), 0), shown + (base - 1)


def controlled(
    relations: csr_matrix, counts: np.ndarray, base: int, chosen: np.ndarray
) -> np.ndarray:
    """Multiples just below or above each count that add up.

    relations · counts must be 0. A multiple of the base stays as it is. chosen: a number from 0 to
    1 for each count; a count that stood alone would go up where it is below the count's rest over
    the base, so that it is right on average. Whatever adds up is chosen by some such numbers.
    Raises ProtectionError where no such rounding exists or is found.
    """
    floor = counts // base
    rest = counts - floor * base
    # Only the choice between the two multiples is searched: 0 for the lower, 1 for the upper.
    right = -(relations @ floor).astype(float)
    upper = np.where(rest > 0, 1.0, 0.0)
    model = Model(relations, (right, right), (np.zeros(len(counts)), upper), whole=True)
    model.set_costs(base * chosen - rest)
    found = model.minimise()
    raised = np.round(found.columns).astype(np.int64)
    is_rounding = (
        found.status in {"optimal", "limited"}
        and len(raised) == len(counts)
        and not (relations @ (floor + raised)).any()
        and bool(((raised >= 0) & (raised <= upper)).all())
    )
    if not is_rounding:
        raise ProtectionError(
            f"no rounding to {base} adds up in this table; use controlled=False or another base"
        )
    return (floor + raised) * base


def _refuse_overlaps(relations: csr_matrix, counts: np.ndarray) -> None:
    if np.abs(relations @ counts).max(initial=0) > 0:
        raise ProtectionError(
            "people are in several cells, so that cells do not add up to their margins; use "
            "controlled=False"
        )


def _only_counts(subject: Subject) -> Grid:
    for grid in subject.grids:
        if not grid.is_whole:
            weighted = "weighted " if grid.weight is not None else ""
            raise ProtectionError(
                f"midpoints are for counts, not a {weighted}{grid.statistic}: use protect('round') "
                "or protect('suppress')"
            )
    return subject.grids[0]


def _rounded(
    subject: Subject, grid: Grid, how: tuple[np.ndarray, Bounds], protection: Protection
) -> Grid:
    shown, bounds = how
    lower, upper, is_all = readable(grid, bounds, subject.policy.threshold)
    return grid.with_columns(
        protection,
        value=shown,
        lower=lower,
        upper=upper,
        people_lower=lower,
        people_upper=upper,
        interval_exact=is_all,
    )
