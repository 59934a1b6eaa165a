"""The checkers' queue and the managers' figures as JSON."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.desk import verbs
from tre.desk.api import router as api_router
from tre.desk.paging import PageNumber, but_the_page, page_for_program
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.figures_period import FIELDS
from tre.safe_outputs.queue_filter import FILTERS, SORT, SORTS
from tre.steps.views import QueueRow

router = APIRouter(
    prefix=api_router.prefix,
    responses=api_router.responses,
    dependencies=api_router.dependencies,
    tags=["review"],
)


def _parameter(
    name: str, values: Iterable[str] | None = None, *, several: bool = False
) -> dict[str, Any]:
    """Describe a field of an address, which the step reads and refuses where it is not known.

    several: it may come again, and then means the one or the other.
    """
    known = {} if values is None else {"enum": [str(value) for value in values]}
    one = {"type": "string", **known}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": {"type": "array", "items": one} if several else one,
    }


_FILTERS = [
    *(_parameter(name, one.values, several=True) for name, one in FILTERS.items()),
    _parameter(SORT, SORTS),
]
_PERIOD = [_parameter(name) for name in FIELDS]


@router.get("/queue", openapi_extra={"parameters": _FILTERS})
def queue(
    request: Request, tre: Environment, actor: Actor, answer: Response, page: PageNumber = 1
) -> tuple[QueueRow, ...]:
    """List what waits for output checkers; what is not known of the address is refused."""
    typed = but_the_page(request.query_params.multi_items())
    return page_for_program(verbs.filtered_queue(tre, actor, typed).rows, page, request, answer)


@router.get("/figures", openapi_extra={"parameters": _PERIOD})
def figures(request: Request, tre: Environment, actor: Actor) -> dict[str, Any]:
    """Make the managers' figures of the months from `since` to `until` (2026-03), by project."""
    return verbs.view_figures(tre, actor, request.query_params.multi_items()).to_dict()


@router.get(
    "/figures.csv",
    openapi_extra={"parameters": _PERIOD},
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The table"}},
)
def figures_as_csv(request: Request, tre: Environment, actor: Actor) -> Response:
    """Give the same figures as one long table: figure, row, column, value."""
    view = verbs.view_figures(tre, actor, request.query_params.multi_items())
    return Response(verbs.figures_as_csv(view), media_type="text/csv")
