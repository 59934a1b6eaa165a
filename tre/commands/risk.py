"""The disclosure risk of an extract, for the terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tre.commands.showing import console
from tre.safe_data.deidentify.attack import AttackReport
from tre.safe_data.deidentify.risk import RiskReport
from tre.safe_data.deidentify.wording import Section, headline, is_safe, sections

_BAR = 40
"""Characters of the longest bar."""


def show_risk(report: RiskReport, attacked: AttackReport | None = None) -> None:
    """Print the report, as `drawn_risk` draws it."""
    console().print(drawn_risk(report, attacked))


def drawn_risk(report: RiskReport, attacked: AttackReport | None = None) -> RenderableType:
    """The answer, a bar for each size of class, and every table of the report."""
    colour = "green" if is_safe(report) else "bold red"
    parts: list[RenderableType] = [Text(headline(report), style=colour), Text(""), _chart(report)]
    for section in sections(report, attacked):
        parts += _section(section)
    return Group(*parts)


def _chart(report: RiskReport) -> Table:
    most = max(band.people for band in report.sizes)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("size of class")
    table.add_column("people", justify="right")
    table.add_column("")
    for band in report.sizes:
        bar = "█" * (0 if not band.people else max(1, round(_BAR * band.people / most)))
        table.add_row(band.name(), f"{band.people:,}", Text(bar))
    return table


def _section(section: Section) -> Iterator[RenderableType]:
    yield Text("")
    yield Text(section.title, style="bold")
    yield Text(section.sentence)
    table = Table(box=None, pad_edge=False, header_style="bold")
    numbers = range(1, len(section.columns) - section.words)
    for position, name in enumerate(section.columns):
        table.add_column(Text(name), justify="right" if position in numbers else "left")
    for row in section.rows:
        table.add_row(*(Text(text) for text in row))
    yield table
