"""The checkers' queue and the managers' figures as JSON."""

from fastapi import APIRouter, Request

from tre.desk import verbs
from tre.desk.api import router as api_router
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.queue_filter import FILTERS, SORT, SORTS
from tre.steps.views import QueueRow

router = APIRouter(
    prefix=api_router.prefix,
    responses=api_router.responses,
    dependencies=api_router.dependencies,
    tags=["review"],
)

_PARAMETERS = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "schema": {"type": "string"} | ({"enum": [str(v) for v in values]} if values else {}),
    }
    for name, values in (
        *((name, one.values) for name, one in FILTERS.items()),
        (SORT, SORTS),
    )
]


@router.get("/queue", openapi_extra={"parameters": _PARAMETERS})
def queue(request: Request, tre: Environment, actor: Actor) -> tuple[QueueRow, ...]:
    """List what waits for output checkers; what is not known of the address is refused."""
    return verbs.filtered_queue(tre, actor, request.query_params.multi_items()).rows
