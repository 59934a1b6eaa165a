"""A page for the person who checks an output: one file, nothing fetched, nothing that runs."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

from output_checks.finding import Finding, Report
from output_checks.policy import SETTINGS, Policy
from output_checks.rules import RULES
from output_checks.rules.rule import Rule
from output_checks.show.behind import evidence_html
from output_checks.show.drawing import Drawing
from output_checks.show.grouped import grouped
from output_checks.show.html import table_html, verdict_html
from output_checks.show.notes import SYMBOLS, notes
from output_checks.show.saying import caption, place_text, where_text
from output_checks.show.style import PAGE_STYLE, STYLE
from output_checks.words import Verdict

MOST_CELLS = 2_000
MOST_INTERVALS = 1_000
MOST_PLACES = 200
_SECURE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'\">"
)


def report_page(drawing: Drawing, on: date | None = None) -> str:
    """The whole page about a table: verdict, table, findings, proof, evidence, policy.

    on: the date to be written on it. It shows evidence, so it is for checkers and never leaves.
    """
    report = drawing.report
    parts = [
        verdict_html(report),
        _facts(drawing, on),
        _section("The table", table_html(drawing)),
        _section("Findings", _findings(report)),
        _section("Protection", _protection(drawing)),
        _section("What is behind each cell", _evidence(drawing)),
        _section("The policy", _policy(report.policy)),
        _section("How to make it again", _declaration(drawing)),
    ]
    return _page(caption(drawing.grids, drawing.declaration), parts)


def file_report_page(reports: Sequence[tuple[str, Report]], on: date | None = None) -> str:
    """The whole page about files that were made elsewhere: (name, report) each."""
    parts = [_table((("Date", on.isoformat()),))] if on else []
    for name, report in reports:
        about = verdict_html(report) + _findings(report)
        parts.append(_section(name, about + _listed_rows(report.table)))
    parts += [_section("The policy", _policy(reports[0][1].policy))] if reports else []
    return _page("Files to be released", parts)


def released_page(drawing: Drawing, on: date | None = None) -> str:
    """A page as it would leave: the table as released and its notes, without any evidence."""
    bare = drawing.for_release()
    title = caption(bare.grids, bare.declaration)
    said = _section("Notes", _table(notes(bare, on)[1:]))
    return _page(title, [table_html(bare), said], footer="")


def picture_page(title: str, *parts: str) -> str:
    """A page around pieces of HTML that were made elsewhere in this package."""
    return _page(title, parts)


def _page(title: str, parts: Iterable[str], footer: str | None = None) -> str:
    end = _FOOTER if footer is None else footer
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'{_SECURE}<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title>{STYLE}{PAGE_STYLE}</head>"
        f'<body><main class="output-checks oc-page"><h1>{escape(title)}</h1>'
        f"{''.join(parts)}{end}</main></body></html>\n"
    )


_FOOTER = (
    "<footer>Made by output_checks. This page shows what is behind the cells: it is for output "
    "checkers and must not leave the safe setting.</footer>"
)


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>" if content else ""


def _table(rows: Iterable[tuple[str, str]]) -> str:
    """Names with what they say."""
    said = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f"<dl>{said}</dl>"


def _facts(drawing: Drawing, on: date | None) -> str:
    leave_out = {"What that means", "Also", "Automatic check", *SYMBOLS}
    rows = [(name, text) for name, text in notes(drawing, on)[1:] if name not in leave_out]
    return _table((*rows, ("Verdict rests on", _PROVENANCE[str(drawing.report.provenance)])))


_PROVENANCE = {
    "recomputed": "the data: it was computed again from them (recomputed)",
    "reproduced": "the notebook, which was run again (reproduced)",
    "asserted": "the researcher's word only (asserted)",
}


def _findings(report: Report) -> str:
    found = [_finding(one, RULES.get(one.rule)) for one in grouped(report.findings)]
    return "".join(found) or "<p>No rule of the policy finds anything.</p>"


def _finding(finding: Finding, facts: Rule | None) -> str:
    title = facts.title if facts else finding.rule.replace("_", " ")
    mark = "✕ fails" if finding.severity is Verdict.FAIL else "? a person must look"
    places = _places(finding)
    return (
        f'<h3><span class="oc-verdict oc-{finding.severity}">{mark}</span> {escape(title)}</h3>'
        f"<p>{escape(finding.message)}</p>"
        f"<p><strong>What would help:</strong> {escape(finding.remedy)}</p>{_rule(facts)}{places}"
    )


def _with_code(text: str) -> str:
    """A sentence as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _rule(facts: Rule | None) -> str:
    if facts is None:
        return ""
    return (
        f"<p><strong>The rule:</strong> {_with_code(facts.finds)} "
        f"<em>Source: {escape(facts.source)}</em></p>"
    )


def _places(finding: Finding) -> str:
    if not finding.cells:
        return ""
    if len(finding.cells) <= 3:
        return f"<p><strong>Where:</strong> {escape(where_text(finding))}</p>"
    shown = "".join(f"<li>{escape(place_text(cell))}</li>" for cell in finding.cells[:MOST_PLACES])
    rest = len(finding.cells) - MOST_PLACES
    more = f"<li>and {rest:,} more</li>" if rest > 0 else ""
    named = f" ({escape(finding.statistic)})" if finding.statistic else ""
    return (
        f"<details><summary>Where: {len(finding.cells):,} cells{named}</summary>"
        f"<ul>{shown}{more}</ul></details>"
    )


def _protection(drawing: Drawing) -> str:
    done = drawing.grids[0].protection
    if done is None:
        return "<p>None: the table is as it was computed.</p>"
    said = done.to_dict()
    options = ", ".join(f"{name} = {value}" for name, value in said["options"].items())
    rows = [("Method", done.method), ("Options", options or "none"), *_withheld(said)]
    words = [text for name, text in notes(drawing) if name in {"What that means", "Also"}]
    sentences = "".join(f"<p>{escape(text)}</p>" for text in words)
    return f"{sentences}{_table(rows)}{_utility(drawing)}{_proof(drawing)}"


def _withheld(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not said["primary"] and not said["complementary"]:
        return
    yield (
        "Withheld",
        f"{said['primary']:,} because of a rule, {said['complementary']:,} to protect them",
    )
    if said["optimal"]:
        yield "Optimality", "proven: no choice of cells costs less"
    elif said["gap"] is not None:
        yield (
            "Optimality",
            f"a choice may cost {100 * said['gap']:.1f} % less, none costs less than that",
        )
    else:
        yield "Optimality", "not proven"
    if said["cost"] is not None and said["bound"] is not None:
        text = f"{said['cost']:,.10g}; no choice of cells costs less than {said['bound']:,.10g}"
        yield "Cost", text


def _utility(drawing: Drawing) -> str:
    """What the protection cost, where the table can say it."""
    return f"<h3>What it cost</h3>{_table(drawing.utility)}" if drawing.utility else ""


def _proof(drawing: Drawing) -> str:
    rows = drawing.report.proof
    if not rows:
        return ""
    said = (
        "<h3>What a reader can still work out of withheld cells</h3><p>By adding up everything "
        "that is published. An open end is not limited by anything.</p>"
    )
    return said + _listed_rows(rows, MOST_INTERVALS)


def _evidence(drawing: Drawing) -> str:
    return evidence_html(drawing, MOST_CELLS)


def _listed_rows(rows: Sequence[Any], most: int = MOST_CELLS) -> str:
    """Rows of plain values as a table."""
    if not rows:
        return ""
    names = list(dict.fromkeys(name for row in rows[:most] for name in row))
    head = "".join(f'<th class="oc-name" scope="col">{escape(str(name))}</th>' for name in names)
    body = "".join(
        f"<tr>{''.join(_plain_cell(row.get(name)) for name in names)}</tr>" for row in rows[:most]
    )
    rest = len(rows) - most
    more = f"<p>And {rest:,} more rows.</p>" if rest > 0 else ""
    return (
        '<div class="oc-wrap" tabindex="0" role="region" aria-label="Rows">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _plain_cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = "\u2013" if value is None else str(value)
        return f'<td class="oc-text">{escape(text)}</td>'
    return f"<td>{value:,.6g}</td>"


def _policy(policy: Policy) -> str:
    about = _table((("Name", policy.title), ("Version", policy.version), ("Hash", policy.hash)))
    rows = "".join(
        f'<tr><th scope="row" class="oc-long">{escape(SETTINGS[name].meaning)} '
        f"({escape(name)})</th>"
        f'<td class="oc-text">{escape(_setting(getattr(policy, name)))}</td>'
        f'<td class="oc-text oc-long">{escape(source)}</td></tr>'
        for name in SETTINGS
        for source in [policy.sources.get(name, "No source given.")]
    )
    head = "".join(
        f'<th class="oc-name" scope="col">{name}</th>' for name in ("what", "value", "source")
    )
    return (
        f'{about}<div class="oc-wrap" tabindex="0" role="region" aria-label="The policy">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _setting(value: Any) -> str:
    return "never" if value == float("inf") else f"{value:g}" if _is_number(value) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _declaration(drawing: Drawing) -> str:
    text = json.dumps(json.loads(drawing.declaration.to_json()), ensure_ascii=False, indent=2)
    return (
        "<p>With this declaration and the data, <code>output-checks rebuild</code> makes the "
        f"same table again.</p><pre>{escape(text)}</pre>"
    )
