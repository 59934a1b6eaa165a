"""What means, shares and sums say of withheld counts, put into findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from output_checks.linked.averages import Averages
from output_checks.linked.by_means import ByMeans, by_means
from output_checks.linked.descriptions import Description
from output_checks.linked.equations import equations_of
from output_checks.linked.findings import Wording, too_large
from output_checks.linked.reader import NOT_SETTLED, WHOLE_UP_TO, Effort, settled
from output_checks.linked.report import LinkedFinding
from output_checks.linked.small_groups import SmallGroup, small_by_equations
from output_checks.linked.system import System, TooLargeError
from output_checks.linked.ties import Tie, with_ties
from output_checks.linked.views import View


@dataclass(frozen=True, kw_only=True, eq=False)
class BesideCounts:
    """Counts, and what means, shares and sums add to them.

    counts: views of people. averages: equations between sums. ties: equations on people alone.
    system: what a reader of some views knows. said: kinds of people in words.
    """

    counts: Sequence[View]
    averages: Sequence[Averages]
    ties: Sequence[Tie]
    system: Callable[[Sequence[View]], System]
    said: Callable[[Mapping[int, int]], str]

    @property
    def views(self) -> list[View]:
        """All that takes part."""
        parts = [part for one in self.ties for part in one.parts]
        return [*self.counts, *(one.view for one in self.averages), *parts]

    def findings(self, threshold: int, told: set[Description]) -> Iterator[LinkedFinding]:
        """Withheld counts that follow, but for those that are told already, to which they come."""
        views = self.views
        if not any(one.hidden.any() for one in self.counts):
            return
        if all(one.output.released for one in views):
            return
        effort = Effort()
        names = [one.output.name for one in views]
        words = Wording(views, threshold)
        try:
            found = self._found(views, threshold, effort)
            old = [one for one in views if one.output.released]
            known = {
                old[one.cell.view].cells[one.cell.cell]
                for one in self._found(old, threshold, effort)
            }
        except TooLargeError as error:
            yield too_large(names, str(error), "not compared by what means tell of counts")
            return
        shown = [*(one.view.output.name for one in self.averages), *self._tied]
        for one in found:
            description = views[one.cell.view].cells[one.cell.cell]
            if description not in told | known:
                told.add(description)
                yield words.by_means(one, shown, are_values_known=bool(self.ties))
        if effort.is_spent:
            yield too_large(names, "too many sums to solve", "looked at only in part")

    def small_groups(self, threshold: int) -> Iterator[LinkedFinding]:
        """Kinds of few people that no output shows, told by sums and means of what they are.

        Asked only where few enough unknowns hang together for whole people to be searched, and of
        figures that need no spread. Not what released outputs tell by themselves.
        """
        views = self.views
        if not self.ties or all(one.output.released for one in views):
            return
        effort, words = Effort(), Wording(views, threshold)
        old = [one for one in views if one.output.released]
        before = {_kinds(one, system) for one, system in self._small(old, threshold, effort)}
        for one, system in self._small(views, threshold, effort):
            kinds = _kinds(one, system)
            if kinds not in before:
                yield words.group(one, system, self.said(dict(kinds)))
        if effort.is_spent:
            names = [one.output.name for one in views]
            yield too_large(names, "too many sums to solve", "looked at only in part")

    def _small(
        self, views: Sequence[View], threshold: int, effort: Effort
    ) -> Iterator[tuple[SmallGroup, System]]:
        names = {one.output.name for one in views}
        ties = [one for one in self.ties if one.output.name in names and not one.squares]
        if not ties:
            return
        try:
            system = self.system(views)
            equations = equations_of(system, [])
        except TooLargeError:  # said so where withheld counts are asked about
            return
        equations = replace(equations, rows=with_ties(equations.rows, system, ties))
        by = settled(system, np.ones(len(system.named), dtype=bool))
        unknowns = np.flatnonzero(by == NOT_SETTLED)
        if len(unknowns) <= WHOLE_UP_TO and not equations.says_nothing_of(unknowns):
            known = equations.added_to(system, unknowns, 10 * threshold)
            for one in small_by_equations(system, known, views, threshold, effort):
                yield one, system

    @property
    def _tied(self) -> list[str]:
        return [one.output.name for one in self.ties]

    def _found(self, views: Sequence[View], threshold: int, effort: Effort) -> list[ByMeans]:
        """What follows; what only spreads tell, of which a mean must be known, is not certain."""
        names = {one.output.name for one in views}
        ties = [one for one in self.ties if one.output.name in names]
        sure = [one for one in ties if not one.squares or _has_its_mean(one, ties)]
        found = list(self._by_means(views, sure, threshold, effort))
        if len(sure) < len(ties):
            seen = {one.cell for one in found}
            more = self._by_means(views, ties, threshold, effort)
            found += [replace(one, is_certain=False) for one in more if one.cell not in seen]
        return found

    def _by_means(
        self, views: Sequence[View], ties: Sequence[Tie], threshold: int, effort: Effort
    ) -> Iterator[ByMeans]:
        names = {one.output.name for one in views}
        averages = [one for one in self.averages if one.view.output.name in names]
        if (averages or ties) and any(one.hidden.any() for one in views):
            system = self.system(views)
            equations = equations_of(system, averages)
            equations = replace(equations, rows=with_ties(equations.rows, system, ties))
            yield from by_means(system, views, equations, threshold, effort)


def _kinds(one: SmallGroup, system: System) -> tuple[tuple[int, int], ...]:
    return tuple(system.kinds(int(one.unknowns[0])).items())


def _has_its_mean(spread: Tie, ties: Sequence[Tie]) -> bool:
    """Whether another figure tells the mean that a spread is around, of the same people."""
    return any(
        not one.squares
        and one.people == spread.people
        and len(one.above) == len(spread.above)
        and np.array_equal(one.above, spread.above)
        for one in ties
    )
