"""The managers' figures of the release review: pictures, the same numbers as tables, and a file."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.decision import UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import page
from tre.desk.pictures import picture
from tre.desk.typed import Actor, Environment
from tre.desk.words import plain
from tre.safe_outputs.figure import FEW, Figure, Number
from tre.safe_outputs.figures_period import MOST_MONTHS, Period, counted, month_of

router = APIRouter(prefix="/figures", include_in_schema=False)


@router.get("")
def figures(request: Request, tre: Environment, actor: Actor) -> Response:
    """The figures of the period and project in the address; the last twelve months at first."""
    try:
        view = verbs.view_figures(tre, actor, request.query_params.multi_items())
    except UnusableRequestError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(request, "figures.html", status=status, problem=str(error))
    return page(
        request,
        "figures.html",
        view=view,
        address=address(view.period),
        periods=periods(view),
        picture=picture,
        said=said,
        few=few,
        tables=tables(view.figures),
    )


@router.get("/figures.csv")
def as_file(request: Request, tre: Environment, actor: Actor) -> Response:
    """Every figure as one long table: figure, row, column, value."""
    view = verbs.view_figures(tre, actor, request.query_params.multi_items())
    name = f"figures-{view.period.since}-{view.period.until}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(verbs.figures_as_csv(view), media_type="text/csv", headers=headers)


def address(period: Period) -> str:
    """Write a period as it stands in an address."""
    project = {"project": period.project} if period.project else {}
    return urlencode({"since": str(period.since), "until": str(period.until)} | project)


def periods(view: verbs.FiguresView) -> tuple[tuple[str, str], ...]:
    """Offer a few periods up to this month, of the project that is looked at."""
    this = month_of(view.made_at)
    firsts = [
        ("Last 3 months", counted(this.number - 2)),
        ("Last 12 months", counted(this.number - 11)),
    ]
    if view.first is not None:
        since = max(view.first, counted(this.number - MOST_MONTHS + 1))
        firsts.append(("Since the first request", min(since, this)))
    project = view.period.project
    return tuple(
        (label, address(Period(since=since, until=this, project=project)))
        for label, since in firsts
    )


def tables(every: tuple[Figure, ...]) -> dict[str, tuple[tuple[str, tuple[Number, ...]], ...]]:
    """Give each figure's rows as its table shows them, by the figure's name."""
    return {
        figure.name: tuple((row.label, (*row.values, *row.more)) for row in figure.rows)
        for figure in every
    }


def said(column: str, value: Number) -> str:
    """Write a value for its column: shares as per cent, nothing as a dash."""
    if value is None:
        return "\u2013"
    return f"{100 * value:.0f} %" if column.startswith("share") else plain(value)


def few(figure: Figure) -> str:
    """Warn of shares of few things, and say how much one more or less moves them."""
    has_shares = any(column.startswith("share") for column in figure.columns)
    if not has_shares or not 0 < figure.n < FEW:
        return ""
    return (
        f"Few: of {figure.n} {figure.n_of}, one more or less moves a share by "
        f"{100 / figure.n:.0f} percentage points or more."
    )
