"""What is behind the cells, as a table that needs no pointer to be read."""

from collections.abc import Iterator, Sequence
from html import escape

from output_checks.show.drawing import MARKS, Drawing
from output_checks.show.headings import Heading, Heads
from output_checks.show.pivot import Place, severity_of
from output_checks.show.saying import evidence_text

MOST_CELLS = 300


def evidence_details(drawing: Drawing) -> str:
    """The evidence of every cell shown, closed until somebody opens it."""
    return (
        "<details><summary>What is behind each cell (never released)</summary>"
        f"{evidence_html(drawing, MOST_CELLS)}</details>"
    )


def evidence_html(drawing: Drawing, most: int) -> str:
    """A row a cell: where it is, what it shows, what it rests on, what is found about it."""
    cells = sorted(_cells(drawing), key=lambda one: not drawing.found.get(one[0]))
    body = "".join(_row(drawing, place, headings) for place, headings in cells[:most])
    names = (*drawing.layout.row_names, *drawing.layout.column_names)
    heads = (*names, *_statistic_head(drawing), "shown", "what is behind it", "found")
    head = "".join(f'<th class="oc-name" scope="col">{escape(name)}</th>' for name in heads)
    rest = len(cells) - most
    more = f"<p>And {rest:,} more cells; those with findings come first.</p>" if rest > 0 else ""
    return (
        '<div class="oc-wrap" tabindex="0" role="region" aria-label="What is behind each cell">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _statistic_head(drawing: Drawing) -> Sequence[str]:
    return ("statistic",) if _names_statistic(drawing) else ()


def _names_statistic(drawing: Drawing) -> bool:
    return any(one.heads is Heads.STATISTIC for one in drawing.layout.columns[0])


def _cells(drawing: Drawing) -> Iterator[tuple[Place, tuple[Heading, ...]]]:
    layout = drawing.layout
    for headings, places in zip(layout.rows, layout.places, strict=True):
        for column, place in zip(layout.columns, places, strict=True):
            yield place, (*headings, *column)


def _row(drawing: Drawing, place: Place, headings: Sequence[Heading]) -> str:
    which, cell = place
    findings = drawing.found.get(place, [])
    severity = severity_of(findings)
    look = f' class="oc-{severity}"' if findings else ""
    mark = f"{MARKS[severity]} " if findings else ""
    where = "".join(f'<th scope="row">{escape(one.text)}</th>' for one in headings)
    found = " ".join(one.message for one in findings)
    behind = evidence_text(drawing.grids[which], drawing.frames[which][cell])
    return (
        f"<tr>{where}<td{look}>{mark}{escape(drawing.text(place))}</td>"
        f'<td class="oc-text oc-long">{escape(behind)}</td>'
        f'<td class="oc-text oc-long">{escape(found)}</td></tr>'
    )
