"""One file of a request: how it looks, what was found in it, what lies behind it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from tre.decision import NotThereError
from tre.desk import verbs
from tre.desk.comparing import comparison
from tre.desk.drawing import page
from tre.desk.headers import stranger_policy
from tre.desk.shown.beside import laid_beside
from tre.desk.shown.changes import of_texts
from tre.desk.shown.file import Shown, show
from tre.desk.shown.notebook import UnreadableNotebookError, notebook_page
from tre.desk.shown.previewed import previewed_grid
from tre.desk.shown.sniff import IMAGES, Look, look_of
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.release_request import FileKind
from tre.steps.tre import Tre
from tre.steps.views import FileView, GroupView, RequestView
from tre.vocabulary import RequestId

router = APIRouter(prefix="/requests/{number}/files/{file}", include_in_schema=False)


@router.get("")
def one_file(
    request: Request, tre: Environment, actor: Actor, number: RequestId, file: int
) -> Response:
    """The checker's page of a file; its author sees the same without the voting."""
    view = verbs.view_request(tre, actor, number)
    group, file_view = _found(view, file)
    compared = comparison(tre, actor, number, file) if file_view.since_last_turn else None
    shown = show(
        file_view.name,
        verbs.request_file(tre, actor, number, file).bytes,
        check=file_view.check,
        declaration=file_view.declaration,
        changes=compared.changes if compared else None,
    )
    return page(
        request,
        "file.html",
        view=view,
        group=group,
        file=file_view,
        shown=shown,
        compared=compared,
        of_texts=of_texts,
        codes=_codes(tre, actor, view, file_view),
        **_released_before(tre, actor, number, (file_view, shown)),
        **_place_among(view, file),
    )


def _place_among(view: RequestView, file: int) -> dict[str, Any]:
    """Where a file stands among those of its request, with the one before and the one after."""
    every = [one for each in view.groups for one in each.files if one.kind != "withdrawn"]
    at = next((i for i, one in enumerate(every) if one.id == file), None)
    return {
        "before": every[at - 1] if at else None,
        "after": every[at + 1] if at is not None and at + 1 < len(every) else None,
        "place": (at or 0) + 1,
        "total": len(every),
    }


def _released_before(
    tre: Tre, actor: str, number: RequestId, seen: tuple[FileView, Shown]
) -> dict[str, Any]:
    """What the project released before, laid beside an output; nothing for other files."""
    file, shown = seen
    if file.kind != FileKind.OUTPUT:
        return {"released": None, "earlier": ()}
    released = verbs.released_before(tre, actor, number, file.id)
    mine = (shown.grid, file.declaration)
    laid = laid_beside(released.earlier, mine, released.threshold)
    return {"released": released, "earlier": laid}


@router.get("/remedy")
def remedy(
    request: Request,
    tre: Environment,
    actor: Actor,
    number: RequestId,
    file: int,
    method: str = "suppress",
) -> Response:
    """What a protection would make of an output, cell by cell; nothing is changed by it."""
    view = verbs.view_request(tre, actor, number)
    _, file_view = _found(view, file)
    previewed = verbs.preview_remedy(tre, actor, number, file, method)
    content = verbs.request_file(tre, actor, number, file).bytes
    return page(
        request,
        "remedy.html",
        view=view,
        file=file_view,
        remedy=previewed,
        **previewed_grid((content, file_view.declaration), previewed),
    )


@router.get("/image")
def image(
    request: Request, tre: Environment, actor: Actor, number: RequestId, file: int
) -> Response:
    """A picture's own bytes, if they really are a picture's, for an <img> and nothing else."""
    content = verbs.request_file(tre, actor, number, file)
    look = look_of(content.name, content.bytes)
    if look not in IMAGES:
        message = "This file is no picture that the desk shows."
        raise NotThereError(message)
    policy = stranger_policy(request.app.state.tre.config, inline_style=look is Look.SVG)
    return Response(
        content.bytes,
        media_type=IMAGES[look],
        headers={"Content-Security-Policy": policy, "Content-Disposition": "inline"},
    )


@router.get("/notebook")
def notebook(
    request: Request, tre: Environment, actor: Actor, number: RequestId, file: int
) -> Response:
    """A notebook without anything that could run, in a sandbox that would not run it."""
    content = verbs.request_file(tre, actor, number, file)
    config = request.app.state.tre.config
    try:
        html = notebook_page(
            content.bytes,
            title=content.name,
            stylesheet=f"{config.desk_address}/static/notebook.css",
        )
    except UnreadableNotebookError as error:
        message = "This file cannot be read as a notebook."
        raise NotThereError(message) from error
    return HTMLResponse(
        html,
        headers={
            "Content-Security-Policy": stranger_policy(config),
            "X-Frame-Options": "SAMEORIGIN",
        },
    )


def _found(view: RequestView, file: int) -> tuple[GroupView, FileView]:
    for group in view.groups:
        for one in group.files:
            if one.id == file:
                return group, one
    message = "This request has no such file."
    raise NotThereError(message)


def _codes(tre: Tre, actor: str, view: RequestView, file: FileView) -> list[tuple]:
    """The code of the request beside an output, so that a checker need not change the page."""
    if file.kind == "code":
        return []
    codes = [one for group in view.groups for one in group.files if one.kind == "code"]
    return [(one, _shown_code(tre, actor, view.id, one)) for one in codes]


def _shown_code(tre: Tre, actor: str, number: RequestId, file: FileView) -> object:
    content = verbs.request_file(tre, actor, number, file.id).bytes
    return show(file.name, content, check=None, declaration=None)
