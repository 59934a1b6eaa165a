"""A withheld cell must stay unknown to somebody who can add and subtract.

Source: Fischetti & Salazar; SDC handbook. Protection is absolute: see suppression.md.
"""

from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.rules.threshold import is_wide
from output_checks.words import Verdict


def withheld_cells(grid: Grid, policy: Policy) -> Iterator[Finding]:
    """Find withheld cells that the published rest pins down too narrowly.

    The number of people behind a cell must have a safe interval by `is_wide`; a mean or a sum
    one at least as wide as the largest contribution to it. Both are judged against a reader who
    knows everything else, the people behind every published cell included.
    """
    columns = [
        "withheld",
        "lower",
        "upper",
        "people_lower",
        "people_upper",
        "largest",
        "records_with_value",
    ]
    for cell, row in enumerate(grid.frame.select(columns).rows()):
        withheld, lower, upper, fewest, most, largest, records = row
        if not withheld:
            continue
        if not is_wide(fewest or 0, most, policy.threshold):
            yield _finding(grid, cell, f"{fewest:,.0f} to {most:,.0f} people")
        elif largest is not None and not _hides(lower, upper, largest, grid, records):
            yield _finding(grid, cell, f"a {grid.statistic} of {lower:,.6g} to {upper:,.6g}")


def _hides(
    lower: float | None, upper: float | None, largest: float, grid: Grid, records: int
) -> bool:
    if lower is None or upper is None or not records:
        return True
    contribution = largest / records if grid.statistic == "mean" else largest
    return upper - lower >= contribution * (1 - 1e-6) and upper > lower


def _finding(grid: Grid, cell: int, interval: str) -> Finding:
    return Finding(
        rule="withheld_cells",
        severity=Verdict.FAIL,
        cells=grid.places([cell]),
        message=f"The cell is withheld, but the rest of the table shows that it has {interval}.",
        remedy="Withhold further cells with protect('suppress') under this policy, or merge "
        "categories.",
    )
