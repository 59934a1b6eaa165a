"""The pack as one page that needs nothing from elsewhere: to print, to send, to keep."""

from html import escape

from tre.safe_data.linking.audit.pack import AuditPack, Exhibit, Heading
from tre.safe_data.linking.journey.page import document


def audit_page(pack: AuditPack) -> str:
    """Write the pack as HTML: a summary first, then every heading with its evidence."""
    against = pack.against()
    verdict = (
        f'<p class="broken"><strong>{len(against)} of the exhibits speak against it: '
        f"{escape(', '.join(against))}.</strong></p>"
        if against
        else '<p class="held"><strong>Nothing speaks against it.</strong></p>'
    )
    contents = "".join(
        f'<li><a href="#{_anchor(heading.name)}">{escape(heading.name)}</a>: '
        f"{'holds' if heading.holds else 'does not hold'}</li>"
        for heading in pack.headings
    )
    body = (
        f"<h1>Evidence about the linkage {escape(pack.linkage)}</h1>"
        f"<p>{escape(pack.title)}. Made on {escape(pack.made_at)} for {escape(pack.made_by)} from "
        "the simulator's own records: the people in it do not exist. The headings are those of an "
        "audit of confidentiality, integrity, duty of care and security, and use against purpose."
        f"</p>{verdict}<ul>{contents}</ul>" + "".join(_heading(each) for each in pack.headings)
    )
    return document(f"Evidence: linkage {pack.linkage}", body)


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _heading(heading: Heading) -> str:
    exhibits = "".join(_exhibit(each) for each in heading.exhibits)
    return (
        f'<section aria-labelledby="{_anchor(heading.name)}">'
        f'<h2 id="{_anchor(heading.name)}">{escape(heading.name)}</h2>'
        f"<p><em>{escape(heading.asks)}</em></p>{exhibits}</section>"
    )


_WORDS = {
    True: '<span class="held">holds</span>',
    False: '<span class="broken">does not hold</span>',
    None: "for information",
}


def _exhibit(exhibit: Exhibit) -> str:
    heads = "".join(
        f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in exhibit.columns
    )
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>"
        for row in exhibit.rows
    )
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(exhibit.title)}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        if exhibit.rows
        else '<p class="soft">Nothing is on record.</p>'
    )
    return (
        f'<div class="card"><h3>{escape(exhibit.title)} — {_WORDS[exhibit.holds]}</h3>'
        f'<p class="soft">{escape(exhibit.says)}</p>{table}</div><p></p>'
    )


def _cell(value: object) -> str:
    text = f"{value:,}" if type(value) is int else str(value)
    is_hash = len(text) == 64 and set(text) <= set("0123456789abcdef")
    return f"<code>{escape(text)}</code>" if is_hash else escape(text)
