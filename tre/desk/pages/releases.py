"""What has left the environment, and the way to fetch it."""

import re

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from tre.desk import verbs
from tre.desk.drawing import page, who
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.release_request import State
from tre.steps.tre import Tre
from tre.steps.views import LedgerEntry
from tre.vocabulary import Action, PersonId, RequestId, Role

router = APIRouter(prefix="/releases", include_in_schema=False)


@router.get("")
def releases(request: Request, tre: Environment, actor: Actor) -> Response:
    """What was released of the requests that I may see."""
    rows = verbs.my_requests(tre, actor)
    person = who(request)
    is_staff = person is not None and person.roles & {Role.TRE_MANAGER, Role.AUDITOR}
    return page(
        request,
        "releases.html",
        rows=tuple(row for row in rows if row.state in {State.RELEASED, State.REVOKED}),
        everybodys=_all_releases(tre, actor) if is_staff else (),
    )


def _all_releases(tre: Tre, actor: PersonId) -> tuple[LedgerEntry, ...]:
    """The ledger's newest releases and revocations, for those who look after them."""
    tags = {Action.RELEASE_REQUEST.value, Action.REVOKE_RELEASE.value}
    entries = verbs.read_ledger(tre, actor, limit=1_000)
    return tuple(entry for entry in entries if entry.tag in tags and entry.outcome == "done")


@router.get("/{number}/download")
def download(tre: Environment, actor: Actor, number: RequestId) -> Response:
    """The signed bundle; who fetched it is in the ledger."""
    bundle = verbs.download_release(tre, actor, number)
    return FileResponse(
        bundle, media_type="application/zip", filename=safe_name(f"release-{number}-{bundle.name}")
    )


def safe_name(name: str) -> str:
    """A file name that no system can misread: letters, digits, dot, hyphen, underscore."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-120:] or "release.zip"
