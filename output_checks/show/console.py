"""A table in the terminal, with rich."""

from rich.console import Group
from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text

from output_checks.declaration import Declaration
from output_checks.finding import Report
from output_checks.grid import Grid
from output_checks.show.grouped import grouped
from output_checks.show.pivot import (
    by_cell,
    caption,
    headline,
    pivot,
    severity_of,
    value_text,
    where_text,
)
from output_checks.words import Verdict

_COLOURS = {Verdict.FAIL: "bold red", Verdict.REVIEW: "yellow", Verdict.PASS: "green"}
_MARKS = {Verdict.FAIL: "✕ ", Verdict.REVIEW: "? "}
_MOST_FINDINGS = 12


def console_table(grid: Grid, report: Report, declaration: Declaration) -> Group:
    """The verdict, the table with findings coloured on their cells, and the findings."""
    layout = pivot(grid)
    rows = grid.frame.to_dicts()
    found = by_cell(grid, report)
    drawn = RichTable(title=escape(caption(grid, declaration.of)), title_justify="left")
    for name in layout.row_names:
        drawn.add_column(escape(name))
    for labels in layout.columns:
        drawn.add_column(escape(" / ".join(labels) or "value"), justify="right")
    for labels, cells in zip(layout.rows, layout.cells, strict=True):
        texts = [Text(label) for label in labels]
        for cell in cells:
            findings = found.get(int(cell), [])
            severity = severity_of(findings)
            mark = _MARKS[severity] if findings else ""
            style = _COLOURS[severity] if findings else "dim" if rows[cell]["withheld"] else ""
            texts.append(Text(mark + value_text(rows[cell]), style=style))
        drawn.add_row(*texts)
    return Group(report_head(report), drawn, *report_lines(report))


def report_head(report: Report) -> Text:
    """The verdict in words, in its colour."""
    return Text(headline(report), style=_COLOURS[report.verdict])


def report_lines(report: Report) -> list[Text]:
    """One line a kind of finding, the first of them."""
    findings = grouped(report.findings)
    lines = [
        Text.assemble(
            (f"{one.severity} ", _COLOURS[one.severity]),
            f"{one.rule} ({where_text(one)}): " if one.cells else f"{one.rule}: ",
            f"{one.message} {one.remedy}",
        )
        for one in findings[:_MOST_FINDINGS]
    ]
    if len(findings) > _MOST_FINDINGS:
        lines.append(Text(f"and {len(findings) - _MOST_FINDINGS} more findings"))
    if report.note:
        lines.append(Text(report.note, style="dim"))
    return lines
