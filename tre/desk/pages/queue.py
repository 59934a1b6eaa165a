"""The checkers' queue, narrowed by what stands in the address, so that a view can be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.decision import UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import page, who
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.queue_filter import FILTERS, SORT, SORTS, QueueFilter, Sort, narrowed
from tre.safe_outputs.queue_row import QueueRow
from tre.vocabulary import Role

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows under a heading of their own."""

    label: str
    rows: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A view that is asked for often. rows: how many it shows."""

    label: str
    address: str
    rows: int
    is_here: bool


SHORTCUTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Everything", {}),
    ("Waiting for me", {"whose": "waiting"}),
    ("Answered by me", {"whose": "answered"}),
    ("Late", {"age": "late"}),
    ("Due today", {"age": "today"}),
    ("Stuck", {"state": "failed"}),
)


@router.get("/queue")
def queue(request: Request, tre: Environment, actor: Actor) -> Response:
    """What waits for a checker, narrowed by the address; what it does not know is refused."""
    try:
        view = verbs.filtered_queue(tre, actor, request.query_params.multi_items())
    except UnusableRequestError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(request, "queue.html", status=status, problem=str(error))
    person = who(request)
    is_checker = person is not None and Role.OUTPUT_CHECKER in person.roles
    return page(
        request,
        "queue.html",
        is_checker=is_checker,
        rows=view.rows,
        everything=view.everything,
        wanted=view.wanted,
        hides=view.hides,
        parts=parts(view, is_checker=is_checker),
        shortcuts=shortcuts(view),
        filters=FILTERS,
        choices=_choices(view),
        sorts={name: label for name, (label, _) in SORTS.items()},
        address=address(view.wanted),
        without={one.name: address(view.wanted, without=one.name) for one in view.hides},
    )


def address(wanted: QueueFilter, *, without: str = "") -> str:
    """Write a filter as it stands in an address, one of its parts left out if it is named."""
    chosen = {name: value for name, value in wanted.chosen.items() if name != without}
    sort = {} if wanted.sort is Sort.URGENT else {SORT: str(wanted.sort)}
    return urlencode(chosen | sort)


def parts(view: verbs.QueueView, *, is_checker: bool) -> tuple[Part, ...]:
    """Put what waits for whoever looks first; who asks for an order of their own has one list."""
    if view.wanted.sort is not Sort.URGENT or "whose" in view.wanted.chosen:
        return (Part(label="Requests", rows=view.rows),)
    mine = tuple(row for row in view.rows if row.waits_for_me)
    others = tuple(row for row in view.rows if not row.waits_for_me)
    answered = tuple(row for row in others if row.my_review_in)
    found = (
        Part(label="Waiting for you", rows=mine),
        Part(label="You have answered", rows=answered),
        Part(label="Waiting for others", rows=tuple(r for r in others if not r.my_review_in)),
    )
    return tuple(part for part in found if part.rows or (is_checker and part is found[0]))


def shortcuts(view: verbs.QueueView) -> tuple[Shortcut, ...]:
    """Give the views that are asked for often; of those without a row only the one looked at."""
    found = (
        Shortcut(
            label=label,
            address=urlencode(chosen),
            rows=len(narrowed(view.everything, QueueFilter(chosen=chosen))),
            is_here=dict(view.wanted.chosen) == chosen,
        )
        for label, chosen in SHORTCUTS
    )
    return tuple(cut for cut in found if cut.rows or cut.is_here or not cut.address)


def _choices(view: verbs.QueueView) -> Mapping[str, Mapping[str, str]]:
    known = {"project": view.projects, "author": view.authors}
    return known | {name: one.values for name, one in FILTERS.items() if one.values is not None}
