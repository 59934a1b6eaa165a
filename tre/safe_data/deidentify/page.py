"""The risk report as a page: one file, nothing fetched, nothing that runs."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from output_checks.show.style import PAGE_STYLE, STYLE
from tre.safe_data.deidentify.attack import AttackReport
from tre.safe_data.deidentify.classes import LIMITS, SizeBand
from tre.safe_data.deidentify.risk import RiskReport
from tre.safe_data.deidentify.wording import headline, is_safe, sections

_WIDTH, _STEP, _HEIGHT = 54, 76, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the chart, in the units of the drawing; y grows downwards."""

    band: SizeBand
    x: int
    y: float
    height: float
    is_small: bool


def risk_page(report: RiskReport, attacked: AttackReport | None = None, title: str = "") -> str:
    """The whole page: the answer, a chart of class sizes, every table; light and dark.

    title: what the extract is called. Every text is escaped. It counts few people, so it is for
    who makes and checks extracts and never leaves.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    bars = _bars(report.sizes)
    return environment.get_template("page.html").render(
        title=title or "Disclosure risk",
        style=Markup(STYLE + PAGE_STYLE),  # noqa: S704 - constants of our own
        verdict="pass" if is_safe(report) else "fail",
        headline=headline(report),
        sections=sections(report, attacked),
        bars=bars,
        bar_width=_WIDTH,
        width=_STEP * len(bars),
        floor=_HEIGHT,
        limit=max(LIMITS),
    )


def _bars(sizes: tuple[SizeBand, ...]) -> list[Bar]:
    most = max(band.people for band in sizes)
    bars = []
    for position, band in enumerate(sizes):
        height = round(120 * band.people / most, 1)
        bars.append(
            Bar(
                band=band,
                x=_STEP * position + (_STEP - _WIDTH) // 2,
                y=_HEIGHT - height,
                height=height,
                is_small=band.least < max(LIMITS),
            )
        )
    return bars
