"""`tre request queue`, `return` and `figures`: the review from the shell, and its figures."""

from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import LARGEST, Json, answer, percent, say, show_json, show_table
from tre.decision import UnusableRequestError
from tre.safe_outputs.atomic_file import write_whole
from tre.safe_outputs.figure import Figure, Number
from tre.safe_outputs.queue_filter import FILTERS, SORTS
from tre.safe_outputs.queue_row import QueueRow
from tre.safe_outputs.return_reasons import ReturnReason
from tre.safe_outputs.working_days import SERVICE_LEVEL_WORKING_DAYS
from tre.steps.figures import as_csv, view_figures
from tre.steps.queue import QueueView, filtered_queue
from tre.steps.return_request import return_request

RequestArgument = Annotated[int, typer.Argument(help="The request's number.", min=1, max=LARGEST)]


def _values(name: str) -> str:
    return f"{', '.join(FILTERS[name].values or ())}."


def show_queue(  # noqa: PLR0913 - each is a filter
    context: typer.Context,
    *,
    whose: Annotated[list[str] | None, typer.Option(help=_values("whose"))] = None,
    age: Annotated[list[str] | None, typer.Option(help=_values("age"))] = None,
    verdict: Annotated[list[str] | None, typer.Option(help=_values("verdict"))] = None,
    state: Annotated[list[str] | None, typer.Option(help=_values("state"))] = None,
    turn: Annotated[list[str] | None, typer.Option(help=_values("turn"))] = None,
    kind: Annotated[list[str] | None, typer.Option(help=_values("kind"))] = None,
    project: Annotated[list[str] | None, typer.Option(help="Only this project.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Only this author.")] = None,
    text: Annotated[list[str] | None, typer.Option(help="Only titles with these words.")] = None,
    sort: Annotated[str, typer.Option(help=f"{', '.join(SORTS)}.")] = "",
    as_json: Json = False,
) -> None:
    """List what waits for review, narrowed by the same filters as the desk's page.

    A filter that is given again means the one or the other.
    Example: tre request queue --age late --age today --as cora
    """
    asked = asking(context)
    typed = {
        "whose": whose,
        "age": age,
        "verdict": verdict,
        "state": state,
        "turn": turn,
        "kind": kind,
        "project": project,
        "author": author,
        "text": text,
    }
    with opened(asked.config()) as tre:
        fields = [(name, text) for name, texts in typed.items() for text in texts or ()]
        view = filtered_queue(tre, asked.as_manager(), [*fields, ("sort", sort)])
    if as_json:
        show_json(view.rows)
        return
    show_table(
        ("no.", "title", "project", "author", "state", "turn", "verdict", "age", "due"),
        [
            (
                *(r.id, r.title, r.project_id, r.author_id, r.state, r.turn, r.worst_verdict),
                _aged(r),
                r.due_on,
            )
            for r in view.rows
        ],
        empty=_why_nothing(view),
    )


def _aged(row: QueueRow) -> str:
    late = ", late" if row.late else ""
    return f"{row.age_working_days} of {SERVICE_LEVEL_WORKING_DAYS} working days{late}"


def _why_nothing(view: QueueView) -> str:
    if not view.everything:
        return "Nothing waits for review. A researcher asks with session.request_release(…)."
    hides = "; ".join(
        f"--{one.name} hides {one.hides}, and {one.without_it} are left without it"
        for one in view.hides
    )
    return f"None of {len(view.everything)} requests fits: {hides}."


def give_back(
    context: typer.Context,
    request: RequestArgument,
    because: Annotated[
        ReturnReason, typer.Option(help="The main reason, which is counted.")
    ] = ReturnReason.OTHER,
    reason: Annotated[
        str, typer.Option(help="What to change, for the author; a public comment may say it.")
    ] = "",
    *,
    as_json: Json = False,
) -> None:
    """Return a request to its author, as an output checker.

    Example: tre request return 7 --because "too little context" --reason "Which years?" --as cora
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        return_request(tre, asked.as_manager(), request, reason, because=because)
    sentence = f"Request {request} is with its author again: {because}."
    answer({"request": request, "returned": because}, sentence, as_json=as_json)


def show_figures(
    context: typer.Context,
    *,
    since: Annotated[str, typer.Option(help="The first month (YYYY-MM).")] = "",
    until: Annotated[str, typer.Option(help="The last month (YYYY-MM).")] = "",
    project: Annotated[str, typer.Option(help="Only this project.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write all of it as CSV to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the review in figures: times, reasons for return, disagreement; the last 12 months.

    Example: tre request figures --since 2026-01 --until 2026-06
    """
    asked = asking(context)
    if output is not None and output.suffix != ".csv":
        message = f"figures are written as .csv, not as {output.name!r}"
        raise UnusableRequestError(message)
    typed = {"since": since, "until": until, "project": project}
    with opened(asked.config()) as tre:
        view = view_figures(tre, asked.as_manager(), typed.items())
    if output is not None:
        write_whole(output, as_csv(view).encode())
    if as_json:
        show_json(view.to_dict())
        return
    say(f"{view.period.since} to {view.period.until}, in UTC and working days")
    if view.is_empty:
        say("Nothing happened in these months. Figures begin with the first submitted request.")
        return
    for figure in view.figures:
        _show(figure)


def _show(figure: Figure) -> None:
    say(f"\n{figure.title} (n = {figure.n} {figure.n_of})")
    show_table(
        (figure.of, *figure.columns),
        [
            (row.label, *map(_said, figure.columns, (*row.values, *row.more)))
            for row in figure.rows
            if any((*row.values, *row.more))
        ],
        empty="Nothing in these months.",
    )


def _said(column: str, value: Number) -> object:
    return percent(value) if column.startswith("share") and value is not None else value
