"""Counts that are rounded or changed in one output, and means with all their digits in another.

The digits of a mean tell a number that its people are a multiple of (`rules.precision`). Where only
one multiple is what a changed count can have been, changing it was no use.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from output_checks.grid import Grid
from output_checks.linked.report import LinkedFinding
from output_checks.linked.shown import Shown, of_the_same_cells
from output_checks.linked.views import Output
from output_checks.protect.rounded import conventional_bounds
from output_checks.rules.cells import APPROXIMATE, numbers, shown
from output_checks.rules.precision import alone_in, multiples
from output_checks.statistics import Kind
from output_checks.words import Verdict


def digits_told(outputs: Sequence[Output]) -> Iterator[LinkedFinding]:
    """Find the changed counts that means of the same cells in another output tell exactly."""
    for some in of_the_same_cells(outputs, lambda grid: _is_changed(grid) or _is_exact(grid)):
        counts = [one for one in some if _is_changed(one.grid)]
        means = [one for one in some if _is_exact(one.grid)]
        for count, mean in ((one, other) for one in counts for other in means):
            is_old = count.output.released and mean.output.released
            cells = _told(count.grid, mean.grid)
            if count.output is not mean.output and not is_old and cells.size:
                yield _finding(count, mean, cells)


def _is_changed(grid: Grid) -> bool:
    return grid.kind is Kind.COUNT and (grid.method in APPROXIMATE or _base(grid) > 1)


def _is_exact(grid: Grid) -> bool:
    return grid.kind is Kind.MEAN and grid.method in {"", "suppress"}


def _base(grid: Grid) -> int:
    return int(grid.protection.options.get("base", 1)) if grid.protection else 1


def _told(count: Grid, mean: Grid) -> np.ndarray:
    """The cells whose mean tells which of all that its changed count can have been it was.

    Only where everybody has one value: of others a mean tells who has one.
    """
    records = np.nan_to_num(numbers(mean, "records_with_value")).astype(np.int64)
    least, most = conventional_bounds(numbers(count, "value"), _base(count))
    if count.method in APPROXIMATE:
        least, most = numbers(count, "people_lower"), numbers(count, "people_upper")
    told, _ = multiples(numbers(mean, "sum"), records)
    both = shown(count) & shown(mean) & (records == numbers(count, "exact")) & (most > least)
    return np.flatnonzero(both & alone_in(told, np.nan_to_num(least), np.nan_to_num(most)))


def _finding(count: Shown, mean: Shown, cells: np.ndarray) -> LinkedFinding:
    is_out = count.output.released or mean.output.released
    number = f"{len(cells)} {'count' if len(cells) == 1 else 'counts'}"
    places = count.grid.places([int(cell) for cell in cells])
    return LinkedFinding(
        rule="differencing" if is_out else "linked_tables",
        severity=Verdict.REVIEW,
        message=f"“{count.output.name}” changes its counts, but the digits of the means of "
        f"“{mean.output.name}” tell {number} of it exactly: no other number that the changed count "
        "can have been gives such a mean.",
        remedy="Round the means to fewer digits, or work them out of the changed counts.",
        cells=tuple((one.output.name, place) for one in (count, mean) for place in places),
    )
