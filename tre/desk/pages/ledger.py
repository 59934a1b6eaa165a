"""The ledger, and whether it is whole."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from tre.desk import verbs
from tre.desk.drawing import page, whose_ledger
from tre.desk.typed import Actor, Environment
from tre.steps.tre import Tre
from tre.steps.views import LedgerVerdict

router = APIRouter(prefix="/ledger", include_in_schema=False)

ENTRIES_A_PAGE = 100


class Search(BaseModel):
    """What the fields above the list say; numbers as typed, and nonsense means all."""

    person: str = ""
    project: str = ""
    number: str = ""
    before: str = ""


@router.get("")
def ledger(
    request: Request, tre: Environment, actor: Actor, search: Annotated[Search, Query()]
) -> Response:
    """The newest entries; managers and auditors see everybody's."""
    return _draw(request, tre, actor, search)


@router.post("/verify")
def verify(request: Request, tre: Environment, actor: Actor) -> Response:
    """Go through the whole chain and say where it does not fit."""
    verbs.read_ledger(tre, actor, person=whose_ledger(request, None), limit=1)
    return _draw(request, tre, actor, Search(), verbs.verify_ledger(tre))


def _draw(
    request: Request, tre: Tre, actor: str, search: Search, verdict: LedgerVerdict | None = None
) -> Response:
    entries = verbs.read_ledger(
        tre,
        actor,
        person=whose_ledger(request, search.person.strip()),
        project=search.project.strip() or None,
        request=_whole(search.number),
        limit=ENTRIES_A_PAGE + 1,
        before=_whole(search.before),
    )
    return page(
        request,
        "ledger.html",
        entries=entries[:ENTRIES_A_PAGE],
        has_more=len(entries) > ENTRIES_A_PAGE,
        filters=search.model_dump(),
        verdict=verdict,
    )


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
