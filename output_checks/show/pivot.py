"""Grids laid out as people read them: rows down, columns and statistics across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from output_checks.finding import Finding, Report
from output_checks.grid import Grid
from output_checks.show.headings import Heading, Heads, headed
from output_checks.words import Verdict

MOST_ROWS = 200
MOST_COLUMNS = 60
MOST_CELLS = 4_000
"""What a person can look at; files and the command's JSON hold everything."""

Place = tuple[int, int]
"""Which of the grids, and which of its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A table's headings, and what stands at each place.

    rows, columns: headings of each row and column, one a level; where there are several
    statistics they are the last level of the columns. places: row by row, the cell of each
    column. size: rows and columns in all, of which those beyond the limits are not here.
    """

    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    rows: list[tuple[Heading, ...]]
    columns: list[tuple[Heading, ...]]
    places: list[list[Place]]
    size: tuple[int, int]

    @property
    def cut(self) -> tuple[int, int]:
        """How many rows and columns are not here."""
        return self.size[0] - len(self.rows), self.size[1] - len(self.columns)


def pivot(grids: Sequence[Grid], *, whole: bool = False) -> Pivot:
    """Lay out the statistics of one table; whole: without leaving anything out."""
    grid = grids[0]
    axes = [headed(one, margins=grid.margins) for one in grid.dimensions]
    down = [axis for axis, one in enumerate(grid.dimensions) if one.on_rows]
    across = [axis for axis, one in enumerate(grid.dimensions) if not one.on_rows]
    order = np.ix_(*[[position for position, _ in axis] for axis in axes])
    numbers = np.arange(grid.size).reshape(grid.shape)[order].transpose(down + across)
    cells = numbers.reshape(prod(len(axes[axis]) for axis in down), -1)
    rows = [_headings(one) for one in product(*(axes[axis] for axis in down))]
    columns = [_headings(one) for one in product(*(axes[axis] for axis in across))]
    most_columns = len(columns) if whole else max(1, MOST_COLUMNS // len(grids))
    kept_columns = _kept(columns, most_columns)
    most_rows = max(2, min(MOST_ROWS, MOST_CELLS // (len(kept_columns) * len(grids))))
    kept_rows = _kept(rows, len(rows) if whole else most_rows)
    return Pivot(
        row_names=tuple(grid.dimensions[axis].name for axis in down),
        column_names=tuple(grid.dimensions[axis].name for axis in across),
        rows=[rows[row] for row in kept_rows],
        columns=[
            (*columns[column], *statistic)
            for column in kept_columns
            for statistic in _statistics(grids)
        ],
        places=[
            [
                (which, int(cells[row, column]))
                for column in kept_columns
                for which in range(len(grids))
            ]
            for row in kept_rows
        ],
        size=(len(rows), len(columns) * len(grids)),
    )


def _headings(positions: Sequence[tuple[int, Heading]]) -> tuple[Heading, ...]:
    return tuple(heading for _, heading in positions)


def _statistics(grids: Sequence[Grid]) -> list[tuple[Heading, ...]]:
    """The last level of the columns; one statistic needs it only where there is no other level."""
    if len(grids) == 1 and not all(one.on_rows for one in grids[0].dimensions):
        return [()]
    return [(Heading(text=one.statistic, heads=Heads.STATISTIC),) for one in grids]


def _kept(headings: Sequence[tuple[Heading, ...]], most: int) -> list[int]:
    """The first of them, and the total at the end."""
    count = len(headings)
    if count <= most:
        return list(range(count))
    ends_in_total = bool(headings[-1]) and headings[-1][0].heads is Heads.TOTAL
    if ends_in_total and most > 1:
        return [*range(most - 1), count - 1]
    return list(range(most))


def by_place(grids: Sequence[Grid], report: Report) -> Mapping[Place, list[Finding]]:
    """The findings of every cell that has any; one about no statistic is about all of them."""
    found: dict[Place, list[Finding]] = {}
    for finding in report.findings:
        for which, grid in enumerate(grids):
            if finding.statistic in {"", grid.statistic}:
                for cell in finding.cells:
                    found.setdefault((which, grid.cell_at(cell)), []).append(finding)
    return found


def severity_of(findings: Sequence[Finding]) -> Verdict:
    """The worst of a cell's findings."""
    return Verdict.worst(finding.severity for finding in findings)
