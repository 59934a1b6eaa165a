"""The ledger: search it, take what was found away, and see whether it is whole."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import FileResponse, Response

from tre.decision import NotThereError, UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import page, who, whose_ledger
from tre.desk.paging import A_PAGE
from tre.desk.typed import Actor, Environment
from tre.steps.ledger_search import Search, as_csv, as_json_lines, search_for
from tre.steps.tre import Tre
from tre.steps.views import LedgerVerdict
from tre.vocabulary import Action, PersonId, Role

router = APIRouter(prefix="/ledger", include_in_schema=False)

TAGS = tuple(str(action) for action in Action)
"""Offered in the field of the tags; there are more, which lead nowhere but to the ledger."""

_EXPORTS = {"csv": (as_csv, "text/csv"), "jsonl": (as_json_lines, "application/jsonl")}


class Typed(BaseModel):
    """What the fields above the list say, as typed; they stand in the address."""

    person: str = ""
    project: str = ""
    request: str = ""
    tag: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""

    @property
    def address(self) -> str:
        """The fields that are not empty, for an address."""
        return urlencode({name: text for name, text in self.model_dump().items() if text})


@router.get("")
def ledger(
    request: Request,
    tre: Environment,
    actor: Actor,
    typed: Annotated[Typed, Query()],
    before: str = "",
) -> Response:
    """What the fields ask for, the newest first; managers and auditors see everybody's."""
    return _draw(request, tre, actor, typed, before=_number(before))


@router.post("/verify")
def verify(request: Request, tre: Environment, actor: Actor) -> Response:
    """Go through the whole chain and say where it does not fit."""
    verbs.read_ledger(tre, actor, person=whose_ledger(request, None), limit=1)
    return _draw(request, tre, actor, Typed(), verdict=verbs.verify_ledger(tre))


@router.post("/checkpoint")
def checkpoint(tre: Environment, actor: Actor) -> Response:
    """A signed checkpoint, to be kept where the machine's operator cannot write."""
    kept = verbs.checkpoint_ledger(tre, actor)
    return FileResponse(kept.file, media_type="application/json", filename=kept.file.name)


@router.get("/export.{kind}")
def export(
    request: Request, tre: Environment, actor: Actor, kind: str, typed: Annotated[Typed, Query()]
) -> Response:
    """Everything that the fields ask for, as a file; that it was taken is on the ledger."""
    if kind not in _EXPORTS:
        raise NotThereError("")
    write, media = _EXPORTS[kind]
    found = verbs.export_ledger(tre, actor, _search(request, typed))
    name = f"ledger-{tre.now():%Y-%m-%d-%H%M%S}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write(found), media_type=media, headers=headers)


def _draw(
    request: Request,
    tre: Tre,
    actor: PersonId,
    typed: Typed,
    *,
    before: int | None = None,
    verdict: LedgerVerdict | None = None,
) -> Response:
    look, problem = _look(request, tre, actor, typed, before)
    person = who(request)
    return page(
        request,
        "ledger.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        look=look,
        is_later=before is not None,
        filters=typed.model_dump(),
        address=typed.address,
        tags=TAGS,
        problem=problem,
        verdict=verdict,
        is_staff=person is not None and person.roles & {Role.TRE_MANAGER, Role.AUDITOR},
    )


def _look(
    request: Request, tre: Tre, actor: PersonId, typed: Typed, before: int | None
) -> tuple[verbs.LedgerLook, str | None]:
    """What was found, or why nobody looked: a search that was not understood finds nothing."""
    try:
        search = _search(request, typed)
    except UnusableRequestError as error:
        return verbs.LedgerLook(entries=(), total=0, older=None), str(error)
    return verbs.look_through_ledger(tre, actor, search, limit=A_PAGE, before=before), None


def _search(request: Request, typed: Typed) -> Search:
    told = typed.model_dump()
    told["person"] = whose_ledger(request, typed.person.strip()) or ""
    return search_for(**told)


def _number(text: str) -> int | None:
    """The number of an entry; what is none leads to the first page."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
