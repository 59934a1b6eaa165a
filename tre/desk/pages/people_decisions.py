"""Decisions about people: applications for accreditation, sanctions and their cascades."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import RefusedError
from tre.desk import people_verbs as verbs
from tre.desk.choices import one_of
from tre.desk.drawing import page
from tre.desk.pages.people import is_manager
from tre.desk.people_forms import day_or_none, problem_of
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.safe_people.applications import ApplicationEvent, ApplicationState
from tre.safe_people.sanctions import USUAL_LENGTHS, Breach, is_in_force, usual_end
from tre.steps.tre import Tre
from tre.vocabulary import PersonId

router = APIRouter(include_in_schema=False)


@router.get("/accreditations/{number}")
def accreditation(request: Request, tre: Environment, actor: Actor, number: int) -> Response:
    """An application, with what speaks against a grant."""
    return _accreditation(request, tre, actor, number)


@router.post("/accreditations/{number}")
def decide(request: Request, tre: Environment, actor: Actor, number: int, form: Form) -> Response:
    """Return, refuse or grant."""
    try:
        problem = problem_of(
            lambda: verbs.decide_application(
                tre,
                actor,
                number,
                one_of(ApplicationEvent, form.get("event")),
                form.get("reason"),
            )
        )
    except RefusedError as refused:
        rules = {reason.rule for reason in refused.decision.reasons}
        if rules != {"reason given"}:
            raise
        problem = refused.decision.reasons[0].sentence
    if problem:
        return _accreditation(request, tre, actor, number, form=form, problem=problem)
    return RedirectResponse("/people", status_code=HTTPStatus.SEE_OTHER)


@router.get("/sanctions")
def sanctions(request: Request, tre: Environment, actor: Actor) -> Response:
    """Every sanction that there is or was."""
    return page(
        request,
        "sanctions.html",
        sanctions=verbs.sanctions(tre, actor),
        is_in_force=is_in_force,
        lengths=USUAL_LENGTHS,
        is_manager=is_manager(request),
    )


@router.get("/sanctions/new")
def new_sanction(
    request: Request, tre: Environment, actor: Actor, person: str = "", organisation: str = ""
) -> Response:
    """The form; whom it is on may come with the address."""
    return _sanction(request, tre, actor, {"person": person, "organisation": organisation})


@router.post("/sanctions/new")
def impose(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Show first what it stops; impose it once that was confirmed."""
    on = _whom(form)
    until = None
    problem: str | None = None
    cascade: list[verbs.Cascade] = []

    def act() -> None:
        nonlocal until
        until = day_or_none(form.get("until"), what="last day")
        breach = one_of(Breach, form.get("breach")) if form.get("breach") else None
        if until is None and breach:
            until = usual_end(breach, tre.now().date())
        if form.get("then") == "impose":
            verbs.impose_sanction(tre, actor, reason=form.get("reason"), until=until, **on)
        else:
            cascade.append(verbs.foresee_sanction(tre, actor, until=until, **on))

    problem = problem_of(act)
    if problem is None and not cascade:
        return RedirectResponse("/sanctions", status_code=HTTPStatus.SEE_OTHER)
    typed = form.values() | {"until": until.isoformat() if until else ""}
    foreseen = cascade[0] if cascade else None
    return _sanction(request, tre, actor, typed, problem=problem, foreseen=foreseen)


@router.post("/sanctions/{number}/lift")
def lift(request: Request, tre: Environment, actor: Actor, number: int, form: Form) -> Response:
    """Lift a sanction, with a reason."""
    problem = problem_of(lambda: verbs.lift_sanction(tre, actor, number, form.get("reason")))
    if problem:
        return page(
            request,
            "sanctions.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            sanctions=verbs.sanctions(tre, actor),
            is_in_force=is_in_force,
            lengths=USUAL_LENGTHS,
            is_manager=is_manager(request),
            problem=problem,
        )
    return RedirectResponse("/sanctions", status_code=HTTPStatus.SEE_OTHER)


def _whom(form: Typed) -> dict[str, str | None]:
    return {
        "person": form.get("person").lower() or None,
        "organisation": form.get("organisation") or None,
    }


def _accreditation(
    request: Request,
    tre: Tre,
    actor: PersonId,
    number: int,
    *,
    form: Typed | None = None,
    problem: str | None = None,
) -> Response:
    view = verbs.one_application(tre, actor, number)
    return page(
        request,
        "accreditation.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        view=view,
        told=view.application.evidence,
        can_decide=is_manager(request)
        and not view.is_mine
        and view.application.state is ApplicationState.SUBMITTED,
        typed=form.values() if form else {},
        problem=problem,
    )


def _sanction(
    request: Request,
    tre: Tre,
    actor: PersonId,
    typed: dict[str, str],
    *,
    problem: str | None = None,
    foreseen: verbs.Cascade | None = None,
) -> Response:
    everybody = verbs.people(tre, actor)
    return page(
        request,
        "sanction.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        people=everybody,
        organisations=sorted({each.organisation for each in everybody}),
        lengths=USUAL_LENGTHS,
        foreseen=foreseen,
        consequences=tuple(verbs.in_words(foreseen)) if foreseen else (),
        typed=typed,
        problem=problem,
    )
