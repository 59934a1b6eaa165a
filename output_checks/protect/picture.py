"""A comparison of protections in one picture: inline SVG, light and dark, no script, no library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from rich.markup import escape as plain
from rich.table import Table as RichTable

PANELS = (
    ("Cells not shown", "withheld or merged, of all"),
    ("Value withheld", "of the sum of all cells"),
    ("Mean change", "of the values shown"),
    ("Small cells that show", "of those before"),
)
_MARKS = {"pass": "✓ pass", "review": "? review", "fail": "✕ fail"}
_LABEL, _PANEL, _BAR, _VERDICT = 190, 165, 60, 80
_ROW, _HEAD = 34, 64
_LABEL_LETTERS, _REASON_LETTERS = 30, 105
_LIGHT = "--page:#fff;--ink:#1c2024;--soft:#5a6169;--line:#d5d9de;--bar:#3b6fb5"
_DARK = "--page:#16191d;--ink:#e6e9ec;--soft:#a3abb3;--line:#454c54;--bar:#7fb0f0"
_STYLE = f"""<style>
.oc-compare{{{_LIGHT};font:13px/1.4 system-ui,sans-serif;max-width:100%;overflow-x:auto;
background:var(--page);padding:.6em;box-sizing:border-box}}
@media (prefers-color-scheme:dark){{.oc-compare{{{_DARK}}}}}
[data-jp-theme-light="true"] .oc-compare,[data-theme="light"] .oc-compare{{{_LIGHT}}}
[data-jp-theme-light="false"] .oc-compare,[data-theme="dark"] .oc-compare{{{_DARK}}}
.oc-compare text{{fill:var(--ink)}}
.oc-compare .soft{{fill:var(--soft);font-size:11px}}
.oc-compare .name{{font-weight:600}}
.oc-compare rect{{fill:var(--bar)}}
.oc-compare line{{stroke:var(--line)}}
@media (forced-colors:active){{.oc-compare{{background:Canvas}}.oc-compare text{{fill:CanvasText}}
.oc-compare rect{{fill:Highlight}}}}
</style>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way of protecting a table.

    values: for every panel the length of its bar (a share) and its figure as a text; none where
    the way cannot be gone, for the reason given.
    """

    label: str
    verdict: str = ""
    values: tuple[tuple[float, str], ...] = ()
    reason: str = ""


def picture(title: str, lines: Sequence[Line]) -> str:
    """All ways below each other, a bar for each figure; every figure is written beside its bar.

    Bars of one column have one scale. What a screen reader is told has every figure too.
    """
    width = _LABEL + len(PANELS) * _PANEL + _VERDICT
    height = _HEAD + _ROW * max(len(lines), 1) + 8
    return (
        f'<div class="oc-compare">{_STYLE}<svg role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(f'Ways of protecting {title}')}</title>"
        f"<desc>{escape(' '.join(map(_said, lines)))}</desc>"
        f"{''.join(_head(title, width))}{''.join(_bodies(lines, width))}</svg></div>"
    )


def drawn_in_console(title: str, lines: Sequence[Line]) -> Any:
    """The same as a table for rich."""
    drawn = RichTable(title=plain(f"Ways of protecting {title}"), title_justify="left")
    drawn.add_column("Protection")
    for name, _ in PANELS:
        drawn.add_column(name, justify="right")
    drawn.add_column("Verdict")
    for line in lines:
        if line.values:
            figures = [plain(text) for _, text in line.values]
            drawn.add_row(plain(line.label), *figures, _MARKS[line.verdict])
        else:
            blank = ["\u2013"] * len(PANELS)
            drawn.add_row(plain(line.label), *blank, plain(f"cannot: {line.reason}"))
    return drawn


def _head(title: str, width: int) -> Iterator[str]:
    yield f'<text x="0" y="16" class="name">{escape(f"Ways of protecting {title}")}</text>'
    for number, (name, of_what) in enumerate(PANELS):
        x = _LABEL + number * _PANEL
        yield f'<text x="{x}" y="40" class="name">{name}</text>'
        yield f'<text x="{x}" y="55" class="soft">{of_what}</text>'
    yield f'<text x="{width - _VERDICT}" y="40" class="name">Verdict</text>'
    yield f'<line x1="0" x2="{width}" y1="{_HEAD - 2}" y2="{_HEAD - 2}"/>'


def _bodies(lines: Sequence[Line], width: int) -> Iterator[str]:
    longest = [
        max((line.values[at][0] for line in lines if line.values), default=0.0)
        for at in range(len(PANELS))
    ]
    for number, line in enumerate(lines):
        y = _HEAD + number * _ROW
        yield f"<g><title>{escape(_said(line))}</title>"
        label = escape(_cut(line.label, _LABEL_LETTERS))
        yield f'<text x="0" y="{y + 21}" class="name">{label}</text>'
        if line.values:
            yield from _bars(line, longest, y)
            yield f'<text x="{width - _VERDICT}" y="{y + 21}">{_MARKS[line.verdict]}</text>'
        else:
            reason = escape(_cut(f"cannot: {line.reason}", _REASON_LETTERS))
            yield f'<text x="{_LABEL}" y="{y + 21}" class="soft">{reason}</text>'
        yield f'</g><line x1="0" x2="{width}" y1="{y + _ROW - 2}" y2="{y + _ROW - 2}"/>'


def _bars(line: Line, longest: Sequence[float], y: int) -> Iterator[str]:
    for number, (share, text) in enumerate(line.values):
        x = _LABEL + number * _PANEL
        length = _BAR * share / longest[number] if longest[number] else 0.0
        if length:
            length = max(length, 1.5)
            yield f'<rect x="{x}" y="{y + 9}" width="{length:.1f}" height="14" rx="2"/>'
        beside = x + length + (6 if length else 0)
        yield f'<text x="{beside:.1f}" y="{y + 21}">{escape(text)}</text>'


def _said(line: Line) -> str:
    if not line.values:
        return f"{line.label}: cannot, {line.reason}"
    figures = [
        f"{name.lower()} {text}" for (name, _), (_, text) in zip(PANELS, line.values, strict=True)
    ]
    return f"{line.label}: {', '.join(figures)}; verdict {line.verdict}."


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"
