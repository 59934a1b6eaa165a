"""The page of one project, and what those who decide about it do there."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import NotThereError, OvertakenError, UnusableRequestError
from tre.desk import project_verbs as verbs
from tre.desk.choices import one_of
from tre.desk.drawing import page
from tre.desk.project_form import ask_of, day_of, typed_grant
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.safe_projects.application import Choice, Opinion
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.owners import latest_decision
from tre.safe_projects.panel import CRITERIA, SEATS
from tre.vocabulary import ProjectId

router = APIRouter(prefix="/projects/{project}", include_in_schema=False)


@router.get("")
def one_project(request: Request, project: ProjectId) -> Response:
    """A project with everything that its viewer may see of it."""
    return draw(request, project)


@router.post("/advice")
def advise(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Write down what the lay group says."""

    def act() -> None:
        opinion = one_of(Opinion, form.get("opinion"))
        verbs.advise_on_project(tre, actor, project, opinion, form.get("text"))

    return tried(request, project, form, act)


@router.post("/data")
def decide_data(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Decide on one dataset as its owner."""
    return tried(
        request,
        project,
        form,
        lambda: verbs.decide_as_owner(tre, actor, project, form.get("dataset"), answer_of(form)),
    )


@router.post("/vote")
def vote(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Vote as a member of the panel."""
    return tried(
        request,
        project,
        form,
        lambda: verbs.vote_on_project(
            tre,
            actor,
            project,
            answer_of(form),
            criteria=form.all("criterion"),
            no_interest=form.get("no_interest") == "yes",
        ),
    )


@router.post("/changes")
def propose(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Propose a change, as the lead."""

    def act() -> None:
        kind = one_of(ChangeKind, form.get("kind"))
        until = form.get("until")
        verbs.propose_change(
            tre,
            actor,
            project,
            verbs.Proposal(
                kind=kind,
                reason=form.get("reason"),
                member=form.get("member") or None,
                ask=ask_of(form, form.get("dataset")) if form.get("dataset") else None,
                until=day_of(until, "new last day") if until else None,
            ),
        )

    return tried(request, project, form, act)


@router.get("/changes/data")
def more_data(request: Request, tre: Environment, actor: Actor, project: ProjectId) -> Response:
    """The form in which a lead asks for more data or gives some back, dataset by dataset."""
    view = verbs.view_project(tre, actor, project)
    granted = {one.dataset: one for one in view.project.datasets}
    datasets = verbs.data_to_ask_for()
    return page(
        request,
        "project_more_data.html",
        view=view,
        granted=granted,
        datasets=datasets,
        forms={one.id: typed_grant(granted.get(one.id), view.application) for one in datasets},
    )


@router.post("/changes/{number}/owner")
def decide_change_as_owner(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, number: int, form: Form
) -> Response:
    """Grant or refuse the data of a change, as their owner."""
    return tried(
        request,
        project,
        form,
        lambda: verbs.decide_change_as_owner(tre, actor, project, number, answer_of(form)),
    )


@router.post("/changes/{number}/chair")
def decide_change(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, number: int, form: Form
) -> Response:
    """Accept or refuse a change, for the panel's chair."""
    return tried(
        request,
        project,
        form,
        lambda: verbs.decide_change(tre, actor, project, number, answer_of(form)),
    )


@router.post("/changes/{number}/withdraw")
def withdraw_change(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, number: int, form: Form
) -> Response:
    """Take a change back, as the lead."""
    return tried(request, project, form, lambda: verbs.withdraw_change(tre, actor, project, number))


@router.post("/suspend")
def suspend(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Stop the project for now."""
    reason = form.get("reason")
    return tried(request, project, form, lambda: verbs.suspend_project(tre, actor, project, reason))


@router.post("/resume")
def resume(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """Let the project go on."""
    reason = form.get("reason")
    return tried(request, project, form, lambda: verbs.resume_project(tre, actor, project, reason))


@router.post("/end")
def end(
    request: Request, tre: Environment, actor: Actor, project: ProjectId, form: Form
) -> Response:
    """End the project for good."""
    reason = form.get("reason")
    return tried(request, project, form, lambda: verbs.end_project(tre, actor, project, reason))


def answer_of(form: Typed) -> verbs.Answer:
    """An owner's or a panel member's answer: conditions are typed one a line."""
    return verbs.Answer(
        choice=one_of(Choice, form.get("choice")),
        reasons=form.get("reasons"),
        conditions=tuple(form.get("conditions").splitlines()),
        variables=form.all("variable"),
    )


def draw(
    request: Request, project: ProjectId, *, problem: str | None = None, form: Typed | None = None
) -> Response:
    """Draw the project's page; with a problem, what was typed is still in its form."""
    tre, actor = request.app.state.tre, request.state.visitor.person
    view = verbs.view_project(tre, actor, project)
    return page(
        request,
        "project.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        view=view,
        opinions=tuple(Opinion),
        choices=tuple(Choice),
        criteria=CRITERIA,
        seats=SEATS,
        kinds=tuple(ChangeKind),
        latest_decision=latest_decision,
        years=verbs.years_in_words,
        problem=problem,
        typed=form.values() if form else {},
        ticked=form.all("criterion") if form else (),
    )


def tried(request: Request, project: ProjectId, form: Typed, act: Callable[[], object]) -> Response:
    """Take the step, and show the page again with what was typed where it cannot be taken."""
    try:
        act()
    except (NotThereError, OvertakenError):
        raise
    except UnusableRequestError as error:
        return draw(request, project, problem=str(error), form=form)
    return back_to(project)


def back_to(project: ProjectId) -> Response:
    """Show the project again, so that reloading sends nothing twice."""
    return RedirectResponse(f"/projects/{project}", status_code=HTTPStatus.SEE_OTHER)
