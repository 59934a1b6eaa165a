"""The page around the picture: the journey told in words, for who teaches it."""

from html import escape

from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.journey.person import masked
from tre.safe_data.linking.journey.picture import journey_svg
from tre.safe_data.linking.journey.stops import (
    HELD,
    Carried,
    Journey,
    Stop,
    journey,
    never_together,
)
from tre.safe_data.linking.separation.record import RunRecord

STYLE = """
:root { color-scheme: light dark; --ink: #14213d; --soft: #565f73; --paper: #f7f6f2;
  --card: #fffefb; --line: #c4beac; --accent: #0f766e; --fail: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e7df; --soft: #a9b3c8; --paper: #0e1524;
  --card: #161f34; --line: #465477; --accent: #4fc3b6; --fail: #ff8f82; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 1.5rem; }
h1, h2 { font-family: "Iowan Old Style", Palatino, Georgia, serif; line-height: 1.25; }
svg { display: block; width: 100%; height: auto; }
ol.steps { list-style: none; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
ol.steps > li, .card { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: 1rem 1.2rem; }
h3 { margin: 0 0 .3rem; font-size: 1.02rem; }
p { margin: .4rem 0; max-width: 75ch; } .soft { color: var(--soft); font-size: .9rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-top: 1px solid var(--line); font-weight: 400; }
thead :is(th, td) { border-top: 0; color: var(--soft); } th[scope=row] { font-weight: 650; }
code { font: .88em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } .held { color: var(--accent); } .broken { color: var(--fail); }
"""


def document(title: str, body: str) -> str:
    """A whole page that needs nothing from elsewhere. title: plain; body: HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def journey_page(linkage: Linkage, run: RunRecord | None) -> str:
    """Tell one person's journey as a page: the picture, every step in words, who holds what."""
    trip = journey(linkage, run)
    name = _name(trip)
    steps = "\n".join(_step(stop, trip) for stop in trip.stops)
    body = (
        f"<h1>How {escape(name)}'s identifiers travel</h1>"
        f"<p>{escape(trip.who)}, is invented. The route is that of “{escape(trip.title)}”: CRIS, "
        f"the records of the mental-health trust, with the {escape(trip.register)}. No party "
        "ever holds identifiers of people it did not know together with the other party's "
        f"records.</p>{_ran(trip)}{journey_svg(linkage, run)}"
        f'<h2>Step by step</h2><ol class="steps">{steps}</ol>'
        f"<h2>Who ever holds what</h2>{_holds(trip)}"
        "<h2>To talk about</h2><ul>"
        f"<li>{escape(name)} objects tomorrow. Which of these files still know of it, and what "
        "must happen at the next refresh?</li>"
        "<li>Which two parties would have to break the rules together to learn who the row in "
        "the extract is?</li>"
        "<li>Why may the matcher keep the pseudonym, and why not beside its own key?</li></ul>"
    )
    return document(f"How {name}'s identifiers travel: {trip.linkage}", body)


def _name(trip: Journey) -> str:
    return trip.who.partition(",")[0]


def _ran(trip: Journey) -> str:
    return f'<p class="soft">Drawn from {escape(trip.ran)}.</p>' if trip.ran else ""


def _step(stop: Stop, trip: Journey) -> str:
    way = (
        f"{escape(stop.sender)} → {escape(stop.receiver)}"
        if stop.sender != stop.receiver
        else f"at {escape(stop.sender)}"
    )
    files = "".join(_file(file, stop, trip) for file in stop.carries)
    basis = f'<p class="soft">{escape(stop.legal_basis)}</p>' if stop.legal_basis else ""
    gone = "".join(
        f'<p class="soft">Destroyed: <code>{escape(digest)}</code></p>' for digest in stop.destroyed
    )
    return (
        f"<li><h3>{stop.number}. {escape(stop.title)}</h3>"
        f'<p class="soft">{way}</p><p>{escape(stop.says)}</p>{files}{basis}{gone}</li>'
    )


def _file(file: Carried, stop: Stop, trip: Journey) -> str:
    rows = f", {file.rows:,} rows" if file.rows is not None else ""
    if stop.number != 1:
        columns = ", ".join(f"<code>{escape(column)}</code>" for column in file.columns)
        return f'<p class="soft">{escape(file.name)}{rows}: {columns}</p>'
    cells = "".join(
        f'<tr><th scope="row"><code>{escape(column)}</code></th>'
        f"<td><code>{escape(masked(column, trip.pseudonym))}</code></td></tr>"
        for column in file.columns
    )
    return (
        f'<table><thead><tr><th scope="col">Column{rows}</th><th scope="col">'
        f"{escape(_name(trip))}'s row</th></tr></thead><tbody>{cells}</tbody></table>"
    )


def _holds(trip: Journey) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in HELD)
    rows = "".join(
        f'<tr><th scope="row">{escape(party)}</th>'
        + "".join(f"<td>{escape(word)}</td>" for word in holds)
        + "</tr>"
        for party, holds in never_together(trip)
    )
    return (
        '<div class="scroll card" tabindex="0" role="region" aria-label="Who ever holds what">'
        f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
