"""What a rule is: facts that its findings and its page are written from, and what finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.statistics import Kind
from output_checks.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way in which a table can give somebody away.

    name: as findings carry it. title, source, finds, remedy: for people; the source is a rule,
    a handbook or a paper. fields: the policy's fields that it is asked with. reads: for every
    kind of statistic that it is about, the evidence columns that it cannot judge without.
    only: which statistics of those kinds, in words, where not all.
    find: yields its findings, in the order of the cells. about_cells: withholding a cell answers
    it; other rules are about the table as a whole, or about how it is protected.
    """

    name: str
    title: str
    source: str
    finds: str
    remedy: str
    reads: Mapping[Kind, tuple[str, ...]]
    find: Callable[[Grid, Policy], Iterator[Finding]]
    fields: tuple[str, ...] = ()
    only: str = ""
    about_cells: bool = False

    def judges(self, grid: Grid) -> bool:
        """Whether it is about the statistic of this grid; noise hides cells, so `noise` judges."""
        return grid.kind in self.reads and not (self.about_cells and grid.method == "noise")

    def finding(
        self,
        grid: Grid,
        cells: Iterable[int],
        severity: Verdict,
        message: str,
        *,
        remedy: str = "",
    ) -> Finding:
        """One finding about some cells, or about the table where there are none."""
        return Finding(
            rule=self.name,
            severity=severity,
            cells=grid.places([int(cell) for cell in cells]),
            message=message,
            remedy=remedy or self.remedy,
        )

    def each(
        self,
        grid: Grid,
        cells: Sequence[int] | np.ndarray,
        said: Iterable[tuple[Verdict, str]],
        *,
        remedy: str = "",
    ) -> list[Finding]:
        """One finding for each of some cells, with its severity and message, but for a pass."""
        every = np.asarray(cells, dtype=np.intp)
        name, answer = self.name, remedy or self.remedy
        return [
            Finding(rule=name, severity=severity, cells=(place,), message=message, remedy=answer)
            for place, (severity, message) in zip(grid.places(every), said, strict=True)
            if severity is not Verdict.PASS
        ]
