"""How far a withheld sum must be able to rise, and what withheld sums of one line are together.

Sources: p % rule and (n,k) rule as upper protection levels, Hundepool et al. (2012), Statistical
Disclosure Control, chapter 4; that the withheld cells of a line are one published sum, Fischetti &
Salazar and Robertson & Ethier, Cell suppression: experience and theory (2002).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from output_checks.findings import FAIL, PASS
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.cells import flags, numbers
from output_checks.rules.contributions import DIVIDED_BY, SUMMED
from output_checks.rules.dominance import ranks_of_contributors
from output_checks.statistics import Kind

QUANTITIES = {
    Kind.SUM: (SUMMED[:3],),
    Kind.MEAN: (SUMMED[:3],),
    Kind.RATIO: (SUMMED[:3], DIVIDED_BY),
}
"""For statistics of sums the columns with the largest, the next, and all absolute contributions."""
_EXACTLY = 1 - 1e-12
_LEAST_SHARE = 1e-3
"""A limit below this share, in percent, fails whatever the rest; no more is asked of it."""


def needed_above(
    first: np.ndarray, second: np.ndarray, total: np.ndarray, policy: Policy
) -> np.ndarray:
    """How far above its total a reader must think a cell possible, 0 where it is not dominated.

    first, second, total: absolute contributions. With so much more from others than the largest two
    the cell would meet the policy's p % rule and the limits of dominance that fail: who knows the
    second contribution, and that the cell is no more than so much, can tell no more of the first
    than these rules let them.
    """
    levels = [
        policy.p_percent / 100 * first - (total - first - second),
        first * (100 / max(policy.dominance_1_fail, _LEAST_SHARE)) - total,
        (first + second) * (100 / max(policy.dominance_2_fail, _LEAST_SHARE)) - total,
    ]
    return np.maximum(np.max(levels, axis=0), 0.0)


def ranks_of_sums(
    first: np.ndarray, second: np.ndarray, total: np.ndarray, policy: Policy
) -> np.ndarray:
    """How bad these absolute contributions are by dominance and the p % rule, as ranks."""
    ranks = np.full(np.shape(total), PASS)
    some = np.asarray(total) > 0
    rest = np.maximum(total - first - second, 0.0)
    ranks[some & (rest < policy.p_percent / 100 * first * _EXACTLY)] = FAIL
    whole = np.where(some, total, 1.0)
    for count, part in ((1, first), (2, first + second)):
        by_share = ranks_of_contributors(policy, count, 100 * (part / whole))
        ranks = np.where(some, np.maximum(ranks, by_share), ranks)
    return ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A shown total with parts that are withheld: their sum is the total less the other parts.

    total: the number of its cell. withheld, others: those of its parts.
    """

    total: int
    withheld: np.ndarray
    others: np.ndarray


def lines_of(grid: Grid, withheld: np.ndarray) -> Iterator[Line]:
    """Every total and group that is shown, some of whose parts are withheld."""
    cells = np.arange(grid.size).reshape(grid.shape)
    for axis, one in enumerate(grid.dimensions):
        along = np.moveaxis(cells, axis, 0).reshape(grid.shape[axis], -1)
        sums = [(len(one.labels) + at, group.members) for at, group in enumerate(one.groups)]
        sums += [(len(one.texts), one.tops)] * grid.margins
        for position, members in sums:
            parts, totals = along[list(members)], along[position]
            hidden = withheld[parts]
            for number in np.flatnonzero(~withheld[totals] & hidden.any(axis=0)):
                its = hidden[:, number]
                yield Line(
                    total=int(totals[number]),
                    withheld=parts[its, number],
                    others=parts[~its, number],
                )


class OfCells:
    """Contributions to several cells together, where everybody is in one of them.

    Who is in several is taken for several people.
    """

    def __init__(self, grid: Grid, columns: tuple[str, ...]) -> None:
        self._first, self._second, self._total = (
            np.nan_to_num(numbers(grid, name)) for name in columns
        )

    def together(self, cells: np.ndarray) -> tuple[float, float, float]:
        """The largest, the next, and all absolute contributions."""
        every = np.sort(np.concatenate([self._first[cells], self._second[cells]]))
        return float(every[-1]), float(every[-2]), float(self._total[cells].sum())


def dominated_lines(grid: Grid, policy: Policy) -> Iterator[tuple[Line, int, float]]:
    """Lines whose withheld cells do not pass together: the line, the rank, the largest's share.

    The share is in percent. One withheld cell alone is none: its interval says what is known.
    """
    for columns in QUANTITIES.get(grid.kind, ()):
        known = OfCells(grid, columns)
        for line in lines_of(grid, flags(grid, "withheld")):
            if len(line.withheld) > 1:
                first, second, total = known.together(line.withheld)
                rank = int(ranks_of_sums(*map(np.array, (first, second, total)), policy))
                if rank != PASS:
                    yield line, rank, 100 * first / total
