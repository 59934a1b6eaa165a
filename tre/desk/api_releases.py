"""What lies in a request as bytes, and what leaves with it, as JSON: the pages' own steps."""

import base64

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, Response

from tre.desk import verbs
from tre.desk.api import Created, Done, FileNumber, Number, Sent, bytes_of
from tre.desk.api import router as api_router
from tre.desk.pages.releases import safe_name
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.release_request import FileOrigin

router = APIRouter(
    prefix=f"{api_router.prefix}/requests/{{number}}",
    responses=api_router.responses,
    dependencies=api_router.dependencies,
)


class Frozen(BaseModel):
    """A file's bytes in base64, as they were frozen; sha256: of the bytes."""

    name: str
    sha256: str
    content_base64: str


class Instead(Sent):
    """Other bytes for a file: of the workspace, or sent (in base64) where the file is code."""

    workspace_path: str | None = Field(default=None, max_length=1_000, examples=["table.csv"])
    content_base64: str | None = Field(default=None, examples=["cHJpbnQoMSkK"])


@router.get("/files/{file}", tags=["requests"])
def content(tre: Environment, actor: Actor, number: Number, file: FileNumber) -> Frozen:
    """Give a file's frozen bytes to those who may see the request."""
    found = verbs.request_file(tre, actor, number, file)
    encoded = base64.b64encode(found.bytes).decode()
    return Frozen(name=found.name, sha256=found.sha256, content_base64=encoded)


@router.put("/files/{file}", tags=["requests"])
def replace(
    tre: Environment, actor: Actor, number: Number, file: FileNumber, sent: Instead
) -> Created:
    """Put another version in a file's place, under its name; votes on the old one end."""
    view = verbs.view_request(tre, actor, number)
    if sent.workspace_path is not None:
        workspace = tre.folders.workspace(view.project_id)
        content = verbs.read_workspace_file(workspace, sent.workspace_path, tre.request_limits)
        origin = FileOrigin.WORKSPACE
    else:
        content, origin = bytes_of(sent.content_base64), FileOrigin.UPLOADED
    return Created(id=verbs.replace_file(tre, actor, number, file, content=content, origin=origin))


@router.post("/retry", tags=["review"])
def retry(tre: Environment, actor: Actor, number: Number) -> Done:
    """Write the bundle of an approved request again, where that failed or was interrupted."""
    verbs.view_request(tre, actor, number)
    verbs.retry_release(tre, number)
    return Done()


@router.get(
    "/release",
    tags=["requests"],
    response_class=FileResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "The signed bundle"}},
)
def release(tre: Environment, actor: Actor, number: Number) -> Response:
    """Fetch what was released, as a signed bundle; who fetched it is on the ledger."""
    bundle = verbs.download_release(tre, actor, number)
    name = safe_name(f"release-{number}-{bundle.name}")
    return FileResponse(bundle, media_type="application/zip", filename=name)
