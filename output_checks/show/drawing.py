"""One table about to be drawn: everything that a page, a terminal and a workbook show of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from output_checks.declaration import Declaration
from output_checks.finding import Finding, Report
from output_checks.grid import Grid
from output_checks.rules.cells import blank
from output_checks.show.pivot import Pivot, Place, by_place, pivot
from output_checks.show.saying import decimals, value_text
from output_checks.words import Verdict

MARKS = {Verdict.FAIL: "✕", Verdict.REVIEW: "?"}
SAID = {Verdict.FAIL: "fails: ", Verdict.REVIEW: "to review: "}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One table about to be drawn.

    evidence: show what is behind the cells and what is found about them; without it there is
    nothing that may not leave. whole: leave nothing out, however large it is.
    utility: what a protection cost, as names and texts.
    """

    grids: Sequence[Grid]
    report: Report
    declaration: Declaration
    evidence: bool = True
    whole: bool = False
    utility: Sequence[tuple[str, str]] = ()

    @cached_property
    def layout(self) -> Pivot:
        """Where everything stands."""
        return pivot(self.grids, whole=self.whole)

    @cached_property
    def frames(self) -> list[Mapping[int, dict[str, object]]]:
        """Every cell that is drawn, by its number, of each statistic.

        A gap that looks like a withheld cell is shown as one: see `withheld`.
        """
        drawn = {place for row in self.layout.places for place in row}
        return [self._drawn(which, drawn) for which in range(len(self.grids))]

    def _drawn(self, which: int, places: Collection[Place]) -> Mapping[int, dict[str, object]]:
        cells = sorted(cell for grid, cell in places if grid == which)
        held = self.withheld[which]
        frame = self.grids[which].frame.with_columns(withheld=held)[cells]
        return dict(zip(cells, frame.iter_rows(named=True), strict=True))

    @cached_property
    def withheld(self) -> list[pl.Series]:
        """Whether a reader sees no value in each cell of each statistic, and may not know why.

        Beside withheld cells the mean of nobody must not be told from them: that nobody is there
        would be published, although no rule was asked whether it may be.
        """
        return [_with_gaps(grid) for grid in self.grids]

    @cached_property
    def digits(self) -> list[int]:
        """How many decimals each statistic shows."""
        return [decimals(grid) for grid in self.grids]

    @cached_property
    def found(self) -> Mapping[Place, list[Finding]]:
        """The findings of each cell."""
        return by_place(self.grids, self.report) if self.evidence else {}

    def text(self, place: Place) -> str:
        """What stands at a place."""
        which, cell = place
        return value_text(self.frames[which][cell], self.digits[which])

    def for_release(self) -> "Drawing":
        """The same without evidence, and with everything that leaves."""
        return replace(self, evidence=False, whole=True)


def _with_gaps(grid: Grid) -> pl.Series:
    gaps = pl.Series(blank(grid)) & ~grid.frame["structural_zero"]
    return grid.frame["withheld"] | gaps
