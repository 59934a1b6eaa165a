"""A table in the terminal, with rich; one that is too wide for it goes on underneath."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from output_checks.finding import Report
from output_checks.show.drawing import MARKS, Drawing
from output_checks.show.grouped import grouped
from output_checks.show.headings import Heading, Heads
from output_checks.show.legend import marks_of
from output_checks.show.pivot import Pivot, Place, severity_of
from output_checks.show.saying import caption, cut_text, headline, where_text
from output_checks.words import Verdict

COLOURS = {Verdict.FAIL: "bold red", Verdict.REVIEW: "yellow", Verdict.PASS: "green"}
_LOOKS = {
    "oc-fail": COLOURS[Verdict.FAIL],
    "oc-review": COLOURS[Verdict.REVIEW],
    "oc-held": "dim",
    "oc-missing": "italic",
    "oc-group": "bold",
}
_HEADS = {Heads.GROUP: "bold", Heads.TOTAL: "bold", Heads.MISSING: "italic"}
_JOINERS = {"\u200c", "\u200d"}
_MOST_FINDINGS = 12


def console_table(drawing: Drawing) -> RenderableType:
    """The verdict, the table with findings marked on their cells, the legend, the findings."""
    return _Drawn(drawing)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Laid out when it is known how wide the terminal is."""

    drawing: Drawing

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        drawing = self.drawing
        yield report_head(drawing.report)
        said = caption(drawing.grids, drawing.declaration)
        yield Text(_in_one_line(said), style="italic")
        heads = list(_row_heads(drawing.layout.rows))
        cells = [[_cell(drawing, place) for place in row] for row in drawing.layout.places]
        for columns in _strips(drawing, heads, cells, options.max_width):
            yield _strip(drawing, heads, cells, columns)
        if cut := cut_text(drawing.layout.cut, drawing.layout.size):
            yield Text(cut)
        yield from _legend(drawing)
        yield from report_lines(drawing.report)


def _strips(
    drawing: Drawing, heads: list[list[Text]], cells: list[list[Text]], most: int
) -> Iterator[list[int]]:
    """Columns that fit beside each other, and beside the headings of the rows."""
    sides = zip(_corner(drawing.layout), *heads, strict=True)
    room = most - 1 - sum(map(_width, sides))
    widths = [
        _width([_column_head(headings), *(row[number] for row in cells)])
        for number, headings in enumerate(drawing.layout.columns)
    ]
    strip: list[int] = []
    for together in _statistics_of_a_cell(drawing.layout):
        parts = [together] if sum(widths[one] for one in together) <= room else _apart(together)
        for part in parts:
            if strip and sum(widths[one] for one in [*strip, *part]) > room:
                yield strip
                strip = []
            strip += part
    yield strip


def _statistics_of_a_cell(layout: Pivot) -> Iterator[list[int]]:
    """Columns that say several things of the same cells, which belong beside each other."""

    def cell(number: int) -> Sequence[Heading]:
        headings = layout.columns[number]
        return headings[:-1] if headings[-1].heads is Heads.STATISTIC else headings

    numbers = range(len(layout.columns))
    return (list(some) for _, some in groupby(numbers, key=cell))


def _apart(numbers: Sequence[int]) -> list[list[int]]:
    return [[one] for one in numbers]


def _corner(layout: Pivot) -> list[Text]:
    """What the rows are called; and at the right, each in its line, what the columns are."""
    *names, last = layout.row_names
    lines = [*layout.column_names, *[""] * (len(layout.columns[0]) - len(layout.column_names))]
    lines[-1] = " / ".join(filter(None, (last, lines[-1])))
    shown = [*map(_in_one_line, names), "\n".join(map(_in_one_line, lines))]
    return [Text(one) for one in shown]


def _width(texts: Sequence[Text]) -> int:
    """Of a column with its borders; texts of several lines are as wide as the widest."""
    return 3 + max(len(line) for text in texts for line in text.plain.split("\n"))


def _strip(
    drawing: Drawing, heads: list[list[Text]], cells: list[list[Text]], columns: list[int]
) -> RichTable:
    layout = drawing.layout
    drawn = RichTable()
    for name in _corner(layout):
        drawn.add_column(name, overflow="fold")
    for number in columns:
        drawn.add_column(_column_head(layout.columns[number]), justify="right", no_wrap=True)
    for number in range(len(layout.rows)):
        shown = [cells[number][column] for column in columns]
        drawn.add_row(*heads[number], *shown, end_section=_ends(layout.rows, number))
    return drawn


def _column_head(headings: Sequence[Heading]) -> Text:
    """A heading a line, the coarsest first."""
    return Text("\n").join(_head(one) for one in headings)


def _head(heading: Heading) -> Text:
    inset = " " * 2 * heading.depth
    return Text(inset + _in_one_line(heading.text), style=_HEADS.get(heading.heads, ""))


def _in_one_line(text: str) -> str:
    """A text of the data without what would move the cursor."""
    return "".join(one if one.isprintable() or one in _JOINERS else "\ufffd" for one in text)


def _row_heads(rows: Sequence[Sequence[Heading]]) -> Iterator[list[Text]]:
    """The headings of each row; those that go on from the row above are not said again."""
    before: Sequence[Heading] = ()
    for headings in rows:
        last = len(headings) - 1
        yield [
            Text("")
            if level < last and before[: level + 1] == headings[: level + 1]
            else _head(one)
            for level, one in enumerate(headings)
        ]
        before = headings


def _ends(rows: Sequence[Sequence[Heading]], number: int) -> bool:
    """Whether a rule comes under this row: an outer heading changes, or a total comes."""
    if number + 1 == len(rows):
        return False
    here, below = rows[number], rows[number + 1]
    return here[:-1] != below[:-1] or below[-1].heads in {Heads.TOTAL, Heads.MISSING}


def _cell(drawing: Drawing, place: Place) -> Text:
    which, cell = place
    grid, row = drawing.grids[which], drawing.frames[which][cell]
    findings = drawing.found.get(place, [])
    severity = severity_of(findings)
    style = COLOURS[severity] if findings else "dim" if row["withheld"] else ""
    mark = f"{MARKS[severity]} " if findings else ""
    text = Text(mark + _in_one_line(drawing.text(place)), style=style)
    if grid.weight is not None and not row["withheld"] and not row["structural_zero"]:
        text.append(f"\nn = {row[grid.counts]:,}", style="dim")
    return text


def _legend(drawing: Drawing) -> list[Text]:
    marks = [Text(one.text, style=_LOOKS.get(one.look, "")) for one in marks_of(drawing)]
    return [Text("   ").join(marks)] if marks else []


def report_head(report: Report) -> Text:
    """The verdict in words, in its colour."""
    return Text(headline(report), style=COLOURS[report.verdict])


def report_lines(report: Report) -> list[Text]:
    """One line a kind of finding, the first of them."""
    findings = grouped(report.findings)
    lines = [
        Text.assemble(
            (f"{one.severity} ", COLOURS[one.severity]),
            _in_one_line(f"{one.rule} ({where_text(one)}): " if one.cells else f"{one.rule}: "),
            _in_one_line(f"{one.message} {one.remedy}"),
        )
        for one in findings[:_MOST_FINDINGS]
    ]
    if len(findings) > _MOST_FINDINGS:
        lines.append(Text(f"and {len(findings) - _MOST_FINDINGS} more findings"))
    if report.note:
        lines.append(Text(report.note, style="dim"))
    return lines
