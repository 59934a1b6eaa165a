"""The exact search: every small group that follows from all known sums together.

An unknown can be part of a group of fewer than the threshold only if it cannot be as large as
the threshold itself (duality of linear programs); those few are looked at one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.linked.arithmetic import Arithmetic, Combination
from output_checks.linked.reader import (
    NOT_SETTLED,
    TOLERANCE,
    Effort,
    Reader,
    parts_of_system,
    settled,
)
from output_checks.linked.system import Named, System
from output_checks.linked.views import View
from output_checks.rules.threshold import is_wide


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmallGroup:
    """People whom the sums single out.

    unknowns: the combinations of kinds that they have. low, high: how many they are, for a reader
    who is not certain; the same where it is certain. combination: the arithmetic, where there is.
    """

    unknowns: np.ndarray
    low: int
    high: int
    combination: Combination | None


def small_groups(
    system: System,
    views: Sequence[View],
    threshold: int,
    *,
    explained: np.ndarray,
    effort: Effort,
) -> Iterator[SmallGroup]:
    """Find the groups of 1 to threshold - 1 people that only several outputs give away.

    explained: unknowns that need no further explanation. Groups that released outputs give away
    by themselves are left out: nothing new reveals them. effort: what may be spent; see whether
    it was enough.
    """
    every = np.ones(len(system.named), dtype=bool)
    after, before = Arithmetic(system, every), Arithmetic(system, _known_before(system, views))
    is_out = any(one.output.released for one in views)
    alone = _Alone(system, views)
    smallest = _smallest_published(system, views)
    done = explained.copy()
    for unknown, low, high in _suspects(system, threshold, effort):
        below = int(min(threshold, smallest[unknown]))
        is_told = is_wide(low, high, threshold) and alone.tells(unknown, below)
        if is_told or done[unknown] or high >= below - TOLERANCE:
            continue
        if not effort.spend(len(system.truth)):
            return
        if is_out and before.smallest_group(unknown, below) is not None:
            continue
        found = after.smallest_group(unknown, below)
        if found is not None and found.is_group:
            unknowns = np.array(sorted(found.group))
            done[unknowns] = True
            if not _is_of_one_output(system, views, found):
                yield SmallGroup(
                    unknowns=unknowns, low=found.total, high=found.total, combination=found
                )
        elif not is_wide(low, high, threshold):
            done[unknown] = True
            yield SmallGroup(
                unknowns=np.array([unknown]), low=int(low), high=int(high), combination=None
            )


def small_by_equations(
    system: System, known: System, views: Sequence[View], threshold: int, effort: Effort
) -> Iterator[SmallGroup]:
    """Find kinds of few people that equations beside the sums tell better than the sums do.

    known: the same unknowns first, with equations on them. As no arithmetic of whole numbers gives
    such a group, every unknown is asked about that cannot be as large as the threshold: whoever is
    part of a small group that follows is among them.
    """
    by_sums = {one: high - low for one, low, high in _suspects(system, threshold, effort)}
    smallest = _smallest_published(system, views)
    for unknown, low, high in _suspects(known, threshold, effort):
        if unknown >= len(system.truth) or high >= min(threshold, smallest[unknown]) - TOLERANCE:
            continue
        is_new = high - low < by_sums.get(unknown, np.inf) - TOLERANCE
        if is_new and not is_wide(low, high, threshold):
            yield SmallGroup(
                unknowns=np.array([unknown]),
                low=int(np.ceil(low - TOLERANCE)),
                high=int(np.floor(high + TOLERANCE)),
                combination=None,
            )


class _Alone:
    """What one output tells by a single sum less the cells that it shows: no need to search it."""

    def __init__(self, system: System, views: Sequence[View]) -> None:
        self._system = system
        self._by_unknown = system.sums.tocsc()
        self._outputs = [
            _publishing(system, views, row) if named else set()
            for row, named in enumerate(system.named)
        ]
        self._shown: dict[str, np.ndarray] = {}
        single = np.diff(system.sums.indptr) == 1
        for row in np.flatnonzero(single & (system.least == system.most)):
            for name in self._outputs[row]:
                nobody = np.zeros(len(system.truth), dtype=bool)
                shown = self._shown.setdefault(name, nobody)
                shown[system.sums.indices[system.sums.indptr[row]]] = True

    def tells(self, unknown: int, below: int) -> bool:
        """Whether an output tells so that fewer than `below` have this and what it withholds."""
        sums = self._system.sums
        start, end = self._by_unknown.indptr[unknown : unknown + 2]
        for row in self._by_unknown.indices[start:end]:
            inside = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
            for name in self._outputs[row] & self._shown.keys():
                left = inside[~self._shown[name][inside]]
                if unknown in left and self._system.truth[left].sum() < below:
                    return True
        return False


def _suspects(system: System, threshold: int, effort: Effort) -> list[tuple[int, float, float]]:
    """Unknowns of few people that cannot be as many as the threshold: (which, least, most)."""
    by = settled(system, np.ones(len(system.named), dtype=bool))
    small = (system.truth >= 1) & (system.truth < threshold)
    found = [
        (int(one), float(system.truth[one]), float(system.truth[one]))
        for one in np.flatnonzero(small & (by != NOT_SETTLED))
    ]
    for part in parts_of_system(system, by):
        inside = np.flatnonzero(small[part.unknowns])
        if len(inside):
            reader = Reader(system, part, effort)
            low, high = reader.lifted(inside, threshold)
            found += [
                (int(part.unknowns[one]), float(least), float(most))
                for one, least, most in zip(inside, low, high, strict=True)
                if most < threshold - TOLERANCE
            ]
    return sorted(found, key=lambda one: (one[2], one[0]))


def _smallest_published(system: System, views: Sequence[View]) -> np.ndarray:
    """For every unknown the smallest single published number that it is part of."""
    smallest = np.full(len(system.truth), np.inf)
    for row in np.flatnonzero(system.least == system.most):
        if _publishing(system, views, row):
            inside = system.sums.indices[system.sums.indptr[row] : system.sums.indptr[row + 1]]
            count = system.truth[inside].sum()
            smallest[inside] = np.minimum(smallest[inside], count)
    return smallest


def _publishing(system: System, views: Sequence[View], row: int) -> set[str]:
    """The outputs that show the number of a sum by themselves; none where their ranges meet."""
    return {
        views[one.view].output.name
        for one in system.named[row]
        if views[one.view].published[one.cell]
    }


def _known_before(system: System, views: Sequence[View]) -> np.ndarray:
    """The sums whose number released outputs tell without the new ones."""
    return np.array([_is_known_before(named, views) for named in system.named], dtype=bool)


def _is_known_before(named: Sequence[Named], views: Sequence[View]) -> bool:
    old = [one for one in named if views[one.view].output.released]
    if not old:
        return not named
    least = max(views[one.view].least[one.cell] for one in old)
    return bool(least == min(views[one.view].most[one.cell] for one in old))


def _is_of_one_output(system: System, views: Sequence[View], found: Combination) -> bool:
    """Whether one output shows all numbers of the arithmetic: its own report speaks of that."""
    shown = [_publishing(system, views, row) for row in found.terms if system.named[row]]
    return bool(set.intersection(*shown))
