"""The checkers' queue, narrowed by what stands in the address, so that a view can be kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.decision import UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import page, who
from tre.desk.paging import Paged, but_the_page, page_asked, paged
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.queue_filter import FILTERS, SORT, SORTS, QueueFilter, Sort, narrowed
from tre.safe_outputs.queue_row import QueueRow
from tre.vocabulary import Role

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows under a heading of their own. total: of them, those on other pages with them."""

    label: str
    rows: tuple[QueueRow, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A view that is asked for often. rows: how many it shows."""

    label: str
    address: str
    rows: int
    is_here: bool


SHORTCUTS: tuple[tuple[str, dict[str, tuple[str, ...]]], ...] = (
    ("Everything", {}),
    ("Waiting for me", {"whose": ("waiting",)}),
    ("Answered by me", {"whose": ("answered",)}),
    ("Late", {"age": ("late",)}),
    ("Due today", {"age": ("today",)}),
    ("Stuck", {"state": ("failed",)}),
)


@router.get("/queue")
def queue(request: Request, tre: Environment, actor: Actor) -> Response:
    """What waits for a checker, narrowed by the address; what it does not know is refused."""
    try:
        typed = but_the_page(request.query_params.multi_items())
        view = verbs.filtered_queue(tre, actor, typed)
        person = who(request)
        is_checker = person is not None and Role.OUTPUT_CHECKER in person.roles
        found = parts(view, is_checker=is_checker)
        cut = paged(
            [row for part in found for row in part.rows],
            page_asked(request),
            address=address(view.wanted),
        )
    except UnusableRequestError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(request, "queue.html", status=status, problem=str(error))
    return page(
        request,
        "queue.html",
        is_checker=is_checker,
        paged=cut,
        everything=view.everything,
        wanted=view.wanted,
        hides=view.hides,
        parts=on_the_page(found, cut),
        shortcuts=shortcuts(view),
        filters=FILTERS,
        choices=_choices(view),
        sorts={name: label for name, (label, _) in SORTS.items()},
        address=cut.address,
        without={one.name: address(view.wanted, without=one.name) for one in view.hides},
    )


def address(wanted: QueueFilter, *, without: str = "") -> str:
    """Write a filter as it stands in an address, one of its parts left out if it is named."""
    chosen = {name: values for name, values in wanted.chosen.items() if name != without}
    sort = {} if wanted.sort is Sort.URGENT else {SORT: (str(wanted.sort),)}
    return urlencode(chosen | sort, doseq=True)


def parts(view: verbs.QueueView, *, is_checker: bool) -> tuple[Part, ...]:
    """Put what waits for whoever looks first; who asks for an order of their own has one list."""
    if view.wanted.sort is not Sort.URGENT or "whose" in view.wanted.chosen:
        return (_part("Requests", view.rows),)
    mine = tuple(row for row in view.rows if row.waits_for_me)
    others = tuple(row for row in view.rows if not row.waits_for_me)
    answered = tuple(row for row in others if row.my_review_in)
    found = (
        _part("Waiting for you", mine),
        _part("You have answered", answered),
        _part("Waiting for others", (r for r in others if not r.my_review_in)),
    )
    return tuple(part for part in found if part.rows or (is_checker and part is found[0]))


def _part(label: str, rows: Iterable[QueueRow]) -> Part:
    listed = tuple(rows)
    return Part(label=label, rows=listed, total=len(listed))


def on_the_page(found: Iterable[Part], cut: Paged[QueueRow]) -> tuple[Part, ...]:
    """Keep of each part what this page shows; one that is empty stands on the first page."""
    shown = {row.id for row in cut.rows}
    kept = (replace(part, rows=tuple(r for r in part.rows if r.id in shown)) for part in found)
    return tuple(part for part in kept if part.rows or (not part.total and cut.number == 1))


def shortcuts(view: verbs.QueueView) -> tuple[Shortcut, ...]:
    """Give the views that are asked for often; of those without a row only the one looked at."""
    found = (
        Shortcut(
            label=label,
            address=urlencode(chosen, doseq=True),
            rows=len(narrowed(view.everything, QueueFilter(chosen=chosen))),
            is_here=dict(view.wanted.chosen) == chosen,
        )
        for label, chosen in SHORTCUTS
    )
    return tuple(cut for cut in found if cut.rows or cut.is_here or not cut.address)


def _choices(view: verbs.QueueView) -> Mapping[str, Mapping[str, str]]:
    known = {"project": view.projects, "author": view.authors}
    return known | {name: one.values for name, one in FILTERS.items() if one.values is not None}
