"""What a rule is: facts that its findings and its page are written from, and what finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from output_checks.findings import PASS, Finding, Findings, Found, ranks
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
    search: yields what it finds, in the order of the cells. about_cells: withholding a cell answers
    it; other rules are about the table as a whole, or about how it is protected.
    """

    name: str
    title: str
    source: str
    finds: str
    remedy: str
    reads: Mapping[Kind, tuple[str, ...]]
    search: Callable[[Grid, Policy], Iterator[Finding | Found]]
    fields: tuple[str, ...] = ()
    only: str = ""
    about_cells: bool = False

    def judges(self, grid: Grid) -> bool:
        """Whether it is about the statistic of this grid; noise hides cells, so `noise` judges."""
        return grid.kind in self.reads and not (self.about_cells and grid.method == "noise")

    def find(self, grid: Grid, policy: Policy) -> Findings:
        """What it finds in a grid of a statistic that it is about."""
        return Findings(self.search(grid, policy))

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
        cells: np.ndarray,
        severities: Verdict | np.ndarray,
        say: Callable[..., str],
        *numbers: np.ndarray,
        remedy: str = "",
    ) -> Found:
        """One finding for each of some cells, but for a pass.

        severities: one for all, or a rank for each (see `ranks`). say: makes the sentence of a
        finding of its values in the columns `numbers`, when it is read: it may know the policy
        and what the grid is of, but must not look at the grid's cells, which may be others then.
        """
        if isinstance(severities, Verdict):
            severities = np.full(len(cells), ranks([severities])[0])
        told = severities != PASS
        return Found(
            rule=self.name,
            remedy=remedy or self.remedy,
            cells=np.asarray(cells, dtype=np.intp)[told],
            ranks=severities[told],
            numbers=tuple(column[told] for column in numbers),
            say=say,
            places=grid.places,
        )
