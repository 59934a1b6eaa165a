"""A grid laid out as people read it: rows down, columns across, and a sentence on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from output_checks.finding import Finding, Report
from output_checks.grid import Grid
from output_checks.words import TOTAL, Verdict, label_text, people, share_text

MOST_ROWS = 200
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """Row and column headings (one text a dimension), and the number of the cell at each place.

    cut: how many rows and columns are not shown.
    """

    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    rows: list[tuple[str, ...]]
    columns: list[tuple[str, ...]]
    cells: np.ndarray
    cut: tuple[int, int]


def pivot(grid: Grid) -> Pivot:
    """Lay a grid out by its declaration's rows and columns."""
    numbers = np.arange(grid.size).reshape(grid.shape)
    down = [axis for axis, one in enumerate(grid.dimensions) if one.on_rows]
    across = [axis for axis, one in enumerate(grid.dimensions) if not one.on_rows]
    texts = [
        [label_text(label) for label in one.labels] + [TOTAL] * grid.margins
        for one in grid.dimensions
    ]
    cells = numbers.transpose(down + across).reshape(
        int(np.prod([grid.shape[i] for i in down])), -1
    )
    return Pivot(
        row_names=tuple(grid.dimensions[axis].name for axis in down),
        column_names=tuple(grid.dimensions[axis].name for axis in across),
        rows=list(product(*(texts[axis] for axis in down)))[:MOST_ROWS],
        columns=list(product(*(texts[axis] for axis in across)))[:MOST_COLUMNS],
        cells=cells[:MOST_ROWS, :MOST_COLUMNS],
        cut=(max(0, cells.shape[0] - MOST_ROWS), max(0, cells.shape[1] - MOST_COLUMNS)),
    )


def by_cell(grid: Grid, report: Report) -> Mapping[int, list[Finding]]:
    """The findings of every cell that has any."""
    found: dict[int, list[Finding]] = {}
    for finding in report.findings:
        for cell in finding.cells:
            found.setdefault(grid.cell_at(cell), []).append(finding)
    return found


def severity_of(findings: list[Finding]) -> Verdict:
    """The worst of a cell's findings."""
    return Verdict.worst(finding.severity for finding in findings)


def value_text(row: Mapping[str, object]) -> str:
    """A cell's value as it is shown, to two decimals; [c] where withheld, a dash for no value."""
    value = row["value"]
    if row["withheld"]:
        return "[c]"
    if value is None:
        return "\u2013"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def full_text(row: Mapping[str, object]) -> str:
    """The value with all its digits, as the file has it, where the cell shows fewer."""
    value = row["value"]
    if isinstance(value, float) and not row["withheld"] and round(value, 2) != value:
        return f"exactly {value!r}"
    return ""


def evidence_text(grid: Grid, row: Mapping[str, object]) -> str:
    """What is behind a cell, in one line."""
    parts = [people(float(str(row["units"])))]
    if row["records"] != row["units"]:
        parts.append(f"{row['records']:,} records")
    if grid.statistic != "count":
        parts.append(f"{people(float(str(row['units_with_value'])))} with a value")
        total = float(str(row["total_absolute"]))
        if total:
            share = 100 * float(str(row["largest"])) / total
            said = share_text(share) if share > 99 else f"{share:.1f} %"
            parts.append(f"largest contributor {said} of the total")
    if row["withheld"]:
        parts.append(_interval(row))
    return " · ".join(parts)


def _interval(row: Mapping[str, object]) -> str:
    def end(value: object, otherwise: str) -> str:
        return otherwise if value is None else f"{value:,.6g}"

    return (
        f"withheld: a reader can tell {end(row['lower'], 'nothing')} to "
        f"{end(row['upper'], 'anything')}"
    )


def headline(report: Report) -> str:
    """The verdict in words."""
    cells = len({tuple(cell.items()) for one in report.findings for cell in one.cells})
    policy = f"the policy {report.policy.name}"
    where = f" in {cells} {'cell' if cells == 1 else 'cells'}" if cells else ""
    count = f"{len(report.findings)} {'finding' if len(report.findings) == 1 else 'findings'}"
    if report.verdict is Verdict.PASS:
        return f"Pass: no rule of {policy} finds anything."
    if report.verdict is Verdict.REVIEW:
        return f"Review: {count}{where} that a person must judge under {policy}."
    return f"Fail: {count}{where} under {policy}; it cannot be released like this."


def caption(grid: Grid, of: str | None) -> str:
    """What the table shows."""
    what = "Number of people" if grid.statistic == "count" else f"{grid.statistic.title()} of {of}"
    return f"{what} by {' and '.join(one.name for one in grid.dimensions)}"


def where_text(finding: Finding) -> str:
    """The first cells of a finding, in words; nothing where it is about the whole output."""
    cells = [
        ", ".join(f"{name} = {label_text(label)}" for name, label in cell.items())
        for cell in finding.cells[:3]
    ]
    return "; ".join(cells) + (" ..." if len(finding.cells) > 3 else "")
