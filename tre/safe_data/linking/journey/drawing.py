"""Pieces of a drawing: boxes, lines of text that fit, arrows; plain strings of SVG."""

from dataclasses import dataclass
from html import escape

_NARROW = 0.545
"""Mean width of a character of a sans-serif face, as a share of its size."""
_SIZES = {"small": 12.0, "head": 17.5, "name": 15.0, "strong": 14.5}
"""Sizes by the style's kinds; bold ones count as larger, since they are wider."""

STYLE = """
:root { --ink: #14213d; --soft: #565f73; --paper: #f7f6f2; --card: #fffefb; --line: #c4beac;
  --who: #b42318; --who-tint: #fbe6e3; --health: #1d5fa8; --health-tint: #e3eefa;
  --theirs: #8a5a00; --theirs-tint: #fbf0d6; --meet: #0f766e; --meet-tint: #e1f1ee;
  --gone: #6b7280; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e7df; --soft: #a9b3c8; --paper: #0e1524; --card: #161f34; --line: #465477;
    --who: #ff8f82; --who-tint: #3d1f24; --health: #7db8f5; --health-tint: #152c47;
    --theirs: #f0c36b; --theirs-tint: #38290f; --meet: #4fc3b6; --meet-tint: #12343a;
    --gone: #8d97ab; } }
svg.journey text { fill: var(--ink); font-size: 13.5px; }
svg.journey .paper { fill: var(--paper); }
svg.journey .party { fill: var(--card); stroke: var(--line); stroke-width: 1.4; }
svg.journey .meets { fill: var(--meet-tint); stroke: var(--meet); stroke-width: 2; }
svg.journey .letter { fill: var(--who-tint); stroke: var(--who); stroke-width: 1.6; }
svg.journey .health { fill: var(--health-tint); stroke: var(--health); stroke-width: 1.4; }
svg.journey .theirs { fill: var(--theirs-tint); stroke: var(--theirs); stroke-width: 1.4; }
svg.journey .gone { fill: none; stroke: var(--gone); stroke-width: 1.6; stroke-dasharray: 5 4; }
svg.journey .rule { stroke: var(--line); stroke-width: 1; }
svg.journey .title { font: 600 25px "Iowan Old Style", Palatino, Georgia, serif; }
svg.journey .head { font-size: 16px; font-weight: 650; }
svg.journey .name { font-size: 14px; font-weight: 650; }
svg.journey .small { font-size: 12px; fill: var(--soft); }
svg.journey .mono { font: 12.5px ui-monospace, Menlo, Consolas, monospace; }
svg.journey .never { fill: var(--soft); } svg.journey .strong { font-weight: 650; }
svg.journey .who-ink { fill: var(--who); } svg.journey .meet-ink { fill: var(--meet); }
svg.journey .number { fill: var(--ink); }
svg.journey .in-number { fill: var(--paper); font-weight: 700; font-size: 14px;
  text-anchor: middle; }
svg.journey .middle { text-anchor: middle; } svg.journey .end { text-anchor: end; }
svg.journey .go { fill: none; stroke: var(--ink); stroke-width: 2; marker-end: url(#tip); }
svg.journey #tip path { fill: var(--ink); }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of the drawing, in its units (1280 across)."""

    x: float
    y: float
    wide: float
    high: float


def box(area: Area, kind: str, *, round_by: float = 10) -> str:
    """A rectangle of one of the style's kinds."""
    return (
        f'<rect class="{kind}" x="{area.x:g}" y="{area.y:g}" width="{area.wide:g}" '
        f'height="{area.high:g}" rx="{round_by:g}"/>'
    )


def line(text: str, x: float, y: float, kind: str = "") -> str:
    """One line of text, its base at y."""
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:g}" y="{y:g}">{escape(text)}</text>'


def folded(text: str, wide: float, size: float, *, most: int = 9) -> list[str]:
    """Break a text into lines that fit a width, at most so many; the last then ends with …"""
    letters = max(8, int(wide / (size * _NARROW)))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(".,;") + " …"]
    return lines


def paragraph(text: str, area: Area, kind: str = "small", *, step: float = 16) -> str:
    """Text folded into an area, from its top; what does not fit below ends with …"""
    most = max(1, int(area.high / step))
    lines = folded(text, area.wide, _SIZES.get(kind.partition(" ")[0], 13.5), most=most)
    return "".join(
        line(each, area.x, area.y + step * (row + 0.8), kind) for row, each in enumerate(lines)
    )


def numbered(number: int, x: float, y: float) -> str:
    """The number of a step in a disc."""
    return (
        f'<circle class="number" cx="{x:g}" cy="{y:g}" r="13"/>'
        f'<text class="in-number" x="{x:g}" y="{y + 5:g}">{number}</text>'
    )


def arrow(path: str) -> str:
    """An arrow along a path."""
    return f'<path class="go" d="{path}"/>'
