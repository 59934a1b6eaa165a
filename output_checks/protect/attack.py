"""A reader who tries to work out withheld cells, and what would satisfy us against them."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

from output_checks.errors import ProtectionError
from output_checks.protect.intervals import Attainable, Enough, Judged, Published, work_out
from output_checks.protect.structure import Structure
from output_checks.rules.threshold import is_wide

_NEARLY = 1e-6
"""What the solver may leave out of how far a sum can go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One additive quantity behind the cells: people, or the sums of a variable.

    values: the truth, in the structure's order. lower, upper: what a reader knows of each cell
    beforehand. width: how wide a withheld cell's interval must be. up, down: how far beyond the
    truth it must go, of sums that a few contributors dominate; 0 for counts. small: counts below
    this are also safe when their interval covers [1, small - 1]; 0 where that does not apply.
    unit: what one step of the values stands for (sums are scaled for the solver).
    insider: the cell of a reader who is its only contributor, None for anybody.
    overlaps: people are in several cells: two readers are then withstood, one who knows by how much
    cells add up to more than their margin, and one who knows no more than two inequalities.
    apart: which sums add up all the same, since everybody is in one cell along their dimension.
    """

    structure: Structure
    values: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    width: np.ndarray
    up: np.ndarray
    down: np.ndarray
    small: int
    unit: float = 1.0
    insider: int | None = None
    overlaps: bool = False
    apart: np.ndarray | None = None

    def spans(self, withheld: np.ndarray, *, quick: bool) -> tuple[np.ndarray, np.ndarray]:
        """What the reader can work out; quick: only as far as it takes to see what is safe.

        Raises ProtectionError where the solver cannot make sense of the sums.
        """
        found = self._attainable(withheld, self.is_safe) if quick else self.worked_out(withheld)
        return found.lower, found.upper

    def worked_out(self, withheld: np.ndarray) -> Attainable:
        """All that the reader can work out, and of which cells the search came to its end.

        Where people are in several cells, no more than either of two readers leaves open.
        Raises ProtectionError as `spans` does.
        """
        found = self._attainable(withheld, None, first=self.is_safe)
        if not self._is_bounded(withheld):
            return found
        other = self._loosely(withheld, None, first=self.is_safe)
        return Attainable(
            lower=np.maximum(found.lower, other.lower),
            upper=np.minimum(found.upper, other.upper),
            floor=np.maximum(found.floor, other.floor),
            ceiling=np.minimum(found.ceiling, other.ceiling),
        )

    def _is_bounded(self, withheld: np.ndarray) -> bool:
        """Whether the reader of inequalities can know more than the one of sums.

        Where all totals are shown they do not.
        """
        return self.overlaps and bool(withheld[self.structure.parts[0]].any())

    def _attainable(
        self,
        withheld: np.ndarray,
        enough: Enough | None,
        judged: Judged | None = None,
        *,
        first: Enough | None = None,
    ) -> Attainable:
        right = self.structure.relations @ self.values
        seen = self._seen(withheld, self.structure.relations, (right, right))
        return self._worked_out(seen, enough, judged, first=first)

    def _loosely(
        self, withheld: np.ndarray, enough: Enough | None, *, first: Enough | None = None
    ) -> Attainable:
        """The same by a reader who knows that no part is more than its total, nor this than all.

        And that cells add up along the dimensions in which everybody is in one of them.
        """
        totals, parts = self.structure.parts
        number = np.arange(len(totals))
        cells, signs = np.concatenate([totals, parts]), np.repeat([1.0, -1.0], len(totals))
        pairs = csr_matrix((signs, (np.tile(number, 2), cells)), (len(totals), len(withheld)))
        relations = csr_matrix(vstack([self.structure.relations, pairs]))
        sums = relations @ self.values
        least = np.minimum(sums, 0.0)  # a sum of which not all cells are here
        most = np.full(len(least), np.inf)
        if self.apart is not None:
            rows = np.flatnonzero(self.apart)
            least[rows] = most[rows] = sums[rows]
        return self._worked_out(self._seen(withheld, relations, (least, most)), enough, first=first)

    def _seen(
        self, withheld: np.ndarray, relations: csr_matrix, right: tuple[np.ndarray, np.ndarray]
    ) -> Published:
        return Published(
            relations=relations,
            excess=right[0],
            most=right[1],
            values=np.where(withheld, np.nan, self.values),
            lower=self.lower,
            upper=self.upper,
            whole=self.small > 0,
            flat=self.structure.flat and right[0] is right[1],
        )

    def _worked_out(
        self,
        published: Published,
        enough: Enough | None,
        judged: Judged | None = None,
        *,
        first: Enough | None = None,
    ) -> Attainable:
        try:
            return work_out(published, enough, judged, first=first)
        except ValueError as error:  # the truth fits itself: only the arithmetic can be at fault
            raise ProtectionError(
                f"the audit of the withheld cells cannot be relied on ({error}); make the table "
                "coarser"
            ) from error

    def is_safe(self, cell: int, lower: float, upper: float) -> bool:
        """Whether an interval of this cell tells too little to harm anybody in it."""
        if self.lower[cell] == self.upper[cell]:
            return True
        if lower > upper or lower == np.inf:  # not known yet
            return False
        if self.small:
            return is_wide(lower, upper, self.small)
        above, below = upper - self.values[cell], self.values[cell] - lower
        is_far = above >= self.up[cell] - _NEARLY and below >= self.down[cell] - _NEARLY
        return bool(is_far and upper - lower >= self.width[cell])

    def by_insider(self, cell: int, own: np.ndarray, sensitive: np.ndarray) -> "Attack":
        """The same by the only contributor of a cell, who knows their own cells, on those named.

        own: the cell and the totals above it to which nobody else contributes.
        What others learn from it of a cell that could be shown harms nobody.
        """
        lower = np.where(own, self.values, self.lower)
        upper = np.where(own, self.values, self.upper)
        asked = sensitive & ~own
        width, up, down = (np.where(asked, one, 0.0) for one in (self.width, self.up, self.down))
        return replace(self, lower=lower, upper=upper, width=width, up=up, down=down, insider=cell)

    def are_safe(self, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
        """The same of intervals of all cells at once, each of which contains the truth."""
        width = upper - lower
        safe = self.lower == self.upper
        if self.small:
            covers = (lower <= 1) & (upper >= np.maximum(self.small - 1, lower + 1))
            return safe | covers | (width >= self.small)
        above, below = upper - self.values, self.values - lower
        is_far = (above >= self.up - _NEARLY) & (below >= self.down - _NEARLY)
        return safe | (is_far & (width >= self.width))

    def unsafe(self, withheld: np.ndarray) -> np.ndarray:
        """Withheld cells that one who knows all sums can work out too narrowly."""
        lower, upper = self.spans(withheld, quick=True)
        return self._unsafe_of(withheld, lower, upper)

    def unsafe_by_bounds(self, withheld: np.ndarray) -> np.ndarray:
        """Withheld cells of which those who know sums or bounds leave too little open."""
        if not self._is_bounded(withheld):
            return np.empty(0, dtype=int)
        found = self.worked_out(withheld)
        return self._unsafe_of(withheld, found.lower, found.upper)

    def width_by_bounds(self, withheld: np.ndarray, cell: int) -> float:
        """How much one who knows bounds leaves open of one cell."""
        found = self._loosely(withheld, lambda other, *_: other != cell)
        return float(found.upper[cell] - found.lower[cell])

    def _unsafe_of(self, withheld: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
        cells = np.flatnonzero(withheld)
        is_safe = [self.is_safe(cell, lower[cell], upper[cell]) for cell in cells]
        return cells[~np.array(is_safe, dtype=bool)]

    def holds(self, withheld: np.ndarray) -> bool:
        """Whether every withheld cell is, as `unsafe` says; ends at the first that is not."""
        is_broken = False

        def enough(cell: int, lower: float, upper: float) -> bool:
            return is_broken or self.is_safe(cell, lower, upper)

        def judged(cell: int, lower: float, upper: float) -> None:
            nonlocal is_broken
            is_broken = is_broken or not self.is_safe(cell, lower, upper)

        self._attainable(withheld, enough, judged)
        return not is_broken

    def needs(self) -> tuple[np.ndarray, np.ndarray]:
        """How far up, and how far in all, every cell can certainly move that is safe."""
        fixed = self.lower == self.upper
        if not self.small:
            up, down = (np.maximum(one - _NEARLY, 0.0) for one in (self.up, self.down))
            width = np.maximum(self.width, up + down)
            return np.where(fixed, 0.0, up), np.where(fixed, 0.0, width)
        small, values = self.small, self.values
        spared = np.where((values > 0) & (values < small), 2, np.isin(values, (0, small)))
        width = np.maximum(self.width - spared, 1.0)
        up = np.where(values < small - 1, small - 1 - values, 0.0)
        return np.where(fixed, 0.0, up), np.where(fixed, 0.0, width)

    def moves(self, cell: int) -> list[tuple[float, float]]:
        """Ways of being safe for a cell: how far (down, up) its value must be able to move."""
        value = self.values[cell]
        room = value - self.lower[cell]
        wide, up, down = self.width[cell], self.up[cell], self.down[cell]
        if not self.small:
            wide, up, down = (_a_little_more(one) for one in (wide, up, down))
        lowest = min(max(wide - up, down), room)
        ways = [(down, max(wide - down, up)), (lowest, max(wide - lowest, up))]
        if self.small and value < self.small:
            ways.insert(0, (max(value - 1, 0.0), max(self.small - 1, 2) - value))
        return ways


def _a_little_more(amount: float) -> float:
    """So much that a solver cannot come out below what was asked; nothing where that is nothing."""
    return amount * 1.001 + 1e-5 if amount > 0 else 0.0
