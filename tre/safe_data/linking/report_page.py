"""The report on a linkage as a page: quality, whom it misses, and splink's charts of the model."""

from collections.abc import Mapping
from html import escape
from typing import Any

from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.charts import page_parts
from tre.safe_data.linking.journey.page import document
from tre.safe_data.linking.report import LinkageReport, MissedGroup

_BY = {
    "sex": "By sex",
    "ethnic_group": "By ethnic group",
    "deprivation": "By deprivation of the home",
    "age": "By age at the first referral",
}
_STYLE = """<style>
.bar { display: inline-block; height: .7rem; background: var(--accent); border-radius: 2px;
  vertical-align: middle; min-width: 1px; }
td.number, th.number { text-align: right; padding-right: 1.2rem; white-space: nowrap; }
figure { background: #fff; color: #14213d; border-radius: 10px; padding: 1rem; margin: 1rem 0;
  overflow-x: auto; } figcaption { font-weight: 650; }
</style>"""


def report_page(
    linkage: Linkage, report: LinkageReport, charts: Mapping[str, dict[str, Any]]
) -> str:
    """The whole report, self-contained. charts: as the run kept them; none has an identifier."""
    bias = "".join(_missed(name, groups, report) for name, groups in report.missed.items())
    bias = bias or "<p>Nobody who was sent is in the register, so that nobody could be missed.</p>"
    drawn = page_parts(dict(charts)) or (
        "<p>Nothing was left for the model: every record was named by its NHS number, or there "
        "was nobody to compare.</p>"
    )
    body = (
        f"{_STYLE}<h1>{escape(linkage.title)}: how good was the linkage?</h1>"
        f"<p>CRIS with the {escape(linkage.register)}, run {escape(report.version)} of "
        f"{escape(report.on)}{escape(_during(report))}. Identifiers compared: "
        f"{escape(', '.join(name.replace('_', ' ') for name in linkage.identifiers))}. "
        "Only a simulator knows the truth that the linkage is held against here; a real service "
        "sees the match rate, and not which part of it is coverage and which is recall.</p>"
        f"{_quality(report)}<h2>Whom the linkage misses</h2>"
        "<p>Missed matches are seldom missing at random. Whoever uses linked data asks who is not "
        "in them, and what that does to the answer.</p>"
        f"{bias}<h2>The model</h2><p>Learnt from the two files themselves, without the truth.</p>"
        f"{drawn}"
    )
    return document(f"Linkage report: {linkage.id}", body)


def _during(report: LinkageReport) -> str:
    return f", under the {report.period}" if report.period else ""


def _quality(report: LinkageReport) -> str:
    rows = (
        ("People sent", f"{report.sent:,}", "covered, and not opted out"),
        ("Matched", f"{report.matched:,}", f"{report.match_rate:.1%} of those sent"),
        ("by NHS number", f"{report.by_nhs_number:,}", "the others by the model"),
        ("Coverage", f"{report.coverage:.1%}", "of those sent are in the register at all"),
        ("Precision", _percent(report.precision), f"{report.false_matches:,} false matches"),
        ("Recall", _percent(report.recall), f"{report.missed_matches:,} missed matches"),
        (
            "F1",
            "none" if report.f1 is None else f"{report.f1:.4f}",
            "harmonic mean of precision and recall",
        ),
        (
            "Patients among the controls",
            f"{report.patients_among_controls:,}",
            "covered but missed, so that a study takes them for healthy",
        ),
        (
            "Other patients among the controls",
            f"{report.uncovered_among_controls:,}",
            "not covered, so never sent: the holder cannot tell them from people SLaM never saw",
        ),
    )
    cells = "".join(
        f'<tr><th scope="row">{name}</th><td class="number">{value}</td>'
        f'<td class="soft">{note}</td></tr>'
        for name, value, note in rows
    )
    return f'<div class="scroll"><table><tbody>{cells}</tbody></table></div>'


def _percent(share: float | None) -> str:
    return "of nobody" if share is None else f"{share:.2%}"


def _missed(by: str, groups: tuple[MissedGroup, ...], report: LinkageReport) -> str:
    if not groups:
        return ""
    worst = max((group.rate for group in groups), default=0.0) or 1.0
    overall = 1 - (report.recall or 0.0)
    rows = "".join(
        f'<tr><th scope="row">{escape(group.value)}</th>'
        f'<td class="number">{group.linkable:,}</td><td class="number">{group.missed:,}</td>'
        f'<td class="number">{group.rate:.1%}</td>'
        f'<td><span class="bar" style="width:{16 * group.rate / worst:.2f}rem"></span></td></tr>'
        for group in groups
    )
    return (
        f'<h3>{_BY.get(by, escape(by))}</h3><div class="scroll"><table><thead><tr>'
        '<th scope="col">Group</th><th scope="col" class="number">Could be matched</th>'
        '<th scope="col" class="number">Missed</th><th scope="col" class="number">Share</th>'
        f'<th scope="col">Overall: {overall:.1%}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
