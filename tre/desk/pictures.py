"""Draw a figure as an SVG picture: no script, colours by classes, so that it is light and dark.

Every mark has its value as a title, series differ in hatching or shape beside colour, and the page
puts the same numbers in a table beneath.
"""

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from tre.safe_outputs.figure import Drawn, Figure, Number, Row

WIDTH, PLOT_HEIGHT = 760, 200
LEFT, RIGHT, AXIS, LINE, STRIP, GAP = 46, 12, 26, 20, 26, 22
LETTER = 6.9
"""About how wide a letter is, in units of the picture."""

TICKS = 4
MOST_LABELS = 12
SERIES = 7
"""How many series have a look of their own (desk.css)."""


def picture(figure: Figure) -> Markup:
    """Draw a figure; nothing where it rests on nothing."""
    if not figure.n:
        return Markup("")
    if figure.drawn is Drawn.RANGES:
        return _framed(figure, *_ranges(figure))
    if figure.of != "month":
        return _framed(figure, *_strips(figure))
    return _framed(figure, *_columns(figure))


def ticks(largest: float) -> tuple[float, ...]:
    """Give round numbers from 0 to at least the largest value, about TICKS of them.

    Counts and days have no ticks between two whole numbers.
    """
    rough = max(largest, 1) / TICKS
    ten = 10 ** math.floor(math.log10(rough))
    step = max(next(m * ten for m in (1, 2, 5, 10) if m * ten >= rough), 1)
    return tuple(step * n for n in range(math.ceil(max(largest, 1) / step) + 1))


# What every picture has around it


def _framed(figure: Figure, marks: Iterable[str], height: float) -> Markup:
    keys, top = _legend(figure)
    name = f"picture-{figure.name}"
    parts = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height + top:.0f}" role="img" '
        f'aria-labelledby="{name}-title {name}-words" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{escape(figure.title)}</title>',
        f'<desc id="{name}-words">{escape(_described(figure))}</desc>',
        f"<defs>{''.join(_hatches(figure))}</defs>",
        *keys,
        f'<g transform="translate(0 {top})">',
        *marks,
        "</g></svg>",
    )
    return Markup("".join(parts))  # noqa: S704 - every text in it was escaped where it was put in


def _described(figure: Figure) -> str:
    series = ", ".join(figure.series)
    return (
        f"{figure.unit.capitalize()} by {figure.of}: {series}. It rests on {figure.n} "
        f"{figure.n_of}. The table beneath has the same numbers."
    )


def _legend(figure: Figure) -> tuple[list[str], int]:
    """Name the series above the plot, in as many lines as they need; how high that is."""
    found: list[str] = []
    x, y = float(LEFT), 4
    for place, name in enumerate(figure.series):
        width = 24 + LETTER * len(name) + 12
        if x + width > WIDTH - RIGHT and x > LEFT:
            x, y = float(LEFT), y + LINE
        found.append(_swatch(figure, place, x, y))
        found.append(_text(x + 20, y + 11, name))
        x += width
    return found, y + LINE + GAP


def _swatch(figure: Figure, place: int, x: float, y: float) -> str:
    if figure.drawn is Drawn.LINES:
        return f'<g class="{_look(place)}">{_shape(place, x + 7, y + 7)}</g>'
    if figure.drawn is Drawn.RANGES and place == 1:
        return f'<path class="whisker" d="M{x:.1f} {y + 7}h13m0-6v12"/>'
    return _box(figure, place, (x, y, 14, 14), "")


def _hatches(figure: Figure) -> Iterable[str]:
    """Give each series a hatching, by which it is known without its colour."""
    strokes = ("", "M0 6 6 0", "M0 0 6 6", "M3 0V6", "M0 3H6", "M0 6 6 0M0 0 6 6", "M1 1h2v2h-2z")
    for place in range(len(figure.series)):
        stroke = strokes[place % len(strokes)]
        yield (
            f'<pattern id="{figure.name}-{place}" width="6" height="6" '
            f'patternUnits="userSpaceOnUse"><rect class="{_look(place)}" width="6" height="6"/>'
            f'<path class="hatch" d="{stroke}"/></pattern>'
        )


# Columns and lines by month


def _columns(figure: Figure) -> tuple[list[str], float]:
    scale = ticks(_largest(figure))
    slot = (WIDTH - LEFT - RIGHT) / len(figure.rows)
    marks = [*_grid(figure, scale), *_labels_below(figure.rows, slot)]
    if figure.drawn is Drawn.LINES:
        marks += _lines(figure, scale[-1], slot)
    else:
        for place, row in enumerate(figure.rows):
            marks += _of_month(figure, row, LEFT + place * slot, slot, scale[-1])
    return marks, PLOT_HEIGHT + AXIS + 22


def _largest(figure: Figure) -> float:
    if figure.drawn is Drawn.STACKED:
        return max((sum(value or 0 for value in row.values) for row in figure.rows), default=0)
    return max((value or 0 for row in figure.rows for value in row.values), default=0)


def _grid(figure: Figure, scale: Sequence[float]) -> Iterable[str]:
    for tick in scale:
        y = _height(tick, scale[-1])
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield _text(LEFT - 6, y + 4, f"{tick:g}", "end")
    yield _text(LEFT, -4, figure.unit)


def _labels_below(rows: Sequence[Row], slot: float) -> Iterable[str]:
    every = math.ceil(len(rows) / MOST_LABELS)
    for place in range(0, len(rows), every):
        month, _, year = rows[place].label.partition(" ")
        before = rows[place - every].label.partition(" ")[2] if place else ""
        x = LEFT + (place + 0.5) * slot
        yield _text(x, PLOT_HEIGHT + 24, month, "middle")
        if year != before:
            yield _text(x, PLOT_HEIGHT + 40, year, "middle")


def _of_month(figure: Figure, row: Row, x: float, slot: float, largest: float) -> Iterable[str]:
    """Draw one month's columns: beside each other, or one on the other."""
    is_stacked = figure.drawn is Drawn.STACKED
    width = slot * 0.7 if is_stacked else slot * 0.86 / len(row.values)
    below = 0.0
    for place, value in enumerate(row.values):
        if not value:
            continue
        left = x + slot * 0.15 if is_stacked else x + slot * 0.07 + place * width
        top = _height(below + value, largest)
        size = (left, top, width, _height(below, largest) - top)
        yield _box(figure, place, size, _said(figure, row, place, value))
        below += value if is_stacked else 0


def _lines(figure: Figure, largest: float, slot: float) -> Iterable[str]:
    """Draw a line for each series; it is broken where a month has no value."""
    for place in range(len(figure.series)):
        path, marks, is_drawing = "", "", False
        for number, row in enumerate(figure.rows):
            value = row.values[place]
            if value is None:
                is_drawing = False
                continue
            x, y = LEFT + (number + 0.5) * slot, _height(value, largest)
            path += f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}"
            marks += _shape(place, x, y, _said(figure, row, place, value))
            is_drawing = True
        yield f'<g class="{_look(place)}"><path class="line" d="{path}"/>{marks}</g>'


# Strips and ranges by anything else


def _strips(figure: Figure) -> tuple[list[str], float]:
    scale = ticks(_largest(figure))
    start = _start(figure.rows)
    marks = _scale_below(figure, scale, start)
    for number, row in enumerate(figure.rows):
        y, below = number * STRIP, 0.0
        marks.append(_text(start - 8, y + 16, row.label, "end"))
        for place, value in enumerate(row.values):
            if not value:
                continue
            left = _along(below, scale[-1], start)
            size = (left, y + 4, _along(below + value, scale[-1], start) - left, STRIP - 8)
            marks.append(_box(figure, place, size, _said(figure, row, place, value)))
            below += value
    return marks, len(figure.rows) * STRIP + AXIS + 18


def _ranges(figure: Figure) -> tuple[list[str], float]:
    """Draw the first value as a bar, and a whisker on to the second."""
    scale = ticks(_largest(figure))
    start = _start(figure.rows)
    marks = _scale_below(figure, scale, start)
    for number, row in enumerate(figure.rows):
        middle, high = row.values
        y = number * STRIP
        marks.append(_text(start - 8, y + 16, row.label, "end"))
        if middle is None or high is None:
            continue
        to, end = _along(middle, scale[-1], start), _along(high, scale[-1], start)
        size = (start, y + 5, max(to - start, 2), STRIP - 10)
        marks.append(_box(figure, 0, size, _said(figure, row, 0, middle)))
        said = escape(_said(figure, row, 1, high))
        marks.append(
            f'<path class="whisker" d="M{to:.1f} {y + 13}H{end:.1f}M{end:.1f} {y + 6}v14">'
            f"<title>{said}</title></path>"
        )
    return marks, len(figure.rows) * STRIP + AXIS + 18


def _start(rows: Sequence[Row]) -> float:
    longest = max((len(row.label) for row in rows), default=0)
    return min(LETTER * longest + 14, WIDTH / 2)


def _scale_below(figure: Figure, scale: Sequence[float], start: float) -> list[str]:
    bottom = len(figure.rows) * STRIP
    marks = []
    for tick in scale:
        x = _along(tick, scale[-1], start)
        marks.append(f'<path class="grid" d="M{x:.1f} 0V{bottom}"/>')
        marks.append(_text(x, bottom + 16, f"{tick:g}", "middle"))
    marks.append(_text(start, bottom + 34, figure.unit))
    return marks


# Marks


def _height(value: float, largest: float) -> float:
    return PLOT_HEIGHT - PLOT_HEIGHT * value / largest + 8


def _along(value: float, largest: float, start: float) -> float:
    return start + (WIDTH - RIGHT - 8 - start) * value / largest


def _look(place: int) -> str:
    return f"series-{place % SERIES}"


def _box(figure: Figure, place: int, size: tuple[float, float, float, float], said: str) -> str:
    x, y, width, height = size
    title = f"<title>{escape(said)}</title>" if said else ""
    return (
        f'<rect class="box" fill="url(#{figure.name}-{place})" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}">{title}</rect>'
    )


def _shape(place: int, x: float, y: float, said: str = "") -> str:
    shapes = (
        "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        "m-4-4h8v8h-8z",
        "m0-5 5 9h-10z",
        "m0-5 5 5-5 5-5-5z",
        "m-5-4h10l-5 9z",
        "m-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
        "m-5-1.5h10v3h-10z",
    )
    title = f"<title>{escape(said)}</title>" if said else ""
    return f'<path d="M{x:.1f} {y:.1f}{shapes[place % len(shapes)]}">{title}</path>'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _said(figure: Figure, row: Row, place: int, value: Number) -> str:
    unit = figure.unit.removesuffix("s") if value == 1 else figure.unit
    return f"{row.label}, {figure.series[place]}: {value:g} {unit}"
