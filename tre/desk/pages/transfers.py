"""What moved between organisations, and how well the linkage found its people."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import page
from tre.desk.typed import Actor, Environment

router = APIRouter(include_in_schema=False)


@router.get("/transfers")
def transfers(request: Request, tre: Environment, actor: Actor) -> Response:
    """Every transfer, and the report of the linkage beneath."""
    rows = verbs.transfers(tre, actor)
    report, why_not = None, None
    try:
        report = verbs.linkage_report(tre, actor, "npd").to_dict()
    except (NotThereError, UnusableRequestError) as error:
        why_not = str(error)
    except RefusedError:
        why_not = "The linkage report is for data linkers, TRE managers and auditors."
    return page(request, "transfers.html", rows=rows, report=report, why_not=why_not)
