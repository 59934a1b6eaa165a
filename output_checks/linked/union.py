"""Several outputs of counts as one table: the same people are one cell, and all sums hold.

Hierarchies and linked tables need nothing special then: it is protected as any other table is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from output_checks.linked.descriptions import Description, is_impossible, lies_within
from output_checks.linked.members import Members
from output_checks.linked.views import View
from output_checks.protect.attack import Attack
from output_checks.protect.optimal import Pattern, blocked_cells, cheapest_pattern
from output_checks.protect.pattern import Task
from output_checks.protect.structure import Structure, structure_of, tied_to

_MARGIN_COSTS = 10.0
Marks = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search came to. withheld: for each new output. cost, bound: of all of them.

    Costs are of the cells that had not to be withheld for themselves; no pattern that is safe
    against who knows which cells are the same people costs less than the bound, unless it withholds
    margins that this one shows.
    """

    withheld: Marks
    bound: float
    proven: bool


class Union:
    """Some views of one quantity as one table.

    views: of new outputs, and released ones of which each number is known or withheld.
    joins_cells: some cells of different outputs are one, since the data have the same people there.
    """

    def __init__(self, views: Sequence[View], members: Members, threshold: int) -> None:
        self.views = views
        self._columns = _columns_of(views, members)
        self.joins_cells = any(_of_the_same_people(views, members))
        self.size = 1 + max(int(one.max(initial=-1)) for one in self._columns)
        self._threshold = max(threshold, 1)
        self._shown = np.zeros(self.size, dtype=bool)
        self._out = np.zeros(self.size, dtype=bool)
        self._margin = np.zeros(self.size, dtype=bool)
        self._cost = np.zeros(self.size)
        values, upper = np.zeros(self.size), np.full(self.size, np.inf)
        for view, columns in zip(views, self._columns, strict=True):
            frame = view.output.table.grid.frame
            values[columns] = view.truth
            upper[columns[frame["structural_zero"].to_numpy()]] = 0.0
            self._margin[columns[frame["margin"].to_numpy()]] = True
            if view.output.released:
                self._out[columns] = True
                self._shown[columns[view.published]] = True
            else:
                np.add.at(self._cost, columns, costs_of(view))
        self._attack = Attack(
            structure=Structure(
                relations=self._relations(),
                order=np.arange(self.size),
                margin=self._margin,
                flat=False,
            ),
            values=values,
            lower=np.zeros(self.size),
            upper=upper,
            width=np.full(self.size, float(self._threshold)),
            up=np.zeros(self.size),
            down=np.zeros(self.size),
            small=self._threshold,
        )

    def withheld(self, hidden: Marks) -> np.ndarray:
        """The cells of the union of which no output shows the number."""
        found = np.zeros(self.size, dtype=bool)
        for view, columns in zip(self.views, self._columns, strict=True):
            its = view.hidden if view.output.released else hidden[view.output.name]
            found[columns[its]] = True
        return found & ~self._shown

    def is_safe(self, hidden: Marks) -> bool:
        """Whether no reader of all outputs can tell too much of a withheld cell."""
        return self._attack.holds(self.withheld(hidden))

    def unsafe(self, hidden: Marks) -> Marks:
        """For each new output the withheld cells of which too much can be told."""
        told = np.zeros(self.size, dtype=bool)
        told[self._attack.unsafe(self.withheld(hidden))] = True
        return {
            view.output.name: told[columns]
            for view, columns in zip(self.views, self._columns, strict=True)
            if not view.output.released
        }

    def spans(self, view: View, hidden: Marks) -> tuple[np.ndarray, np.ndarray]:
        """How few and how many a reader of all outputs leaves for each cell of one; NaN if shown.

        Raises ProtectionError where the solver cannot make sense of the sums.
        """
        low, high = self._attack.spans(self.withheld(hidden), quick=False)
        columns = self._columns[self.views.index(view)]
        shown = ~hidden[view.output.name]
        return np.where(shown, np.nan, low[columns]), np.where(shown, np.nan, high[columns])

    def protect(
        self, primary: Marks, hidden: Marks, allowed: Marks, most_steps: float | None = None
    ) -> Found | None:
        """The cheapest safe pattern with these cells withheld; None where there is none.

        As for a single table, margins and groups are withheld only where nothing else helps, and
        then those nearby. primary: what must be withheld for itself, and costs nothing. hidden:
        what must be withheld in any case. allowed: what may be.
        """
        must = self.withheld(hidden)
        may = self._may(allowed)
        margin = may & self._margin
        open_to_it = may & ~margin
        while True:
            task = Task(attacks=(self._attack,), primary=must, allowed=open_to_it, cost=self._cost)
            found = cheapest_pattern(task, most_steps)
            if found is not None:
                return self._found(found, primary, must)
            more = tied_to(self._attack.structure, blocked_cells(task)) & may & ~open_to_it
            if not more.any():
                return None
            open_to_it |= more

    def _found(self, found: Pattern, primary: Marks, must: np.ndarray) -> Found:
        new = {
            view.output.name: found.withheld[columns]
            for view, columns in zip(self.views, self._columns, strict=True)
            if not view.output.released
        }
        forced = sum(
            float(costs_of(view)[must[columns] & ~primary[view.output.name]].sum())
            for view, columns in zip(self.views, self._columns, strict=True)
            if not view.output.released
        )
        return Found(withheld=new, bound=found.bound + forced, proven=found.proven)

    def _may(self, allowed: Marks) -> np.ndarray:
        may = ~self._out
        for view, columns in zip(self.views, self._columns, strict=True):
            if not view.output.released:
                may[columns[~allowed[view.output.name]]] = False
        return may

    def _relations(self) -> csr_matrix:
        """The sums of every output, each once; one that is of the same people is none."""
        parts = []
        for view, columns in zip(self.views, self._columns, strict=True):
            structure = structure_of(view.output.table.plains[0])
            its = structure.relations.tocoo()
            where = columns[structure.order][its.col]
            parts.append(csr_matrix((its.data, (its.row, where)), (its.shape[0], self.size)))
        every = csr_matrix(vstack(parts, format="csr"))
        every.sum_duplicates()
        every.eliminate_zeros()
        every.sort_indices()
        return csr_matrix(every[sorted(_different(every))])


def costs_of(view: View) -> np.ndarray:
    """What withholding each cell costs: its people and 1, ten times that for margins."""
    grid = view.output.table.plains[0]
    people = grid.frame["units"].to_numpy() + 1.0
    return people * np.where(grid.frame["margin"].to_numpy(), _MARGIN_COSTS, 1.0)


def _different(rows: csr_matrix) -> Iterator[int]:
    """The rows that are not empty, and of equal ones the first."""
    seen = set()
    for row in range(rows.shape[0]):
        inside = slice(rows.indptr[row], rows.indptr[row + 1])
        key = rows.indices[inside].tobytes(), rows.data[inside].tobytes()
        if inside.start < inside.stop and key not in seen:
            seen.add(key)
            yield row


def _columns_of(views: Sequence[View], members: Members) -> list[np.ndarray]:
    """For every cell of every view the number of its people: the same where they are the same.

    They are the same by their descriptions, or, of two new outputs, by the people that the data
    have: somebody may know that. Cells of one output, and parts of each other, have sums for that.
    """
    numbers: dict[Description, int] = {}
    for view in views:
        for one in view.cells:
            numbers.setdefault(one, len(numbers))
    joined = np.arange(len(numbers))
    for some in _of_the_same_people(views, members):
        joined[[numbers[one] for one in some]] = numbers[some[0]]
    _, order = np.unique(joined, return_inverse=True)
    return [np.array([order[numbers[one]] for one in view.cells], dtype=np.intp) for view in views]


def _of_the_same_people(views: Sequence[View], members: Members) -> Iterator[list[Description]]:
    where: dict[Description, set[str]] = {}
    found: dict[bytes, dict[Description, None]] = {}
    for view in views:
        for cell in np.flatnonzero(view.truth > 0):
            description = view.cells[cell]
            if view.output.released or is_impossible(description):
                continue
            where.setdefault(description, set()).add(view.output.name)
            found.setdefault(members.bits(description).tobytes(), {})[description] = None
    for several in found.values():
        first, *others = several
        same = [
            one
            for one in others
            if not where[first] & where[one]
            and not lies_within(first, one)
            and not lies_within(one, first)
        ]
        if same:
            yield [first, *same]
