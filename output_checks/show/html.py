"""A table in a notebook or on the desk: findings on their cells, no script, light and dark."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from output_checks.finding import Finding, Report
from output_checks.grid import Grid
from output_checks.show.behind import evidence_details
from output_checks.show.drawing import MARKS, SAID, Drawing
from output_checks.show.grouped import grouped
from output_checks.show.headings import Heading, Heads
from output_checks.show.legend import marks_of
from output_checks.show.pivot import Pivot, Place, severity_of
from output_checks.show.saying import (
    caption,
    cut_text,
    evidence_text,
    full_text,
    headline,
    where_text,
)
from output_checks.show.style import STYLE
from output_checks.words import Verdict

MOST_FINDINGS = 12


def html_table(drawing: Drawing) -> str:
    """A self-contained piece of HTML: verdict, table, legend, findings, evidence.

    Every text of the data is escaped, and nothing runs or is fetched. Evidence is in each
    cell's title, for hovering, and in a table that opens without a pointer.
    """
    report = drawing.report
    return (
        f'<div class="output-checks">{STYLE}{verdict_html(report)}{table_html(drawing)}'
        f"{findings_html(grouped(report.findings))}{_note(report)}{evidence_details(drawing)}</div>"
    )


def verdict_html(report: Report) -> str:
    """The verdict in words, in its colour."""
    return f'<p class="oc-verdict oc-{report.verdict}">{escape(headline(report))}</p>'


def table_html(drawing: Drawing) -> str:
    """The table with its caption, what was left out of it, and the legend of what occurs."""
    layout = drawing.layout
    title = escape(caption(drawing.grids, drawing.declaration))
    body = "".join(_rows(drawing))
    return (
        f'<div class="oc-frame"><div class="oc-wrap" tabindex="0" role="region" '
        f'aria-label="{title}"><table><caption>{title}</caption>'
        f"<thead>{''.join(_head(layout))}</thead><tbody>{body}</tbody></table></div></div>"
        f"{_cut(layout)}{_legend(drawing)}"
    )


def _head(layout: Pivot) -> Iterator[str]:
    corner = "".join(
        f'<th class="oc-name" scope="col">{escape(name)}</th>' for name in layout.row_names
    )
    blank = f'<td class="oc-name" colspan="{len(layout.row_names)}"></td>'
    if layout.column_names:
        names = escape(" / ".join(layout.column_names))
        across = f'<th class="oc-name oc-across" colspan="{len(layout.columns)}">{names}</th>'
        yield f"<tr>{blank}{across}</tr>"
    levels = len(layout.columns[0])
    for level in range(levels):
        cells = "".join(_column_heads(layout, level))
        yield f"<tr>{corner if level == levels - 1 else blank}{cells}</tr>"


def _column_heads(layout: Pivot, level: int) -> Iterator[str]:
    column = 0
    for prefix, some in groupby(layout.columns, key=lambda column: column[: level + 1]):
        width = len(list(some))
        span = f' colspan="{width}" scope="colgroup"' if width > 1 else ' scope="col"'
        kinds = _kinds(prefix[-1])
        kinds += ["oc-left"] if _begins_apart(layout, column) else []
        column += width
        yield f"<th{span}{_classes(kinds)}>{_indented(prefix[-1])}</th>"


def _begins_apart(layout: Pivot, column: int) -> bool:
    """Whether a rule stands left of a column: what is missing is shown apart."""
    here = layout.columns[column]
    before = layout.columns[column - 1] if column else ()
    return any(
        heading.heads is Heads.MISSING and before[: level + 1] != here[: level + 1]
        for level, heading in enumerate(here)
    )


def _kinds(heading: Heading) -> list[str]:
    known = {Heads.GROUP, Heads.MISSING, Heads.TOTAL}
    return [f"oc-{heading.heads}"] if heading.heads in known else []


def _classes(kinds: Sequence[str]) -> str:
    return f' class="{" ".join(kinds)}"' if kinds else ""


def _indented(heading: Heading) -> str:
    inset = f'<span aria-hidden="true">{"&#8195;" * heading.depth}</span>' if heading.depth else ""
    return inset + escape(heading.text)


def _rows(drawing: Drawing) -> Iterator[str]:
    layout = drawing.layout
    before: tuple[Heading, ...] = ()
    for number, headings in enumerate(layout.rows):
        heads = "".join(_row_heads(layout, number, before))
        cells = "".join(_cell(drawing, number, column) for column in range(len(layout.columns)))
        kinds = [kind for heading in headings for kind in _kinds(heading)]
        above = ["oc-above"] if headings[-1].heads is Heads.MISSING else []
        yield f"<tr{_classes([*dict.fromkeys(kinds), *above])}>{heads}{cells}</tr>"
        before = headings


def _row_heads(layout: Pivot, number: int, before: tuple[Heading, ...]) -> Iterator[str]:
    """The headings of a row; one that goes on from the row above is drawn over both."""
    headings = layout.rows[number]
    for level, heading in enumerate(headings):
        prefix = headings[: level + 1]
        if before[: level + 1] == prefix and level < len(headings) - 1:
            continue
        height = 1
        while layout.rows[number + height : number + height + 1] and (
            layout.rows[number + height][: level + 1] == prefix
        ):
            height += 1
        is_last = level == len(headings) - 1
        span = "" if is_last or height == 1 else f' rowspan="{height}"'
        scope = "row" if is_last or height == 1 else "rowgroup"
        yield f'<th scope="{scope}"{span}{_classes(_kinds(heading))}>{_indented(heading)}</th>'


def _cell(drawing: Drawing, number: int, column: int) -> str:
    layout = drawing.layout
    place = layout.places[number][column]
    headings = (*layout.rows[number], *layout.columns[column])
    which, cell = place
    grid, row = drawing.grids[which], drawing.frames[which][cell]
    findings = drawing.found.get(place, [])
    severity = severity_of(findings)
    kinds = ["oc-total"] if any(one.heads is Heads.TOTAL for one in headings) else []
    kinds += ["oc-text"] if isinstance(row["value"], str) else []
    kinds += ["oc-left"] if _begins_apart(layout, column) else []
    if findings:
        kinds.append(f"oc-{severity}")
    elif row["withheld"]:
        kinds.append("oc-held")
    attributes = _classes(kinds) + _title(drawing, place, findings)
    if drawing.evidence and (findings or row["withheld"]):
        attributes += ' tabindex="0"'
    n = _behind(grid, row) if drawing.evidence else ""
    return f"<td{attributes}>{_mark(findings, severity)}{escape(drawing.text(place))}{n}</td>"


def _title(drawing: Drawing, place: Place, findings: Sequence[Finding]) -> str:
    which, cell = place
    grid, row = drawing.grids[which], drawing.frames[which][cell]
    lines = [full_text(row, drawing.digits[which])]
    if drawing.evidence:
        lines += [evidence_text(grid, row), *(one.message for one in findings)]
    text = "\n".join(filter(None, lines))
    return f' title="{escape(text)}"' if text else ""


def _mark(findings: Sequence[Finding], severity: Verdict) -> str:
    if not findings:
        return ""
    said = f'<span class="oc-said">{SAID[severity]}</span>'
    return f'<span aria-hidden="true">{MARKS[severity]} </span>{said}'


def _behind(grid: Grid, row: Mapping[str, object]) -> str:
    """Weighted values say how many people they rest on."""
    if grid.weight is None or row["withheld"] or row["structural_zero"]:
        return ""
    return f'<span class="oc-n">n = {row[grid.counts]:,}</span>'


def _cut(layout: Pivot) -> str:
    text = cut_text(layout.cut, layout.size)
    return f"<p>{escape(text)}</p>" if text else ""


def _legend(drawing: Drawing) -> str:
    marks = "".join(
        f'<span class="{one.look}">{escape(one.text)}</span>' for one in marks_of(drawing)
    )
    hover = "Hover over a cell for what is behind it, or open the list below."
    said = marks + (hover if drawing.evidence else "")
    return f'<p class="oc-legend">{said}</p>' if said else ""


def findings_html(findings: Sequence[Finding]) -> str:
    """The first findings, one line each."""
    if not findings:
        return ""
    lines = [_line(finding) for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        lines.append(f"<li>and {len(findings) - MOST_FINDINGS} more.</li>")
    return f'<ul class="oc-findings">{"".join(lines)}</ul>'


def _line(finding: Finding) -> str:
    where = where_text(finding)
    at = f" ({escape(where)})" if where else ""
    return (
        f"<li><strong>{escape(finding.rule.replace('_', ' '))}</strong>{at}: "
        f"{escape(finding.message)} {escape(finding.remedy)}</li>"
    )


def _note(report: Report) -> str:
    return f'<p class="oc-findings">{escape(report.note)}</p>' if report.note else ""
