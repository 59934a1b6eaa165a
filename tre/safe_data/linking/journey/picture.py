"""The picture: two parties above, the place where their streams meet below, and what travels."""

from html import escape

from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.journey.drawing import (
    STYLE,
    Area,
    arrow,
    box,
    line,
    numbered,
    paragraph,
)
from tre.safe_data.linking.journey.person import PROJECT, PSEUDONYM, RESEARCH, masked
from tre.safe_data.linking.journey.stops import HELD, TRUST, Journey, Stop, journey, never_together
from tre.safe_data.linking.separation.record import RunRecord

WIDE, HIGH = 1280, 1052
_MOST_COLUMNS, _MOST_TABLES = 7, 4
_LEFT = Area(x=36, y=92, wide=340, high=292)
_RIGHT = Area(x=904, y=92, wide=340, high=292)
_LETTER = Area(x=440, y=92, wide=400, high=292)
_CLINICAL = Area(x=36, y=452, wide=340, high=246)
_RECORDS = Area(x=904, y=452, wide=340, high=246)
_MEETS = Area(x=440, y=452, wide=400, high=246)


def journey_svg(linkage: Linkage, run: RunRecord | None) -> str:
    """Draw one person's journey: 1280 wide, light and dark, with its words for who cannot see it.

    run: None draws the route from the description alone, without numbers of rows.
    """
    trip = journey(linkage, run)
    parts = (
        _heading(trip),
        _supplier(trip),
        _letter(trip),
        _matcher(trip),
        _clinical(trip),
        _meets(trip),
        _records(trip),
        _arrows(),
        _table(trip),
    )
    said = " ".join(f"{stop.number}. {stop.title}: {stop.says}" for stop in trip.stops)
    return (
        f'<svg class="journey" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" '
        f'width="{WIDE}" role="img" aria-labelledby="journey-title journey-desc" '
        f'font-family="system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, sans-serif">'
        f'<title id="journey-title">{escape(_title(trip))}</title>'
        f'<desc id="journey-desc">{escape(said)}</desc><style>{STYLE}</style>'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
        f'<rect class="paper" width="{WIDE}" height="{HIGH}" rx="14"/>'
        + "\n".join(parts)
        + "</svg>\n"
    )


def _title(trip: Journey) -> str:
    return f"How the identifiers of {trip.who}, travel"


def _heading(trip: Journey) -> str:
    about = ". ".join(each for each in (f"{trip.title} ({trip.linkage})", trip.ran) if each)
    return line(_title(trip), 36, 44, "title") + line(
        f"{about}. Nobody here exists.", 36, 70, "small"
    )


def _inside(area: Area, *, top: float, high: float) -> Area:
    return Area(x=area.x + 18, y=area.y + top, wide=area.wide - 36, high=high)


def _party(area: Area, name: str, about: str) -> str:
    heading = paragraph(name, _inside(area, top=14, high=40), "head", step=20)
    return box(area, "party") + heading + paragraph(about, _inside(area, top=56, high=34))


def _drawer(area: Area, kind: str, name: str, holds: str) -> str:
    """Something that a party keeps, apart from its other things."""
    inside = Area(x=area.x + 12, y=area.y + 24, wide=area.wide - 24, high=area.high - 24)
    return (
        box(area, kind, round_by=7)
        + line(name, area.x + 12, area.y + 20, "name")
        + paragraph(holds, inside)
    )


def _supplier(trip: Journey) -> str:
    inside = "sends identifiers, inside the " + TRUST
    return (
        _party(_LEFT, trip.supplier, inside)
        + _drawer(_inside(_LEFT, top=100, high=74), "letter", "Who the patients are",
                  "Names, dates of birth, addresses, under the CRIS pseudonym. Kept apart.")
        + _drawer(_inside(_LEFT, top=190, high=84), "health", "Their health records",
                  "Referrals, diagnoses, care, under the CRIS pseudonym. None of it leaves with "
                  "identifiers.")
    )  # fmt: skip


def _letter(trip: Journey) -> str:
    stop = trip.stops[0]
    file = stop.carries[0]
    shown = file.columns[:_MOST_COLUMNS]
    rows = [
        line(column, _LETTER.x + 22, _LETTER.y + 66 + 19 * n, "mono")
        + line(masked(column, trip.pseudonym), _LETTER.x + 378, _LETTER.y + 66 + 19 * n, "mono end")
        for n, column in enumerate(shown)
    ]
    below = 66 + 19 * len(shown)
    how_many = (
        f"{file.rows:,} rows, one a person." if file.rows is not None else "One row a person."
    )
    return (
        box(_LETTER, "letter")
        + _named(stop, _LETTER)
        + "".join(rows)
        + line(how_many, _LETTER.x + 22, _LETTER.y + below + 10, "strong")
        + paragraph(stop.legal_basis, _inside(_LETTER, top=below + 18, high=50))
    )


def _named(stop: Stop, area: Area) -> str:
    return numbered(stop.number, area.x + 26, area.y + 28) + line(
        stop.title, area.x + 48, area.y + 33, "head"
    )


def _matcher(trip: Journey) -> str:
    stop = trip.stops[1]
    kept = f"keeps the {trip.register}" if trip.holder == trip.matcher else f"for {trip.holder}"
    gone = stop.destroyed[0][:12] if stop.destroyed else ""
    proof = f"SHA-256 {gone}… is kept as proof" if gone else "its hash is kept as proof"
    shred = _inside(_RIGHT, top=190, high=84)
    return (
        _party(_RIGHT, trip.matcher, kept)
        + _drawer(_inside(_RIGHT, top=100, high=74), "theirs", "Its own register",
                  "Identifiers that it has anyway, and its own records. It learns nothing of "
                  "health.")
        + box(shred, "gone", round_by=7)
        + numbered(stop.number, shred.x + 22, shred.y + 24)
        + line(stop.title, shred.x + 42, shred.y + 29, "name who-ink")
        + paragraph(f"The letter is gone; {proof}.",
                    Area(x=shred.x + 12, y=shred.y + 42, wide=shred.wide - 24, high=40))
    )  # fmt: skip


def _clinical(trip: Journey) -> str:
    stop = trip.stops[3]
    return (
        box(_CLINICAL, "health")
        + _named(stop, _CLINICAL)
        + _pairs(_CLINICAL, 66, ((trip.pseudonym, PSEUDONYM), ("diagnosis_group", "•••••"),
                                 ("referral_year", "••••")))
        + paragraph("Anonymised; only what was granted.", _inside(_CLINICAL, top=122, high=32),
                    "")
        + paragraph(stop.legal_basis, _inside(_CLINICAL, top=158, high=50))
    )  # fmt: skip


def _pairs(area: Area, top: float, pairs: tuple[tuple[str, str], ...]) -> str:
    return "".join(
        line(name, area.x + 22, area.y + top + 19 * n, "mono")
        + line(value, area.x + area.wide - 22, area.y + top + 19 * n, "mono end")
        for n, (name, value) in enumerate(pairs)
    )


def _records(trip: Journey) -> str:
    stop = trip.stops[2]
    tables = [
        (file.name, f"{file.rows:,} rows" if file.rows is not None else "")
        for file in stop.carries[:_MOST_TABLES]
    ]
    if len(stop.carries) > _MOST_TABLES:
        tables = [*tables[:-1], (f"and {len(stop.carries) - _MOST_TABLES + 1} more tables", "")]
    pairs = ((trip.pseudonym, PSEUDONYM), *tables)
    below = 52 + 19 * len(pairs)
    return (
        box(_RECORDS, "theirs")
        + _named(stop, _RECORDS)
        + _pairs(_RECORDS, 66, pairs)
        + paragraph("No name, number or address.", _inside(_RECORDS, top=below + 6, high=20), "")
        + paragraph(stop.legal_basis, _inside(_RECORDS, top=below + 30, high=50))
    )


def _meets(trip: Journey) -> str:
    """Where the two streams come together, and what leaves it."""
    stop = trip.stops[4]
    about = "here, and only here, the two streams meet"
    name = f"{trip.meets}: research" if trip.back else trip.meets
    return (
        box(_MEETS, "meets")
        + paragraph(name, _inside(_MEETS, top=14, high=40), "head", step=20)
        + paragraph(about, _inside(_MEETS, top=56, high=20), "small meet-ink")
        + _pairs(_MEETS, 104, ((trip.pseudonym, PSEUDONYM), ("research pseudonym", RESEARCH),
                              ("project's pseudonym", PROJECT)))
        + numbered(stop.number, _MEETS.x + 26, _MEETS.y + 180)
        + line(stop.title, _MEETS.x + 48, _MEETS.y + 185, "name")
        + paragraph("All that a researcher sees. Two extracts share no pseudonym.",
                    _inside(_MEETS, top=198, high=34))
    )  # fmt: skip


def _arrows() -> str:
    """1 across, 2 stays, 3 and 4 down and inwards, 5 down to the researcher."""
    high = _LETTER.y + 150
    left, right = _LEFT.x + _LEFT.wide / 2, _RIGHT.x + _RIGHT.wide / 2
    foot, low = _LEFT.y + _LEFT.high, _MEETS.y + 113
    return "".join(
        (
            arrow(f"M{_LEFT.x + _LEFT.wide} {high}H{_LETTER.x - 3}"),
            arrow(f"M{_LETTER.x + _LETTER.wide} {high}H{_RIGHT.x - 3}"),
            arrow(f"M{left:g} {foot}V{_CLINICAL.y - 3}"),
            arrow(f"M{right:g} {foot}V{_RECORDS.y - 3}"),
            arrow(f"M{_CLINICAL.x + _CLINICAL.wide} {low}H{_MEETS.x - 3}"),
            arrow(f"M{_RECORDS.x} {low}H{_MEETS.x + _MEETS.wide + 3}"),
            arrow(f"M640 {_MEETS.y + _MEETS.high}V739"),
        )
    )


def _table(trip: Journey) -> str:
    """Who ever holds what: the principle at a glance."""
    top, first, step, across = 754, 330, 54, 182
    area = Area(x=36, y=top, wide=1208, high=266)
    heads = [
        paragraph(name, Area(x=first + across * n, y=top + 14, wide=across - 20, high=32), "small")
        for n, name in enumerate(HELD)
    ]
    rows = []
    for n, (party, holds) in enumerate(never_together(trip)):
        y = top + 56 + 52 * n
        rows.append(f'<line class="rule" x1="54" x2="1226" y1="{y - 8}" y2="{y - 8}"/>')
        rows.append(paragraph(party, Area(x=54, y=y, wide=254, high=40), "name"))
        for column, word in enumerate(holds):
            where = Area(x=first + across * column, y=y, wide=across - 18, high=step - 14)
            rows.append(paragraph(word, where, "never" if word == "never" else "strong"))
    return (
        box(area, "party")
        + line(f"What each ever holds of {trip.who.partition(',')[0]}", 54, top + 32, "name")
        + "".join(heads)
        + "".join(rows)
    )
