"""What has left the environment, and the way to fetch it."""

import re

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from tre.desk import verbs
from tre.desk.drawing import page
from tre.desk.typed import Actor, Environment
from tre.vocabulary import RequestId

router = APIRouter(prefix="/releases", include_in_schema=False)


@router.get("")
def releases(request: Request, tre: Environment, actor: Actor) -> Response:
    """What was released of the requests that I may see."""
    rows = verbs.my_requests(tre, actor)
    return page(
        request,
        "releases.html",
        rows=tuple(row for row in rows if row.state in {"released", "revoked"}),
    )


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
