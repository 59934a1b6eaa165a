"""Code that is brought in: the form, the list, and the pages on which a checker decides."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import NotThereError, OvertakenError, UnusableRequestError
from tre.desk import verbs
from tre.desk.drawing import page, who
from tre.desk.shown.code import parts_of, place
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.safe_settings.ingress import limits
from tre.safe_settings.ingress.kinds import KINDS
from tre.safe_settings.ingress.request import IngressId
from tre.safe_settings.ingress.scan import Offered
from tre.steps.ingress_views import IngressView
from tre.steps.tre import Tre
from tre.vocabulary import ProjectId, Role

router = APIRouter(prefix="/ingress", include_in_schema=False)


@router.get("")
def listing(request: Request, tre: Environment, actor: Actor) -> Response:
    """What waits for a checker, and what comes into my projects."""
    person = who(request)
    roles = person.roles if person else frozenset()
    sees_queue = roles & {Role.OUTPUT_CHECKER, Role.TRE_MANAGER}
    return page(
        request,
        "ingress.html",
        sees_queue=bool(sees_queue),
        queue=verbs.ingress_queue(tre, actor) if sees_queue else (),
        mine=verbs.my_ingress(tre, actor),
        projects=verbs.my_projects(tre, actor),
    )


@router.get("/new")
def blank(request: Request, tre: Environment, actor: Actor, project: ProjectId = "") -> Response:
    """The form for one project."""
    return _form(request, tre, actor, project)


@router.post("/new")
def bring(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Scan what was chosen; it waits for a checker, or is told why it cannot come in."""
    project = form.get("project")
    files = [Offered(name=upload.name, content=upload.content) for upload in form.uploads]
    try:
        number = verbs.bring_code(
            tre,
            actor,
            project,
            files,
            purpose=form.get("purpose"),
            source=form.get("source"),
            strip=form.get("strip") == "yes",
        )
    except (OvertakenError, NotThereError):
        raise
    except UnusableRequestError as error:
        return _form(request, tre, actor, project, problem=str(error), form=form)
    return _to(f"/ingress/{number}")


@router.get("/{number}")
def one_request(request: Request, tre: Environment, actor: Actor, number: IngressId) -> Response:
    """An ingress request, with a line for every file."""
    return _draw(request, verbs.view_ingress(tre, actor, number))


@router.post("/{number}/accept")
def accept(
    request: Request, tre: Environment, actor: Actor, number: IngressId, form: Form
) -> Response:
    """Copy the ticked files into the workspace."""
    return _tried(
        request, tre, actor, number, lambda: verbs.accept_code(tre, actor, number, _ticked(form))
    )


@router.post("/{number}/refuse")
def refuse(
    request: Request, tre: Environment, actor: Actor, number: IngressId, form: Form
) -> Response:
    """Refuse the ticked files, with a reason that who brought them reads."""
    reason = form.get("reason")
    return _tried(
        request,
        tre,
        actor,
        number,
        lambda: verbs.refuse_code(tre, actor, number, reason, _ticked(form)),
        reason=reason,
    )


@router.post("/{number}/withdraw")
def withdraw(
    request: Request, tre: Environment, actor: Actor, number: IngressId, form: Form
) -> Response:
    """Take back every file that waits."""
    _ = form
    return _tried(request, tre, actor, number, lambda: verbs.withdraw_code(tre, actor, number))


@router.get("/{number}/files/{file}")
def one_file(
    request: Request, tre: Environment, actor: Actor, number: IngressId, file: int
) -> Response:
    """One file's code with what was found, at its lines."""
    view = verbs.view_ingress(tre, actor, number)
    content = verbs.ingress_file(tre, actor, number, file)
    shown = content.file
    numbers = [one.id for one in view.files]
    at = numbers.index(file)
    return page(
        request,
        "ingress_file.html",
        view=view,
        file=shown,
        parts=parts_of(shown.name, content.bytes, shown.findings),
        place=place,
        before=view.files[at - 1] if at else None,
        after=view.files[at + 1] if at + 1 < len(numbers) else None,
        at=at + 1,
    )


def _form(
    request: Request,
    tre: Tre,
    actor: str,
    project: ProjectId,
    *,
    problem: str | None = None,
    form: Typed | None = None,
) -> Response:
    cards = verbs.my_projects(tre, actor)
    usable = [card for card in cards if card.decision.allowed]
    chosen = next((card for card in cards if card.project.id == project), None)
    if chosen is None and len(usable) == 1 and not project:
        chosen = usable[0]
    return page(
        request,
        "ingress_new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        cards=cards,
        chosen=chosen,
        kinds=KINDS,
        limits=limits,
        problem=problem,
        typed=form.values() if form else {"strip": "yes"},
    )


def _tried(
    request: Request,
    tre: Tre,
    actor: str,
    number: IngressId,
    act: Callable[[], object],
    *,
    reason: str = "",
) -> Response:
    """Do it and go back to the request; show its page again with what is wrong, where it is."""
    try:
        act()
    except (OvertakenError, NotThereError):
        raise
    except UnusableRequestError as error:
        view = verbs.view_ingress(tre, actor, number)
        return _draw(request, view, problem=str(error), reason=reason)
    return _to(f"/ingress/{number}")


def _draw(
    request: Request, view: IngressView, *, problem: str | None = None, reason: str = ""
) -> Response:
    return page(
        request,
        "ingress_request.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        view=view,
        problem=problem,
        reason=reason,
    )


def _ticked(form: Typed) -> tuple[int, ...]:
    """The numbers of the files that were ticked; none is told as such by the step."""
    return tuple(
        int(text)
        for text in form.all("file")
        if text.isascii() and text.isdigit() and len(text) < 16
    )


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)
