"""What withheld sums of one line are together, and which cell more to withhold where that fails.

The sum of a line's withheld cells is its total less its other parts, so that it is published like
a cell, and judged like one: by dominance and the p % rule. The search for a pattern looks at single
cells; what fails here is mended after it, one cell at a time.
"""

from functools import reduce

import numpy as np
import polars as pl
from scipy.sparse import csc_matrix, csr_matrix, kron

from output_checks.findings import FAIL, REVIEW
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.protect.contributions import PERSON, PLACE, covering, inner_shape, people
from output_checks.protect.subject import Subject
from output_checks.rules.withheld_sums import QUANTITIES, Line, OfCells, lines_of, ranks_of_sums
from output_checks.statistics import Kind

DOMINATED_TOGETHER = (
    "what the withheld cells of a line are together is its total less what is shown of it, and one "
    "or two people make up most of that, whatever else is withheld."
)


class OfPeople:
    """Contributions to several cells of a line together, added up person by person."""

    def __init__(self, by: csc_matrix) -> None:
        self._by = by

    def together(self, cells: np.ndarray) -> tuple[float, float, float]:
        """The largest, the next, and all absolute contributions."""
        each = np.abs(np.asarray(self._by[:, cells].sum(axis=1)).ravel())
        second, first = np.sort(np.append(each, [0.0, 0.0]))[-2:]
        return float(first), float(second), float(each.sum())


Known = OfCells | OfPeople


class Together:
    """Judges what the withheld cells of every line of a table are together."""

    def __init__(self, subject: Subject, *, reviews: bool = False) -> None:
        self._grid, self._policy = subject.grids[0], subject.policy
        self._worst = REVIEW if reviews else FAIL
        self._known = [one for grid in subject.grids for one in _known(subject, grid)]

    def further_cells(self, withheld: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """Of every line that fails the cheapest cell that mends it, or else the largest.

        All in the order of the grid; none where nothing fails, or nothing more may be withheld.
        """
        more = np.zeros(self._grid.size, dtype=bool)
        for line in self.failing(withheld):
            others = line.others[allowed[line.others]]
            if len(others):
                more[self._chosen(line, others)] = True
        return more

    def failing(self, withheld: np.ndarray) -> list[Line]:
        """The lines that fail; a single withheld cell is judged by its interval."""
        if not self._known:
            return []
        lines = lines_of(self._grid, withheld)
        return [one for one in lines if len(one.withheld) > 1 and self._fails(one.withheld)]

    def _fails(self, cells: np.ndarray) -> bool:
        return any(_rank(one, cells, self._policy) >= self._worst for one in self._known)

    def _chosen(self, line: Line, others: np.ndarray) -> int:
        grid = self._grid
        cost = grid.frame["units"].to_numpy() + 1.0
        cost = cost * np.where(grid.frame["margin"].to_numpy(), 10.0, 1.0)
        dearer = others[np.argsort(cost[others], kind="stable")]
        for cell in dearer:
            if not self._fails(np.append(line.withheld, cell)):
                return int(cell)
        return int(dearer[-1])


def _rank(known: Known, cells: np.ndarray, policy: Policy) -> int:
    first, second, total = (np.array(one) for one in known.together(cells))
    return int(ranks_of_sums(first, second, total, policy))


def _known(subject: Subject, grid: Grid) -> list[Known]:
    """What is known of the contributions to each quantity that a statistic shows."""
    columns = QUANTITIES.get(grid.kind, ())
    if columns and grid.overlaps:
        return [OfPeople(one) for one in _by_person(subject, grid)]
    return [OfCells(grid, names) for names in columns]


def _by_person(subject: Subject, grid: Grid) -> list[csc_matrix]:
    """For each quantity what everybody adds to every cell: people in rows, cells in columns."""
    of, per, weight = (str(one) for one in (grid.of, grid.per, grid.weight))
    value = pl.col(of).cast(pl.Float64)
    times = pl.lit(1.0) if grid.weight is None else pl.col(weight).cast(pl.Float64)
    asked = [(value * times).sum().alias("of this quantity")]
    if grid.kind is Kind.RATIO:
        base = pl.col(per).cast(pl.Float64)
        both = value.is_not_null() & base.is_not_null()
        asked = [
            pl.when(both).then(one * times).sum().alias(f"of quantity {number}")
            for number, one in enumerate((value, base))
        ]
    found = people(subject, asked)
    who = found[PERSON].rank("dense").to_numpy().astype(np.intp) - 1
    where = found[PLACE].to_numpy()
    shape = (int(who.max(initial=-1)) + 1, int(np.prod(inner_shape(grid))))
    axes = [covering(one, margins=grid.margins).astype(float) for one in grid.dimensions]
    above = reduce(lambda one, other: csr_matrix(kron(one, other, format="csr")), axes)
    return [
        csc_matrix(csr_matrix((found[name].to_numpy(), (who, where)), shape) @ above.T)
        for name in found.columns
        if name.startswith("of ")
    ]
