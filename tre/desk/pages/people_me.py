"""My own page: what I may do today, what stops me, what runs out next; and what I apply for."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import Decision, RefusedError
from tre.desk import people_verbs as verbs
from tre.desk.drawing import page, who
from tre.desk.people_forms import evidence, problem_of
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.safe_people.applications import IN_THE_APPLICANTS_HANDS, OPEN, ApplicationState, Evidence
from tre.safe_people.applying import may_apply
from tre.safe_people.declarations import DECLARATIONS
from tre.safe_people.expiry import NEXT_STEP
from tre.safe_people.person import AccreditationLevel, Person
from tre.steps.tre import Tre
from tre.vocabulary import PersonId

router = APIRouter(prefix="/me", include_in_schema=False)


@router.get("")
def me(request: Request, tre: Environment, actor: Actor) -> Response:
    """What I may do today, what stops me, and what runs out next."""
    if who(request) is None:
        return page(request, "unknown.html", status=HTTPStatus.FORBIDDEN)
    return page(request, "me.html", mine=verbs.my_page(tre, actor), next_step=NEXT_STEP)


@router.get("/accreditation")
def accreditation(request: Request, tre: Environment, actor: Actor) -> Response:
    """The application that is open, or an empty one."""
    return _application(request, tre, actor)


@router.post("/accreditation")
def write(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Keep what was typed; hand it in, where that button was pressed."""

    def act() -> None:
        verbs.write_application(tre, actor, evidence(form))
        if form.get("then") == "submit":
            verbs.submit_application(tre, actor)

    try:
        problem = problem_of(act)
    except RefusedError as refused:
        return _application(request, tre, actor, form=form, gaps=refused.decision)
    if problem:
        return _application(request, tre, actor, form=form, problem=problem)
    return _to("/me/accreditation")


@router.post("/accreditation/withdraw")
def withdraw(tre: Environment, actor: Actor) -> Response:
    """Take the application back."""
    verbs.withdraw_application(tre, actor)
    return _to("/me/accreditation")


@router.get("/declaration")
def declaration(request: Request, tre: Environment, actor: Actor) -> Response:
    """The declaration in its newest version, to be read and signed."""
    return _declaration(request, tre, actor)


@router.post("/declaration")
def sign(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Sign it."""
    try:
        problem = problem_of(
            lambda: verbs.sign_declaration(
                tre, actor, form.get("declaration_version"), form.get("declared_as")
            )
        )
    except RefusedError as refused:
        return _declaration(request, tre, actor, gaps=refused.decision)
    return _declaration(request, tre, actor, problem=problem) if problem else _to("/me")


@router.get("/supervisor")
def supervisor(request: Request, tre: Environment, actor: Actor) -> Response:
    """Who supervises me, and whom I supervise."""
    return _supervisor(request, tre, actor)


@router.post("/supervisor")
def ask(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Ask somebody to supervise me."""
    try:
        problem = problem_of(
            lambda: verbs.ask_to_supervise(
                tre, actor, form.get("supervisor").lower(), form.get("project")
            )
        )
    except RefusedError as refused:
        return _supervisor(request, tre, actor, form=form, gaps=refused.decision)
    if problem:
        return _supervisor(request, tre, actor, form=form, problem=problem)
    return _to("/me/supervisor")


@router.post("/supervisor/{number}/answer")
def answer(tre: Environment, actor: Actor, number: int, form: Form) -> Response:
    """Confirm or decline that I supervise somebody."""
    verbs.answer_supervisor_question(tre, actor, number, confirm=form.get("answer") == "confirm")
    return _to("/me/supervisor")


def _application(
    request: Request,
    tre: Tre,
    actor: PersonId,
    *,
    form: Typed | None = None,
    problem: str | None = None,
    gaps: Decision | None = None,
) -> Response:
    """Draw the form with what was typed, or with what is kept, or empty."""
    applications = verbs.my_applications(tre, actor)
    mine = verbs.my_page(tre, actor)
    refused = tuple(may_apply(mine.person, level, mine.today) for level in AccreditationLevel)
    last = applications[0] if applications else None
    is_open = last is not None and last.state in OPEN
    return page(
        request,
        "me_accreditation.html",
        status=_status(problem, gaps),
        application=last,
        is_open=is_open,
        can_write=not is_open or (last is not None and last.state in IN_THE_APPLICANTS_HANDS),
        is_refused=last is not None and last.state is ApplicationState.REFUSED,
        told=_typed(form) or (last.evidence if last and is_open else _usual(mine.person)),
        levels=tuple(AccreditationLevel),
        too_early=refused[0] if not any(each.allowed for each in refused) else None,
        declaration=DECLARATIONS[-1],
        cards=verbs.my_projects(tre, actor),
        problem=problem,
        gaps=gaps,
    )


def _typed(form: Typed | None) -> dict[str, str] | None:
    return dict.fromkeys(Evidence.__slots__, "") | form.values() if form else None


def _usual(person: Person) -> Evidence:
    """What an application begins with: a renewal keeps its level, and training is known."""
    held = person.accreditation
    return Evidence(
        level=held.level if held else AccreditationLevel.FULL,
        training_passed=person.training_passed,
        supervisor=person.supervisor or "",
    )


def _declaration(
    request: Request,
    tre: Tre,
    actor: PersonId,
    *,
    problem: str | None = None,
    gaps: Decision | None = None,
) -> Response:
    mine = verbs.my_page(tre, actor)
    return page(
        request,
        "me_declaration.html",
        status=_status(problem, gaps),
        mine=mine,
        declaration=DECLARATIONS[-1],
        problem=problem,
        gaps=gaps,
    )


def _supervisor(
    request: Request,
    tre: Tre,
    actor: PersonId,
    *,
    form: Typed | None = None,
    problem: str | None = None,
    gaps: Decision | None = None,
) -> Response:
    found = verbs.supervisions_of(tre, actor)
    return page(
        request,
        "me_supervisor.html",
        status=_status(problem, gaps),
        asked_by_me=tuple(each for each in found if each.person == actor),
        asked_of_me=tuple(each for each in found if each.supervisor == actor),
        cards=verbs.my_projects(tre, actor),
        typed=form.values() if form else {},
        problem=problem,
        gaps=gaps,
    )


def _status(problem: str | None, gaps: Decision | None) -> HTTPStatus:
    has_problem = problem is not None or gaps is not None
    return HTTPStatus.UNPROCESSABLE_ENTITY if has_problem else HTTPStatus.OK


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)
