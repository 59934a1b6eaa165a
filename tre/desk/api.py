"""The desk as JSON: the same steps as the pages, refused for the same reasons."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.security import APIKeyHeader, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from tre.decision import UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import who, whose_ledger
from tre.desk.paging import A_PAGE, PageNumber, link, page_for_program
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.release_request import CommentAudience, FileKind
from tre.steps.ledger_search import Search
from tre.steps.views import (
    LedgerEntry,
    NoticeView,
    ProjectCard,
    QueueRow,
    RequestView,
    TransferView,
    WorkspaceFile,
)
from tre.vocabulary import ProjectId


class Refusal(BaseModel):
    """Why something was not done; every reason, not only the first."""

    error: str
    reasons: list[str]
    refused_by: list[dict[str, str]]


_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "No JSON, or no form, that can be read"},
    401: {"model": Refusal, "description": "Nobody is signed in"},
    403: {"model": Refusal, "description": "Refused by one or more of the Five Safes"},
    404: {"model": Refusal, "description": "Not there, or not yours to see"},
    409: {"model": Refusal, "description": "Somebody changed it first"},
    413: {"model": Refusal, "description": "More than is read at once"},
    422: {"model": Refusal, "description": "Cannot be done as it stands"},
    503: {"model": Refusal, "description": "The hub or the store does not answer"},
}
_bearer = HTTPBearer(
    auto_error=False,
    description="A token of the hub with access to the desk, where an installation lets the hub "
    "give them: by itself it gives nobody one.",
)
_csrf = APIKeyHeader(
    name="X-CSRF-Token",
    auto_error=False,
    description="With the desk's cookie: the token that /api/v1/me gives.",
)

router = APIRouter(
    prefix="/api/v1", responses=_ANSWERS, dependencies=[Depends(_bearer), Depends(_csrf)]
)

Number = Annotated[int, Path(ge=1, description="The number of the request")]
FileNumber = Annotated[int, Path(ge=1, le=2**53, description="The number of the file")]
Text = Annotated[str, Field(max_length=20_000)]


class Sent(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Me(BaseModel):
    """Who is signed in, and the token that changes need beside the desk's cookie."""

    id: str
    name: str
    organisation: str
    roles: list[str]
    csrf: str


class NewRequest(Sent):
    """A request to begin."""

    project: str = Field(max_length=100, examples=["early-onset-psychosis"])
    title: str = Field(min_length=1, max_length=300, examples=["Attainment by diagnosis group"])


class NewFile(Sent):
    """A file of the workspace, or the bytes themselves (in base64)."""

    kind: FileKind = FileKind.OUTPUT
    group: str = Field(default="outputs", max_length=100, examples=["outputs"])
    workspace_path: str | None = Field(default=None, max_length=1_000, examples=["table.csv"])
    name: str | None = Field(default=None, max_length=300, examples=["table.py"])
    content_base64: str | None = Field(default=None, examples=["cHJpbnQoMSkK"])


class Group(Sent):
    """What a group of files is, and what was done about disclosure."""

    context: Text = Field(examples=["Mean Attainment 8 by diagnosis group; pupils of 2010-2019."])
    controls: Text = Field(examples=["Cells under 10 and their complements are withheld."])


class Kind(Sent):
    """What a file is in its request."""

    kind: FileKind


class Comment(Sent):
    """A remark on a group of files."""

    group: str = Field(max_length=100, examples=["outputs"])
    text: Text = Field(examples=["Which years are these?"])
    audience: CommentAudience = CommentAudience.PRIVATE


class Because(Sent):
    """A reason that others will read."""

    reason: str = Field(min_length=1, max_length=20_000, examples=["It was asked for twice."])


class LedgerFields(Sent):
    """Which entries of the ledger."""

    person: str | None = Field(default=None, max_length=100)
    project: str | None = Field(default=None, max_length=100)
    request: int | None = Field(default=None, ge=1)
    tag: str | None = Field(default=None, max_length=80)
    outcome: Literal["done", "refused"] | None = None
    since: date | None = None
    until: date | None = None


class LedgerSearch(LedgerFields):
    """The entries of one page; `before` an entry's number leads to older ones."""

    limit: int = Field(default=A_PAGE, ge=1, le=1_000)
    before: int | None = Field(default=None, ge=1, le=2**53)


class Created(BaseModel):
    """The number that something new was given."""

    id: int


class Done(BaseModel):
    """It was done, and is in the ledger."""

    done: bool = True


@router.get("/me", tags=["me"])
def me(request: Request, actor: Actor) -> Me:
    """Say who is signed in."""
    person = who(request)
    return Me(
        id=actor,
        name=person.name if person else "",
        organisation=person.organisation if person else "",
        roles=sorted(role.value for role in person.roles) if person else [],
        csrf=request.state.visitor.csrf,
    )


@router.get("/projects", tags=["me"])
def projects(tre: Environment, actor: Actor) -> tuple[ProjectCard, ...]:
    """List my projects, each with whether a session may start, or every reason why not."""
    return verbs.my_projects(tre, actor)


@router.get("/projects/{project}/workspace", tags=["me"])
def workspace(tre: Environment, actor: Actor, project: ProjectId) -> tuple[WorkspaceFile, ...]:
    """List the files of a project's workspace."""
    return verbs.workspace_files(tre, actor, project)


@router.get("/notices", tags=["me"])
def notices(tre: Environment, actor: Actor) -> tuple[NoticeView, ...]:
    """Tell what happened that concerns me, newest first."""
    return verbs.notices(tre, actor)


@router.get("/requests", tags=["requests"])
def my_requests(
    request: Request, tre: Environment, actor: Actor, answer: Response, page: PageNumber = 1
) -> tuple[QueueRow, ...]:
    """List my requests, the newest first."""
    return page_for_program(verbs.my_requests(tre, actor), page, request, answer)


@router.post("/requests", tags=["requests"], status_code=201)
def create(tre: Environment, actor: Actor, sent: NewRequest) -> Created:
    """Begin a request, as a draft."""
    return Created(id=verbs.create_request(tre, actor, sent.project, sent.title))


@router.get("/requests/{number}", tags=["requests"])
def one_request(tre: Environment, actor: Actor, number: Number) -> RequestView:
    """Show a request with everything that the caller may see of it."""
    return verbs.view_request(tre, actor, number)


@router.post("/requests/{number}/files", tags=["requests"], status_code=201)
def add_file(tre: Environment, actor: Actor, number: Number, sent: NewFile) -> Created:
    """Freeze a copy of a file as part of a request; only code may be sent as bytes."""
    if sent.workspace_path is not None:
        file = verbs.add_workspace_file(
            tre, actor, number, sent.workspace_path, sent.kind, sent.group
        )
        return Created(id=file)
    if sent.kind is not FileKind.CODE:
        message = "only code may be sent as bytes; results come from the workspace"
        raise UnusableRequestError(message)
    content = bytes_of(sent.content_base64)
    file = verbs.add_file(
        tre,
        actor,
        number,
        name=sent.name or "",
        content=content,
        kind=sent.kind,
        group=sent.group,
    )
    return Created(id=file)


@router.put("/requests/{number}/groups/{group}", tags=["requests"])
def describe_group(tre: Environment, actor: Actor, number: Number, group: str, sent: Group) -> Done:
    """Write a group's context and controls."""
    verbs.describe_group(tre, actor, number, group, context=sent.context, controls=sent.controls)
    return Done()


@router.put("/requests/{number}/files/{file}/kind", tags=["requests"])
def set_kind(tre: Environment, actor: Actor, number: Number, file: FileNumber, sent: Kind) -> Done:
    """Say what a file is in its request."""
    verbs.set_file_kind(tre, actor, number, file, sent.kind)
    return Done()


@router.post("/requests/{number}/files/{file}/withdraw", tags=["requests"])
def withdraw_file(tre: Environment, actor: Actor, number: Number, file: FileNumber) -> Done:
    """Take a file out of a request."""
    verbs.withdraw_file(tre, actor, number, file)
    return Done()


@router.post("/requests/{number}/submit", tags=["requests"])
def submit(tre: Environment, actor: Actor, number: Number) -> Done:
    """Hand a request to the checkers."""
    verbs.submit_request(tre, actor, number)
    return Done()


@router.post("/requests/{number}/withdraw", tags=["requests"])
def withdraw(tre: Environment, actor: Actor, number: Number) -> Done:
    """Take a request back for good."""
    verbs.withdraw_request(tre, actor, number)
    return Done()


@router.post("/requests/{number}/comments", tags=["requests"], status_code=201)
def comment(tre: Environment, actor: Actor, number: Number, sent: Comment) -> Done:
    """Say something about a group of files."""
    verbs.comment(tre, actor, number, sent.group, sent.text, sent.audience)
    return Done()


@router.get("/ledger", tags=["audit"])
def ledger(
    request: Request,
    tre: Environment,
    actor: Actor,
    search: Annotated[LedgerSearch, Query()],
    answer: Response,
) -> tuple[LedgerEntry, ...]:
    """Read the ledger, newest first; managers and auditors all of it, others their own."""
    search.person = whose_ledger(request, search.person)
    told = search.model_dump()
    paging = {name: told.pop(name) for name in ("limit", "before")}
    found = verbs.look_through_ledger(tre, actor, Search(**told), **paging)
    answer.headers["X-Total-Count"] = str(found.total)
    if found.older:
        answer.headers["Link"] = link(request, "next", before=found.older)
    return found.entries


@router.get("/transfers", tags=["audit"])
def transfers(tre: Environment, actor: Actor) -> tuple[TransferView, ...]:
    """List what moved between organisations."""
    return verbs.transfers(tre, actor)


@router.get("/linkages", tags=["audit"])
def linkages(tre: Environment, actor: Actor) -> tuple[dict[str, Any], ...]:
    """List the linkages: description, latest run, last proof of separation."""
    return tuple(card.to_dict() for card in verbs.linkage_cards(tre, actor))


@router.get("/linkages/{linkage}", tags=["audit"])
def one_linkage(tre: Environment, actor: Actor, linkage: str) -> dict[str, Any]:
    """Show a linkage, with the journey of one person's identifiers."""
    journey = verbs.linkage_journey(tre, actor, linkage).journey
    return verbs.linkage_card(tre, actor, linkage).to_dict() | {"journey": journey.to_dict()}


@router.get("/linkages/{linkage}/separation", tags=["audit"])
def separation(tre: Environment, actor: Actor, linkage: str) -> dict[str, Any]:
    """Prove separation now, from the record and from what every party holds."""
    return verbs.prove_separation(tre, actor, linkage).to_dict()


@router.get("/linkages/{linkage}/audit", tags=["audit"])
def audit(tre: Environment, actor: Actor, linkage: str) -> dict[str, Any]:
    """Make the evidence pack that an auditor asks for."""
    return verbs.audit_linkage(tre, actor, linkage).to_dict()


@router.get("/linkages/{linkage}/report", tags=["audit"])
def linkage_report(tre: Environment, actor: Actor, linkage: str) -> dict[str, Any]:
    """Say how well a linkage found its people, against the truth."""
    return verbs.linkage_report(tre, actor, linkage).to_dict()


def bytes_of(text: str | None) -> bytes:
    """Read base64. Raises UnusableRequestError for what is none."""
    try:
        return base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError) as error:
        message = "content_base64 is not valid base64"
        raise UnusableRequestError(message) from error
