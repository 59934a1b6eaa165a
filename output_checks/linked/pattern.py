"""Which cells of which outputs are withheld, kept the same wherever the same people are shown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from output_checks.errors import ProtectionError
from output_checks.linked.comparison import Comparison
from output_checks.linked.descriptions import Description, is_impossible
from output_checks.linked.hidden import intervals
from output_checks.linked.hiding import Group, Hiding
from output_checks.linked.reader import Effort
from output_checks.linked.small_groups import small_groups
from output_checks.linked.subtraction import differences
from output_checks.linked.system import System, TooLargeError
from output_checks.linked.union import Found, Marks, Union, costs_of
from output_checks.linked.views import PEOPLE, Output, Same, View
from output_checks.linked.wording import cell_text
from output_checks.rules.threshold import is_wide

_MARGIN_COSTS = 10.0
MOST_IN_FULL = 3_000
"""Unknowns of which intervals are worked out to their ends."""
COARSEN = (
    "Make the outputs coarser instead: merge categories, use fewer dimensions, or give them the "
    "same population."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a pattern costs, and what no safe one costs less than."""

    cost: float
    bound: float


class Pattern:
    """The withheld cells of the new outputs of a comparison; it only grows.

    hidden: for every new output, which of its cells. allowed: which may be withheld: those whose
    people are in no released output, and which can have people at all. union: the counts as one
    table, None where they are none. unchecked: what was too large to search, in a sentence.
    """

    def __init__(self, comparison: Comparison, threshold: int) -> None:
        self._comparison = comparison
        self._threshold = threshold
        self._views = comparison.views
        self._same: dict[Same, list[tuple[View, int]]] = {}
        self._out: dict[Same, tuple[View, int]] = {}
        for view, cell in self._places():
            if not view.output.released:
                self._same.setdefault(view.same[cell], []).append((view, cell))
            elif view.published[cell]:
                self._out[view.quantity, view.cells[cell]] = (view, cell)
        self.unchecked = ""
        self._systems: dict[str, System] = {}
        self.hidden: dict[str, np.ndarray] = {}
        self.allowed: dict[str, np.ndarray] = {}
        for view in (one for one in self._views if not one.output.released):
            name, size = view.output.name, len(view.cells)
            self.hidden.setdefault(name, np.zeros(size, dtype=bool))
            may = np.array([self._may_hide(view, cell) for cell in range(size)])
            self.allowed[name] = self.allowed.get(name, np.ones(size, dtype=bool)) & may

        counts = [one for one in self._views if one.quantity == PEOPLE and _is_plain(one)]
        is_possible = any(not one.output.released for one in counts)
        self.union: Union | None = None
        if is_possible and not comparison.people.overlaps:
            self.union = Union(counts, comparison.members, threshold)

    def as_one_table(self, primary: Marks) -> Found | None:
        """Withhold the cheapest safe pattern of the counts as one table; None where there is none.

        primary: what each output must withhold for itself.
        """
        if self.union is None:
            return None
        found = self.union.protect(primary, self.hidden, self.allowed)
        if found is not None:
            for name, cells in found.withheld.items():
                self.hide(name, cells)
        return found

    def costs(self, found: Found | None, primary: Marks) -> Costs | None:
        """What the outputs of counts cost now, beyond their primary cells, and the bound."""
        if found is None or self.union is None:
            return None
        cost = sum(
            float(costs_of(view)[self.hidden[view.output.name] & ~primary[view.output.name]].sum())
            for view in self.union.views
            if not view.output.released
        )
        return Costs(cost=cost, bound=found.bound)

    def is_in_union(self, name: str) -> bool:
        """Whether an output of this name is part of the one table of counts."""
        return self.union is not None and any(view.output.name == name for view in self.union.views)

    @property
    def outputs(self) -> list[Output]:
        """All outputs of the comparison, each once."""
        return list({view.output.name: view.output for view in self._views}.values())

    def spans(self, view: View) -> tuple[np.ndarray, np.ndarray]:
        """How few and how many people a reader of all outputs leaves for each withheld cell.

        NaN for cells that are shown, and where that is too large to work out.
        """
        try:
            return self._joint_spans(view)
        except TooLargeError:
            if self.union is not None and view in self.union.views:
                return self.union.spans(view, self.hidden)
            return np.full(len(view.cells), np.nan), np.full(len(view.cells), np.nan)

    def _joint_spans(self, view: View) -> tuple[np.ndarray, np.ndarray]:
        views = [one for one in self._views if one.quantity == view.quantity]
        system = self._system(views)
        rows = np.array([self._is_hidden(views, system, row) for row in range(len(system.named))])
        now = opened(system, rows)
        cells = [
            int(cell)
            for cell in np.flatnonzero(self.hidden[view.output.name])
            if not is_impossible(view.cells[cell])
        ]
        groups = [(now.members(view.cells[cell]), float(view.truth[cell])) for cell in cells]
        low, high = np.full(len(view.cells), np.nan), np.full(len(view.cells), np.nan)
        # Of many unknowns as far as it takes to see them safe: all of that is possible.
        enough = self._threshold if len(now.truth) > MOST_IN_FULL else None
        low[cells], high[cells] = _spans(now, groups, enough)
        return low, high

    def _places(self) -> Iterator[tuple[View, int]]:
        for view in self._views:
            for cell, description in enumerate(view.cells):
                if not is_impossible(description):
                    yield view, cell

    def _may_hide(self, view: View, cell: int) -> bool:
        possible = not view.output.table.grid.frame["structural_zero"][cell]
        return possible and (view.quantity, view.cells[cell]) not in self._out

    def hide(self, name: str, cells: np.ndarray) -> None:
        """Withhold cells of an output, and the same people wherever they are shown.

        Raises ProtectionError where a released output shows them.
        """
        todo = [(name, int(cell)) for cell in np.flatnonzero(cells & ~self.hidden[name])]
        while todo:
            output, cell = todo.pop()
            if self.hidden[output][cell]:
                continue
            self.hidden[output][cell] = True
            for view in self._views:
                if view.output.name == output and not view.output.released:
                    todo += self._elsewhere(view, cell)

    def _elsewhere(self, view: View, cell: int) -> list[tuple[str, int]]:
        if (view.quantity, view.cells[cell]) in self._out:
            out, at = self._out[view.quantity, view.cells[cell]]
            raise ProtectionError(
                f"{cell_text(view.output.name, view.place(cell))} would have to be withheld, but "
                f"{cell_text(out.output.name, out.place(at))} shows it already. {COARSEN}"
            )
        return [(other.output.name, at) for other, at in self._same.get(view.same[cell], ())]

    def grow(self) -> bool:
        """Withhold more until nothing can be worked out; whether any more was needed.

        What is too large to search is noted as unchecked. Raises ProtectionError where no choice
        of cells does it.
        """
        before = self._size()
        for quantity in dict.fromkeys(view.quantity for view in self._views):
            views = [view for view in self._views if view.quantity == quantity]
            try:
                self._grow(views)
            except TooLargeError as error:
                self.unchecked = f"not all sums of several outputs were searched ({error})"
        self._grow_beside_sizes()
        return self._size() > before

    def _grow(self, views: Sequence[View]) -> None:
        system = self._system(views)
        released = self._still_safe(views, system)
        size = -1
        while self._size() > size:
            size = self._size()
            groups = [*released, *self._hidden_groups(views, system)]
            self._once(views, system, groups)

    def _grow_beside_sizes(self) -> None:
        """The same for a reader who knows how many people are behind other statistics than counts.

        What is told to them of withheld counts is for a person where no choice of cells hides it.
        """
        views = self._comparison.knowing
        if not views or self._comparison.people.overlaps:
            return
        try:
            system = self._system(views, "people behind statistics too")
            released = self._still_safe(views, system, lambda view: view.behind)
            size = -1
            while self._size() > size:
                size = self._size()
                must = self._hidden_groups([one for one in views if one.behind], system)
                may = self._hidden_groups([one for one in views if not one.behind], system)
                self._once(views, system, [*released, *must], may)
        except TooLargeError as error:
            self.unchecked = (
                "not all was searched that the people behind means and shares tell beside counts "
                f"({error})"
            )

    def _system(self, views: Sequence[View], key: str = "") -> System:
        """All that a reader of these views knows; of too many combinations what any two share."""
        key = key or views[0].quantity
        if key not in self._systems:
            try:
                self._systems[key] = self._comparison.system(views, is_whole=True)
            except TooLargeError as error:
                self.unchecked = (
                    "it was not used that the same people are behind three outputs or more, only "
                    f"what any two of them share ({error})"
                )
                self._systems[key] = self._comparison.system(views, is_whole=False)
        return self._systems[key]

    def _size(self) -> int:
        return sum(int(one.sum()) for one in self.hidden.values())

    def _still_safe(
        self,
        views: Sequence[View],
        system: System,
        is_asked: Callable[[View], bool] = lambda _: True,
    ) -> list[Group]:
        """Withheld cells of released outputs that these do not give away by themselves."""
        new = np.array(
            [
                bool(named) and not any(views[one.view].output.released for one in named)
                for named in system.named
            ],
            dtype=bool,
        )
        before = opened(system, new)
        groups = [
            (before.members(view.cells[cell]), float(view.truth[cell]))
            for view in views
            if view.output.released and view.is_asked and is_asked(view)
            for cell in np.flatnonzero(view.hidden)
            if not is_impossible(view.cells[cell])
        ]
        low, high = _spans(before, groups, self._threshold)
        return [
            group
            for number, group in enumerate(groups)
            if is_wide(low[number], high[number], self._threshold)
        ]

    def _once(
        self,
        views: Sequence[View],
        system: System,
        asked: Sequence[Group],
        may: Sequence[Group] | None = None,
    ) -> None:
        """Look for what can be worked out now, and withhold what hides it.

        asked: groups that must stay unknown. may: where given, those that stay unknown where that
        can be; small groups that no output shows are then not looked for.
        """
        rows = np.array([self._is_hidden(views, system, row) for row in range(len(system.named))])
        now = opened(system, rows)
        groups = [*asked, *(self._small_groups(views, now) if may is None else may)]
        must = len(groups) if may is None else len(asked)
        if not groups:
            return
        low, high = _spans(now, groups, self._threshold)
        unsafe = [
            number
            for number in range(len(groups))
            if not is_wide(low[number], high[number], self._threshold)
        ]
        cost = np.array([self._cost(views, system, row) for row in range(len(system.named))])
        hiding = Hiding(system, cost, [groups[one] for one in unsafe], self._threshold)
        for number, group in enumerate(unsafe):
            more = hiding.hide(number, rows)
            if more is None and group < must:
                raise ProtectionError(
                    f"no choice of withheld cells makes these outputs safe together. {COARSEN}"
                )
            rows = rows if more is None else rows | more
        self._withhold(views, system, rows)

    def _withhold(self, views: Sequence[View], system: System, rows: np.ndarray) -> None:
        for row in np.flatnonzero(rows):
            for one in system.named[row]:
                view = views[one.view]
                cells = np.arange(len(view.cells)) == one.cell
                self.hide(view.output.name, cells)

    def _is_hidden(self, views: Sequence[View], system: System, row: int) -> bool:
        named = system.named[row]
        return bool(named) and all(
            not views[one.view].output.released
            and self.hidden[views[one.view].output.name][one.cell]
            for one in named
        )

    def _cost(self, views: Sequence[View], system: System, row: int) -> float:
        """What it costs to withhold a sum wherever it is shown; infinite where it must not be."""
        cost = 0.0
        for one in system.named[row]:
            view = views[one.view]
            if view.output.released or not self.allowed[view.output.name][one.cell]:
                return np.inf
            is_margin = view.output.table.grid.frame["margin"][one.cell]
            cost += (view.truth[one.cell] + 1) * (_MARGIN_COSTS if is_margin else 1.0)
        return cost or np.inf

    def _hidden_groups(self, views: Sequence[View], now: System) -> list[Group]:
        """The unknowns of every withheld cell, each description once."""
        found: dict[Description, Group] = {}
        for view in (one for one in views if not one.output.released and one.is_asked):
            for cell in np.flatnonzero(self.hidden[view.output.name]):
                if not is_impossible(view.cells[cell]):
                    found[view.cells[cell]] = now.members(view.cells[cell]), float(view.truth[cell])
        return list(found.values())

    def _small_groups(self, views: Sequence[View], now: System) -> list[Group]:
        """The unknowns of groups that several outputs single out."""
        if self._comparison.people.overlaps:
            self._hide_differences(views)
            return []
        nobody = np.zeros(len(now.truth), dtype=bool)
        effort = Effort()
        found = list(small_groups(now, views, self._threshold, explained=nobody, effort=effort))
        _refuse_unfinished(effort)
        return [(one.unknowns, float(now.truth[one.unknowns].sum())) for one in found]

    def _hide_differences(self, views: Sequence[View]) -> None:
        """Of two numbers that leave a small group, withhold the one that costs less."""
        for one in differences(views, self._comparison.members, self._threshold):
            sides = [one.smaller, one.larger]
            places = [[(views[cell.view], cell.cell) for cell in side] for side in sides]
            if any(
                self.hidden.get(view.output.name, view.hidden)[cell]
                for side in places
                for view, cell in side
            ):
                continue
            allowed = [
                side
                for side in places
                if all(
                    not view.output.released and self.allowed[view.output.name][cell]
                    for view, cell in side
                )
            ]
            if not allowed:
                raise ProtectionError(
                    f"neither of two numbers that leave a small group can be withheld. {COARSEN}"
                )
            for view, cell in allowed[0]:
                self.hide(view.output.name, np.arange(len(view.cells)) == cell)


def _is_plain(view: View) -> bool:
    """Whether each number of a view is known as it is, or withheld; new ones are."""
    return not view.output.released or bool((view.published | view.hidden).all())


def opened(system: System, rows: np.ndarray) -> System:
    """The system of a reader who does not see some of the sums."""
    return replace(
        system,
        least=np.where(rows, system.twice, system.least),
        most=np.where(rows, np.inf, system.most),
    )


def _spans(
    system: System, groups: Sequence[Group], threshold: int | None
) -> tuple[np.ndarray, np.ndarray]:
    effort = Effort()
    members, counts = [one for one, _ in groups], [count for _, count in groups]
    found = intervals(system, members, counts, threshold, effort=effort)
    _refuse_unfinished(effort)
    return found


def _refuse_unfinished(effort: Effort) -> None:
    if effort.is_spent:
        raise TooLargeError("too many sums to solve")
