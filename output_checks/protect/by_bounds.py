"""Which cell more to withhold against who knows that totals bound their parts, and no more.

Where people are in several cells, that reader is no sum of cells, so that the search for a pattern
cannot be told of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.protect.attack import Attack
from output_checks.protect.attackers import attacks_on
from output_checks.protect.structure import Structure, tied_to

_MOST_TRIED = 24
"""Cells that are tried one by one for each that is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByBounds:
    """A table against that reader; cells in the structure's order.

    allowed: which may be withheld. cost: what withholding each costs.
    """

    grids: Sequence[Grid]
    structure: Structure
    policy: Policy
    allowed: np.ndarray
    cost: np.ndarray

    def further_cells(
        self, attacks: Sequence[Attack], wanted: np.ndarray, withheld: np.ndarray
    ) -> np.ndarray:
        """For each cell that is told too well the cheapest beside it that leaves more of it open.

        wanted: cells that had to be withheld; a reader does not know them (see `attacks_on`).
        """
        more = np.zeros(len(withheld), dtype=bool)
        for number, attack in enumerate(attacks):
            for cell in attack.unsafe_by_bounds(withheld):
                near = self._near(int(cell))
                if not (more & near).any():
                    more |= self._chosen(number, int(cell), (wanted, withheld), near)
        return more

    def _near(self, cell: int) -> np.ndarray:
        return tied_to(self.structure, np.arange(self.structure.size) == cell)

    def _chosen(
        self, number: int, cell: int, now: tuple[np.ndarray, np.ndarray], near: np.ndarray
    ) -> np.ndarray:
        wanted, withheld = now
        possible = self.allowed & ~withheld
        some = possible & near if (possible & near).any() else possible
        cells = np.flatnonzero(some)
        ordered = cells[np.argsort(self.cost[cells], kind="stable")]
        before = self._width(number, cell, wanted, withheld)
        for other in ordered[:_MOST_TRIED]:
            mark = np.arange(len(withheld)) == other
            if self._width(number, cell, wanted | mark, withheld | mark) > before:
                return mark
        mark = np.zeros(len(withheld), dtype=bool)
        mark[ordered[:1]] = True
        return mark

    def _width(self, number: int, cell: int, wanted: np.ndarray, withheld: np.ndarray) -> float:
        attack = attacks_on(self.grids, self.structure, self.policy, wanted)[number]
        return attack.width_by_bounds(withheld, cell)
