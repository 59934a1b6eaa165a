"""Code that is brought in, as JSON: the same steps as its pages."""

import base64
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from tre.desk import verbs
from tre.desk.api import Because, Created, Done, FileNumber, Sent, bytes_of
from tre.desk.api import router as api_router
from tre.desk.typed import Actor, Environment
from tre.safe_settings.ingress.limits import MOST_BYTES, MOST_FILES
from tre.safe_settings.ingress.scan import Offered
from tre.steps.ingress_views import IngressRow, IngressView

router = APIRouter(
    prefix=f"{api_router.prefix}/ingress",
    responses=api_router.responses,
    dependencies=api_router.dependencies,
    tags=["ingress"],
)

Number = Annotated[int, Path(ge=1, description="The number of the ingress request")]


class OfferedFile(Sent):
    """A file to bring in: its name without folders, and its bytes in base64."""

    name: str = Field(max_length=300, examples=["model.py"])
    content_base64: str = Field(max_length=2 * MOST_BYTES, examples=["cHJpbnQoMSkK"])


class Bring(Sent):
    """Files to bring into a project's workspace, and what a checker needs to know about them."""

    project: str = Field(max_length=100, examples=["early-onset-psychosis"])
    purpose: str = Field(max_length=5_000, examples=["The models of our protocol."])
    source: str = Field(max_length=5_000, examples=["Our own repository, version 1.2."])
    files: list[OfferedFile] = Field(min_length=1, max_length=MOST_FILES)
    strip_notebooks: bool = True


class Which(Sent):
    """Which files; all that wait where none is named."""

    files: list[int] | None = Field(default=None, max_length=MOST_FILES)


class RefuseWhich(Because):
    """Which files, and why not."""

    files: list[int] | None = Field(default=None, max_length=MOST_FILES)


class Placed(BaseModel):
    """Where accepted files lie in the workspace."""

    paths: tuple[str, ...]


class Content(BaseModel):
    """A file's bytes in base64, as they would come in."""

    name: str
    sha256: str
    content_base64: str


@router.get("")
def mine(tre: Environment, actor: Actor) -> tuple[IngressRow, ...]:
    """List what comes into my projects, newest first."""
    return verbs.my_ingress(tre, actor)


@router.get("/queue")
def queue(tre: Environment, actor: Actor) -> tuple[IngressRow, ...]:
    """List what waits for a checker, oldest first."""
    return verbs.ingress_queue(tre, actor)


@router.post("", status_code=201)
def bring(tre: Environment, actor: Actor, sent: Bring) -> Created:
    """Scan files and let them wait for a checker; none is in the workspace yet."""
    files = [Offered(name=one.name, content=bytes_of(one.content_base64)) for one in sent.files]
    number = verbs.bring_code(
        tre,
        actor,
        sent.project,
        files,
        purpose=sent.purpose,
        source=sent.source,
        strip=sent.strip_notebooks,
    )
    return Created(id=number)


@router.get("/{number}")
def one_ingress(tre: Environment, actor: Actor, number: Number) -> IngressView:
    """Show an ingress request with everything that was found."""
    return verbs.view_ingress(tre, actor, number)


@router.get("/{number}/files/{file}")
def content(tre: Environment, actor: Actor, number: Number, file: FileNumber) -> Content:
    """Give a file's bytes as they would come in."""
    found = verbs.ingress_file(tre, actor, number, file)
    encoded = base64.b64encode(found.bytes).decode()
    return Content(name=found.file.name, sha256=found.file.sha256, content_base64=encoded)


@router.post("/{number}/accept")
def accept(tre: Environment, actor: Actor, number: Number, sent: Which | None = None) -> Placed:
    """Copy files into the workspace."""
    return Placed(paths=verbs.accept_code(tre, actor, number, sent.files if sent else None))


@router.post("/{number}/refuse")
def refuse(tre: Environment, actor: Actor, number: Number, sent: RefuseWhich) -> Done:
    """Refuse files, with a reason."""
    verbs.refuse_code(tre, actor, number, sent.reason, sent.files)
    return Done()


@router.post("/{number}/withdraw")
def withdraw(tre: Environment, actor: Actor, number: Number) -> Done:
    """Take back every file that waits."""
    verbs.withdraw_code(tre, actor, number)
    return Done()
