"""A table of cells in Markdown, with a mark on every cell that a rule found something in."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from docs.generate.markdown import table
from output_checks.finding import Finding
from output_checks.grid import Grid
from output_checks.words import Verdict

WITHHELD = "[c]"
IMPOSSIBLE = "—"
NOTHING = "·"
MARKS: Mapping[Verdict, str] = {Verdict.FAIL: "✗", Verdict.REVIEW: "?"}


def marked_table(grid: Grid, findings: Sequence[Finding]) -> str:
    """Draw its cells, rows down and columns across; the worst finding of a cell marks it."""
    axes = range(len(grid.dimensions))
    down = [axis for axis in axes if grid.dimensions[axis].on_rows]
    across = [axis for axis in axes if not grid.dimensions[axis].on_rows]
    rows, columns = _places(grid, down), _places(grid, across)
    marks = _marks(grid, findings)
    names = " / ".join(grid.dimensions[axis].name for axis in down)
    heads = [" ".join(texts) or grid.statistic for _, texts in columns]
    cells = np.arange(grid.size).reshape(grid.shape)
    body = [
        (
            f"**{' '.join(texts)}**",
            *(_cell(grid, int(cells[_at(down, i, across, j)]), marks) for j, _ in columns),
        )
        for i, texts in rows
    ]
    return table((names, *heads), body)


def _places(grid: Grid, axes: Sequence[int]) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    shape = [grid.shape[axis] for axis in axes]
    return [
        (place, tuple(grid.texts(axis)[i] for axis, i in zip(axes, place, strict=True)))
        for place in np.ndindex(*shape)
    ]


def _at(
    down: Sequence[int], row: Sequence[int], across: Sequence[int], column: Sequence[int]
) -> tuple[int, ...]:
    found = dict(zip((*down, *across), (*row, *column), strict=True))
    return tuple(found[axis] for axis in sorted(found))


def _marks(grid: Grid, findings: Sequence[Finding]) -> dict[int, Verdict]:
    marks: dict[int, Verdict] = {}
    for finding in findings:
        for place in finding.cells:
            cell = grid.cell_at(place)
            marks[cell] = Verdict.worst((finding.severity, marks.get(cell, Verdict.PASS)))
    return marks


def _cell(grid: Grid, cell: int, marks: Mapping[int, Verdict]) -> str:
    row = grid.frame.row(cell, named=True)
    text = WITHHELD if row["withheld"] else _value(row["value"])
    if row["structural_zero"]:
        text = IMPOSSIBLE
    return f"**{MARKS[marks[cell]]} {text}**" if cell in marks else text


def _value(value: object) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
