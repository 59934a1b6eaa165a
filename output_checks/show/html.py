"""A table in a notebook or on the desk: findings on their cells, no script, light and dark."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter

from output_checks.declaration import Declaration
from output_checks.finding import Finding, Report
from output_checks.grid import Grid
from output_checks.show.grouped import grouped
from output_checks.show.pivot import (
    Pivot,
    by_cell,
    caption,
    evidence_text,
    full_text,
    headline,
    pivot,
    severity_of,
    value_text,
    where_text,
)
from output_checks.words import TOTAL

_MOST_FINDINGS = 12
_LIGHT = """--oc-ink:#1c2024;--oc-soft:#5a6169;--oc-line:#d5d9de;--oc-head:#f3f5f7;
--oc-fail:#fbd9d5;--oc-fail-ink:#7a1410;--oc-review:#fdeec3;--oc-review-ink:#5c4300;
--oc-held:#e6e9ed;--oc-held-ink:#3c434a;--oc-pass:#d9f0df;--oc-pass-ink:#14532d;"""
_DARK = """--oc-ink:#e6e9ec;--oc-soft:#a3abb3;--oc-line:#454c54;--oc-head:#2a3036;
--oc-fail:#5f211c;--oc-fail-ink:#ffdcd8;--oc-review:#4f3f10;--oc-review-ink:#ffebb0;
--oc-held:#3a4149;--oc-held-ink:#d8dde2;--oc-pass:#173d26;--oc-pass-ink:#c9f2d6;"""
_STYLE = f"""<style>
.output-checks{{{_LIGHT}color:var(--oc-ink);font:14px/1.45 system-ui,sans-serif;max-width:100%}}
@media (prefers-color-scheme:dark){{.output-checks{{{_DARK}}}}}
[data-jp-theme-light="true"] .output-checks,[data-theme="light"] .output-checks{{{_LIGHT}}}
[data-jp-theme-light="false"] .output-checks,[data-theme="dark"] .output-checks{{{_DARK}}}
.output-checks .oc-wrap{{overflow-x:auto}}
.output-checks table{{border-collapse:collapse;margin:.5em 0;font-variant-numeric:tabular-nums}}
.output-checks caption{{caption-side:top;text-align:left;color:var(--oc-soft);padding:.2em 0}}
.output-checks th,.output-checks td{{border:1px solid var(--oc-line);padding:.3em .7em;
text-align:right;background:transparent;color:var(--oc-ink)}}
.output-checks th{{background:var(--oc-head);font-weight:600}}
.output-checks tbody th,.output-checks .oc-name{{text-align:left}}
.output-checks .oc-name{{color:var(--oc-soft)}}
.output-checks .oc-total{{font-weight:600}}
.output-checks .oc-fail{{background:var(--oc-fail);color:var(--oc-fail-ink)}}
.output-checks .oc-review{{background:var(--oc-review);color:var(--oc-review-ink)}}
.output-checks .oc-held{{background:var(--oc-held);color:var(--oc-held-ink)}}
.output-checks .oc-pass{{background:var(--oc-pass);color:var(--oc-pass-ink)}}
.output-checks .oc-verdict{{display:inline-block;padding:.35em .8em;border-radius:6px;
font-weight:600;margin:0}}
.output-checks .oc-legend span{{padding:.1em .5em;margin-right:.6em;border-radius:4px}}
.output-checks .oc-legend,.output-checks .oc-findings{{color:var(--oc-soft);margin:.3em 0}}
.output-checks .oc-findings{{padding-left:1.2em}}
</style>"""
_MARKS = {"fail": "✕ ", "review": "? "}


def html_table(grid: Grid, report: Report, declaration: Declaration) -> str:
    """A self-contained piece of HTML: verdict, table, legend, findings.

    Every text of the data is escaped. Evidence is in each cell's title, for hovering.
    """
    layout = pivot(grid)
    rows = grid.frame.to_dicts()
    found = by_cell(grid, report)
    body = "".join(_row(grid, layout, number, rows, found) for number in range(len(layout.rows)))
    return (
        f'<div class="output-checks">{_STYLE}'
        f'<p class="oc-verdict oc-{report.verdict}">{escape(headline(report))}</p>'
        f'<div class="oc-wrap"><table><caption>{escape(caption(grid, declaration.of))}</caption>'
        f"<thead>{''.join(_head(layout))}</thead><tbody>{body}</tbody></table></div>"
        f"{_cut(layout)}{_LEGEND}{_listed(grouped(report.findings))}{_note(report)}</div>"
    )


_LEGEND = (
    '<p class="oc-legend"><span class="oc-fail">✕ fails</span>'
    '<span class="oc-review">? a person must look</span>'
    '<span class="oc-held">[c] withheld</span>Hover over a cell for what is behind it.</p>'
)


def _head(layout: Pivot) -> Iterator[str]:
    corner = "".join(f'<th class="oc-name">{escape(name)}</th>' for name in layout.row_names)
    if not layout.column_names:
        yield f"<tr>{corner}<th>value</th></tr>"
        return
    blank = f'<th colspan="{len(layout.row_names)}"></th>'
    names = escape(" / ".join(layout.column_names))
    yield f'<tr>{blank}<th class="oc-name" colspan="{len(layout.columns)}">{names}</th></tr>'
    for level in range(len(layout.column_names)):
        cells = "".join(
            f'<th colspan="{len(list(group))}">{escape(prefix[-1])}</th>'
            for prefix, group in groupby(layout.columns, key=itemgetter(slice(level + 1)))
        )
        is_last = level == len(layout.column_names) - 1
        yield f"<tr>{corner if is_last else blank}{cells}</tr>"


def _row(
    grid: Grid,
    layout: Pivot,
    number: int,
    rows: Sequence[dict[str, object]],
    found: Mapping[int, list[Finding]],
) -> str:
    labels = layout.rows[number]
    head = "".join(f'<th scope="row">{escape(label)}</th>' for label in labels)
    cells = "".join(
        _cell(grid, rows[int(cell)], found.get(int(cell), [])) for cell in layout.cells[number]
    )
    kind = ' class="oc-total"' if TOTAL in labels else ""
    return f"<tr{kind}>{head}{cells}</tr>"


def _cell(grid: Grid, row: dict[str, object], findings: list[Finding]) -> str:
    evidence = (full_text(row), evidence_text(grid, row))
    lines = [*filter(None, evidence), *(one.message for one in findings)]
    severity = str(severity_of(findings))
    kinds = ["oc-total"] if row["margin"] else []
    if findings:
        kinds.append(f"oc-{severity}")
    elif row["withheld"]:
        kinds.append("oc-held")
    text = (_MARKS[severity] if findings else "") + value_text(row)
    return (
        f'<td class="{" ".join(kinds)}" title="{escape(chr(10).join(lines))}">{escape(text)}</td>'
    )


def _cut(layout: Pivot) -> str:
    if not any(layout.cut):
        return ""
    rows, columns = layout.cut
    return f"<p>{rows:,} more rows and {columns:,} more columns are not shown here.</p>"


def _listed(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    lines = [_line(finding) for finding in findings[:_MOST_FINDINGS]]
    if len(findings) > _MOST_FINDINGS:
        lines.append(f"<li>and {len(findings) - _MOST_FINDINGS} more.</li>")
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
