"""Withheld counts that follow from means beside them: by algebra, and by what is left open.

A count that the equations determine is found by their rank; one that whole people or bounds leave
too little room, by the same solver that looks at sums alone. Where digits decide, a person looks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.linked.descriptions import is_impossible
from output_checks.linked.equations import Equations
from output_checks.linked.hidden import intervals
from output_checks.linked.reader import (
    NOT_SETTLED,
    WHOLE_UP_TO,
    Effort,
    Part,
    parts_of_system,
    settled,
)
from output_checks.linked.system import Named, System, TooLargeError
from output_checks.linked.views import View
from output_checks.rules.threshold import is_wide

_SURE, _MAYBE = 1e-9, 1e-13
"""Singular values, as a share of the largest, above which a reader of means with all their digits
can tell a whole number for sure, and above which it cannot be excluded."""
_NEAR = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMeans:
    """A withheld cell of which means beside counts tell too much: it is `low` to `high` people.

    is_certain: no digit behind those that numbers have is needed for that.
    """

    cell: Named
    low: float
    high: float
    is_certain: bool


def by_means(
    system: System, views: Sequence[View], equations: Equations, threshold: int, effort: Effort
) -> Iterator[ByMeans]:
    """Find the withheld cells that a reader of counts and of means knows too well.

    Raises TooLargeError where a part is too large to be searched in whole numbers, before anything
    is found.
    """
    by = settled(system, np.ones(len(system.named), dtype=bool))
    unknowns = np.flatnonzero(by == NOT_SETTLED)
    if equations.says_nothing_of(unknowns):
        return
    known = equations.added_to(system, unknowns, 10 * threshold)
    cells = [
        Named(view=number, cell=int(cell))
        for number, view in enumerate(views)
        for cell in np.flatnonzero(view.hidden)
        if not is_impossible(view.cells[cell])
    ]
    members = [system.members(views[one.view].cells[one.cell]) for one in cells]
    first = len(system.named)
    rows = np.arange(first, first + equations.size)
    by = settled(known, np.ones(len(known.named), dtype=bool))
    parts = list(parts_of_system(known, by))
    _refuse_large(parts, members, rows)
    is_exact = known.least == known.most
    is_exact[first : first + equations.rows.shape[0]] = True
    sure, maybe = _determined(known, parts, members, is_exact)
    truth = [float(views[one.view].truth[one.cell]) for one in cells]
    low, high = intervals(known, members, truth, threshold, effort=effort)
    for number, cell in enumerate(cells):
        is_narrow = not is_wide(low[number], high[number], threshold)
        is_told = sure[number] or maybe[number]
        if is_narrow or is_told:
            yield ByMeans(
                cell=cell,
                low=truth[number] if is_told else low[number],
                high=truth[number] if is_told else high[number],
                is_certain=not equations.is_weak
                and (bool(sure[number]) or (is_narrow and not effort.doubts)),
            )


def _refuse_large(parts: Sequence[Part], members: Sequence[np.ndarray], rows: np.ndarray) -> None:
    """Raise TooLargeError where whole people would not be asked for although equations matter."""
    asked = np.unique(np.concatenate([np.empty(0, dtype=int), *members]))
    for part in parts:
        size = len(part.unknowns)
        if (
            size > WHOLE_UP_TO
            and np.isin(rows, part.rows).any()
            and np.isin(asked, part.unknowns).any()
        ):
            raise TooLargeError(f"{size:,} unknown numbers beside means, more than {WHOLE_UP_TO:,}")


def _determined(
    system: System, parts: Sequence[Part], members: Sequence[np.ndarray], is_exact: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which groups the exact sums and equations determine, for sure and maybe, before any bounds.

    A group is determined where it is a combination of rows; how well, the singular values say that
    such a combination needs.
    """
    sure, maybe = np.ones((2, len(members)), dtype=bool)
    touched = np.zeros(len(members), dtype=bool)
    for part in parts:
        targets = np.array([np.isin(part.unknowns, one) for one in members], dtype=float)
        inside = np.flatnonzero(targets.any(axis=1))
        if not len(inside):
            continue
        touched[inside] = True
        rows = part.rows[is_exact[part.rows]]
        sums = csr_matrix(system.sums[rows][:, part.unknowns]).toarray()
        for told, least in ((sure, _SURE), (maybe, _MAYBE)):
            told[inside] &= _within(targets[inside], sums, least)
    return sure & touched, maybe & touched


def _within(targets: np.ndarray, sums: np.ndarray, least: float) -> np.ndarray:
    """Which targets are combinations of the rows, without singular values below a share."""
    largest = np.abs(sums).max(axis=1, initial=0.0, keepdims=True)
    sums = sums[largest[:, 0] > 0] / largest[largest[:, 0] > 0]
    if not len(sums):
        return np.zeros(len(targets), dtype=bool)
    _, values, ways = np.linalg.svd(sums, full_matrices=False)
    ways = ways[values > least * values[0]]
    left = targets - (targets @ ways.T) @ ways
    return np.abs(left).max(axis=1) < _NEAR
