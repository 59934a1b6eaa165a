"""Asking for a release by hand."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import NotThereError, UnusableRequestError
from tre.desk import guidance, verbs
from tre.desk.drawing import page
from tre.desk.pages.request import Trouble, draw, put_files
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.steps.tre import Tre
from tre.steps.views import ProjectCard
from tre.vocabulary import ProjectId

router = APIRouter(prefix="/requests/new", include_in_schema=False)


@router.get("")
def blank(request: Request, tre: Environment, actor: Actor, project: ProjectId = "") -> Response:
    """Choose a project, then fill in the form."""
    return _form(request, tre, actor, project)


@router.post("")
def create(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Make the draft; it is submitted on its own page, after another look."""
    project = form.get("project")
    answers = form.values()
    problem = _what_is_missing(form)
    if problem:
        return _form(request, tre, actor, project, problem=problem, form=form)
    try:
        number = verbs.create_request(tre, actor, project, form.get("title"))
    except NotThereError:
        raise
    except UnusableRequestError as error:
        return _form(request, tre, actor, project, problem=str(error), form=form)
    problems = put_files(tre, actor, number, form)
    try:
        verbs.describe_group(
            tre,
            actor,
            number,
            "outputs",
            context=guidance.compose(guidance.CONTEXT, answers),
            controls=guidance.compose(guidance.CONTROLS, answers),
        )
    except UnusableRequestError as error:
        problems.append(str(error))
    if problems:
        told = "The draft is kept. " + " ".join(problems)
        return draw(request, tre, actor, number, trouble=Trouble(said=told, form=form))
    return RedirectResponse(f"/requests/{number}", status_code=HTTPStatus.SEE_OTHER)


def _what_is_missing(form: Typed) -> str | None:
    if not form.get("title"):
        return "Give the request a title that its checkers will recognise."
    if not form.all("path") and not form.uploads:
        return "Choose at least one file."
    answers = form.values()
    return guidance.missing(guidance.CONTEXT, answers) or guidance.missing(
        guidance.CONTROLS, answers
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
    chosen = _chosen(cards, project)
    return page(
        request,
        "new_request.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        cards=cards,
        chosen=chosen,
        workspace=verbs.workspace_files(tre, actor, chosen.project.id) if chosen else (),
        problem=problem,
        typed=form.values() if form else {},
        ticked=set(form.all("path")) if form else set(),
    )


def _chosen(cards: tuple[ProjectCard, ...], project: ProjectId) -> ProjectCard | None:
    """The project of that name, or the only one on which work is allowed."""
    by_name = [card for card in cards if card.project.id == project]
    usable = [card for card in cards if card.decision.allowed]
    if by_name:
        return by_name[0]
    return usable[0] if len(usable) == 1 and not project else None
