"""Withheld cells of a set of outputs: what all of them together leave open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from output_checks.linked.arithmetic import Arithmetic, Combination
from output_checks.linked.descriptions import is_impossible
from output_checks.linked.reader import NOT_SETTLED, Effort, Reader, parts_of_system, settled
from output_checks.linked.system import Named, System
from output_checks.linked.views import View
from output_checks.rules.threshold import is_wide


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recovered:
    """A withheld cell of which too much can be told: it is `low` to `high` people.

    combination: the arithmetic that gives its number, where there is one.
    """

    cell: Named
    low: float
    high: float
    combination: Combination | None


def recovered(
    system: System, views: Sequence[View], threshold: int, *, exactly: bool, effort: Effort
) -> Iterator[Recovered]:
    """Find the withheld cells whose interval is too narrow to be safe.

    exactly: look for the arithmetic; not where people are in several cells, since then cells do
    not add up.
    """
    cells = [
        Named(view=number, cell=int(cell))
        for number, view in enumerate(views)
        for cell in np.flatnonzero(view.hidden)
        if view.is_asked and not is_impossible(view.cells[cell])
    ]
    members = [system.members(views[one.view].cells[one.cell]) for one in cells]
    counts = [float(views[one.view].truth[one.cell]) for one in cells]
    low, high = intervals(system, members, counts, threshold, effort=effort)
    usable = np.ones(len(system.named), dtype=bool)
    arithmetic = Arithmetic(system, usable) if exactly else None
    for number, cell in enumerate(cells):
        if not is_wide(low[number], high[number], threshold):
            found = None
            if arithmetic is not None and low[number] == high[number]:
                found = arithmetic.exactly(members[number])
            yield Recovered(cell=cell, low=low[number], high=high[number], combination=found)


def intervals(
    system: System,
    members: Sequence[np.ndarray],
    counts: Sequence[float],
    threshold: int | None,
    *,
    effort: Effort,
) -> tuple[np.ndarray, np.ndarray]:
    """How few and how many people each group can be.

    members: the unknowns of each group. counts: how many people it is, which is less than their
    sum where people are in several. threshold: as far as it takes to see that a group is safe
    under it; None for all that is open.
    """
    starts = np.cumsum([0, *(len(one) for one in members)])
    columns = np.concatenate([np.empty(0, dtype=int), *members])
    targets = csr_matrix(
        (np.ones(len(columns)), columns, starts), shape=(len(members), len(system.truth))
    )
    by = settled(system, np.ones(len(system.named), dtype=bool))
    low = targets @ system.truth
    high = low.copy()
    twice = low - np.array(counts)
    is_open = by == NOT_SETTLED
    opened = csr_matrix(targets[:, np.flatnonzero(is_open)])
    settled_people = targets @ np.where(is_open, 0.0, system.truth)
    for part in parts_of_system(system, by):
        inside = csr_matrix(targets[:, part.unknowns])
        chosen = np.flatnonzero(np.diff(inside.indptr))
        if not len(chosen):
            continue
        inside = csr_matrix(inside[chosen])
        is_all = np.diff(inside.indptr) == np.diff(opened.indptr)[chosen]

        def enough(
            target: int,
            least: float,
            most: float,
            is_all: np.ndarray = is_all,
            twice: np.ndarray = (twice - settled_people)[chosen],
        ) -> bool:
            is_judged = threshold is not None and bool(is_all[target])
            span = least - twice[target], most - twice[target]
            return is_judged and is_wide(*span, threshold or 1)

        least, most = Reader(system, part, effort).spans(inside, enough, in_full=threshold is None)
        truth = inside @ system.truth[part.unknowns]
        low[chosen] += least - truth
        high[chosen] += most - truth
    return low - twice, high - twice
