"""Applying for a project: the form, and what its lead does with the application."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.desk import project_verbs as verbs
from tre.desk.drawing import clock, page, who
from tre.desk.pages.projects import back_to, tried
from tre.desk.project_form import draft_of, typed_of
from tre.desk.typed import Actor, Environment, Form
from tre.safe_projects.gateways import LEGAL_GATEWAYS
from tre.safe_projects.project import ProjectState
from tre.vocabulary import ProjectId, Role

router = APIRouter(prefix="/projects", include_in_schema=False)

USUAL_DAYS = 3 * 365
"""How long the form proposes that a project lasts."""


@router.get("/new")
def blank(request: Request) -> Response:
    """An empty form, for researchers."""
    person = who(request)
    if person is None or Role.RESEARCHER not in person.roles:
        message = "only researchers apply for projects"
        raise NotThereError(message)
    today = clock(request).date()
    typed = {
        "starts": today.isoformat(),
        "ends": (today + timedelta(days=USUAL_DAYS)).isoformat(),
    }
    return _form(request, typed, ())


@router.post("/new")
def apply(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Keep the draft; it is handed in on its own page, after another look."""
    try:
        project = verbs.apply_for_project(tre, actor, draft_of(form))
    except (NotThereError, UnusableRequestError) as error:
        return _form(request, form.values(), form.all("gateway"), problem=str(error))
    return back_to(project)


@router.get("/{project}/edit")
def edit(request: Request, tre: Environment, actor: Actor, project: ProjectId) -> Response:
    """The form with what was typed before."""
    view = verbs.view_project(tre, actor, project)
    is_in_hand = view.project.state in {ProjectState.DRAFT, ProjectState.RETURNED}
    if view.application is None or not view.is_mine or not is_in_hand:
        return back_to(project)
    typed = typed_of(view.project, view.application)
    return _form(request, typed, view.application.gateways, project=project)


@router.post("/{project}/edit")
def change(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Put the new text in the place of the old."""
    try:
        verbs.change_application(tre, actor, project, draft_of(form))
    except (OvertakenError, RefusedError):
        raise
    except UnusableRequestError as error:
        verbs.view_project(tre, actor, project)  # who may not see it does not see the form either
        return _form(
            request, form.values(), form.all("gateway"), project=project, problem=str(error)
        )
    return back_to(project)


@router.post("/{project}/submit")
def submit(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Hand the application in, with the answer to questions where it came back."""
    reply = form.get("reply")
    return tried(
        request, project, form, lambda: verbs.submit_application(tre, actor, project, reply)
    )


@router.post("/{project}/answer")
def answer(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Answer the lay group's advice."""
    text = form.get("text")
    return tried(request, project, form, lambda: verbs.answer_advice(tre, actor, project, text))


@router.post("/{project}/withdraw")
def withdraw(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Take the application back."""
    return tried(request, project, form, lambda: verbs.withdraw_application(tre, actor, project))


def _form(
    request: Request,
    typed: dict[str, str],
    ticked: tuple[str, ...],
    *,
    project: ProjectId = "",
    problem: str | None = None,
) -> Response:
    return page(
        request,
        "project_form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        project_id=project,
        typed=typed,
        ticked=ticked,
        gateways=LEGAL_GATEWAYS,
        datasets=verbs.data_to_ask_for(),
        problem=problem,
    )
