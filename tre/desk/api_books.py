"""The books as JSON beside the ledger's own list: checkpoints and the self-assessment."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import FileResponse, Response

from tre.desk import verbs
from tre.desk.api import LedgerFields
from tre.desk.api import router as api_router
from tre.desk.drawing import whose_ledger
from tre.desk.typed import Actor, Environment
from tre.steps.assess import SOURCE, Answer, Asked, Assessment
from tre.steps.ledger_search import Search
from tre.steps.views import LedgerEntry, LedgerVerdict

router = APIRouter(
    prefix=api_router.prefix,
    responses=api_router.responses,
    dependencies=api_router.dependencies,
    tags=["audit"],
)


class Assessed(BaseModel):
    """The self-assessment against SATRE; counts: of all statements, by standing, and the score."""

    source: str
    counts: dict[str, int]
    answers: tuple[Answer, ...]
    checks: tuple[Asked, ...]


@router.get("/ledger/export")
def export(
    request: Request, tre: Environment, actor: Actor, search: Annotated[LedgerFields, Query()]
) -> tuple[LedgerEntry, ...]:
    """Take away everything that a search finds, the oldest first; that is on the ledger too."""
    search.person = whose_ledger(request, search.person)
    return verbs.export_ledger(tre, actor, Search(**search.model_dump()))


@router.get("/ledger/verdict")
def ledger_verdict(request: Request, tre: Environment, actor: Actor) -> LedgerVerdict:
    """Go through the whole chain and say whether it fits."""
    verbs.read_ledger(tre, actor, person=whose_ledger(request, None), limit=1)
    return verbs.verify_ledger(tre)


@router.post("/ledger/checkpoint", response_class=FileResponse)
def checkpoint(tre: Environment, actor: Actor) -> Response:
    """Take a signed checkpoint of the ledger, to keep where the machine's operator cannot write."""
    kept = verbs.checkpoint_ledger(tre, actor)
    return FileResponse(kept.file, media_type="application/json", filename=kept.file.name)


@router.get("/assessment")
def assessment(tre: Environment, actor: Actor) -> Assessed:
    """Assess against SATRE with the quick checks."""
    return _said(verbs.assess(tre, actor))


@router.post("/assessment")
def assess_all(tre: Environment, actor: Actor) -> Assessed:
    """Assess against SATRE with every check that can be asked from here."""
    return _said(verbs.assess(tre, actor, everything=True))


def _said(found: Assessment) -> Assessed:
    told: dict[str, Any] = {"answers": found.answers, "checks": found.checks}
    return Assessed(source=SOURCE, counts=found.counts(), **told)
