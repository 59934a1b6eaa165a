"""The page for an auditor: one HTML file that needs nothing else."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.metadata import version

from tre.attack.attack import Outcome, Result
from tre.attack.families import HEADINGS, LESSONS, NOT_HELD, Family
from tre.attack.suite import counts

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
       color: #1c2430; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem;
         border-bottom: 1px solid #d9dee6; overflow-wrap: anywhere }
th { font-size: .85rem; color: #4b5563 } code { font-size: .9em }
.outcome { width: 8rem } .id { width: 13rem } .tries { width: 20rem }
.held { color: #14643c } .open { color: #a01722; font-weight: 700 }
.in-part { color: #7a4d00 } .not-run { color: #5b2a86; font-weight: 700 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dt { color: #4b5563 } dd { margin: 0 } .lesson { max-width: 48rem; color: #4b5563 }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } }
"""
_CLASSES = {
    Outcome.HELD: "held",
    Outcome.IN_PART: "in-part",
    Outcome.OPEN: "open",
    Outcome.NOT_RUN: "not-run",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an auditor wants to know beside the results: when, by whom, on what."""

    at: datetime
    person: str
    home: str
    seconds: float


def page(results: Sequence[Result], about: About) -> str:
    """Draw the page; everything that was seen is escaped."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Attacks of {about.at:%-d %B %Y}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Attacks on a running world</h1>{_about(results, about)}{_to_look_at(results)}"
        f"{''.join(_family(results, family) for family in HEADINGS)}{_not_held()}</body></html>\n"
    )


def _about(results: Sequence[Result], about: About) -> str:
    found = counts(results)
    facts = {
        "When": f"{about.at:%-d %B %Y, %H:%M} UTC, in {about.seconds:.0f} seconds",
        "Asked by": about.person,
        "Version": version("tre-simulator"),
        "Machine": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Data home": about.home,
        "Attacks": f"{len(results)}: "
        + ", ".join(f"{number} {outcome}" for outcome, number in found.items()),
    }
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items()
    )
    return (
        f"<dl>{rows}</dl><p class='lesson'>Every attack has a control: the same act where it is "
        "allowed, which must succeed. Where it does not, the attack counts as not run, never as "
        "held.</p>"
    )


def _to_look_at(results: Sequence[Result]) -> str:
    """What an auditor reads first: what is open, and what nothing was learnt about."""
    found = [one for one in results if one.seen.outcome in (Outcome.OPEN, Outcome.NOT_RUN)]
    if not found:
        return "<p><strong>Nothing is open, and every attack could be tried.</strong></p>"
    return "<h2>To look at first</h2>" + _table(found)


def _table(results: Sequence[Result]) -> str:
    return (
        "<table><tr><th class='outcome'>outcome</th><th class='id'>attack</th>"
        "<th class='tries'>what it tries, and who</th><th>what was seen</th></tr>"
        f"{''.join(_row(result) for result in results)}</table>"
    )


def _family(results: Sequence[Result], family: Family) -> str:
    own = [result for result in results if result.attack.family == family]
    if not own:
        return ""
    return (
        f"<h2>{escape(HEADINGS[family])}</h2><p class='lesson'>{escape(LESSONS[family])}</p>"
        + _table(own)
    )


def _row(result: Result) -> str:
    attack, seen = result.attack, result.seen
    because = f"<br><em>{escape(attack.because)}</em>" if attack.because else ""
    return (
        f"<tr><td class='{_CLASSES[seen.outcome]}'>{escape(seen.outcome)}</td>"
        f"<td>{escape(attack.title)}<br><code>{escape(attack.id)}</code></td>"
        f"<td>{escape(attack.tries)}<br>{escape(attack.attacker)}; "
        f"held by the {escape(attack.holder)}</td>"
        f"<td>{escape(seen.evidence)}{because}</td></tr>"
    )


def _not_held() -> str:
    rows = "".join(
        f"<tr><td>{escape(what)}</td><td>{escape(why)}</td></tr>" for what, why in NOT_HELD
    )
    return (
        "<h2>What nothing here holds</h2><p class='lesson'>No attack tries these, since they "
        "succeed.</p><table><tr><th>way out</th><th>what would hold it</th></tr>"
        f"{rows}</table>"
    )
