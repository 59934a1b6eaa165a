"""Everybody, and one person as those who look after people see them."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import NotThereError, UnusableRequestError
from tre.desk import people_verbs as verbs
from tre.desk.drawing import page, who
from tre.desk.paging import page_asked, paged
from tre.desk.people_forms import day, passport, problem_of, roles
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.safe_people.expiry import NEXT_STEP
from tre.safe_people.person import PassportKind
from tre.safe_people.roles import ROLES
from tre.steps.tre import Tre
from tre.vocabulary import PersonId, Role

router = APIRouter(include_in_schema=False)


@router.get("/people")
def people(request: Request, tre: Environment, actor: Actor) -> Response:
    """Everybody, with what lets them work and what runs out next; and who waits for a decision."""
    everybody = verbs.people(tre, actor)
    return page(
        request,
        "people.html",
        paged=paged(everybody, page_asked(request)),
        names={each.id: each.name for each in everybody},
        waiting=verbs.waiting_applications(tre, actor),
        is_manager=is_manager(request),
    )


@router.get("/accounts/new")
def new_account(request: Request) -> Response:
    """The form for somebody new, for those who may open an account."""
    if not is_manager(request):
        message = "only TRE managers open accounts"
        raise NotThereError(message)
    return _account_form(request)


@router.post("/accounts/new")
def open_account(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Open an account; its temporary password is shown once."""
    given: list[str] = []

    def act() -> None:
        new = verbs.NewAccount(
            id=form.get("id"),
            name=form.get("name"),
            organisation=form.get("organisation"),
            roles=roles(form),
            email=form.get("email"),
        )
        given.append(verbs.open_account(tre, actor, new))

    problem = problem_of(act)
    if problem:
        return _account_form(request, form=form, problem=problem)
    return page(
        request, "temporary_password.html", about=form.get("id"), password=given[0], is_new=True
    )


@router.get("/people/{about}")
def one_person(request: Request, tre: Environment, actor: Actor, about: PersonId) -> Response:
    """One person: what they may do today, what stops them, what was recorded of them."""
    return _person(request, tre, actor, about)


@router.post("/people/{about}/details")
def change_details(
    request: Request, tre: Environment, actor: Actor, about: PersonId, form: Form
) -> Response:
    """Change name, organisation and e-mail address."""
    return _tried(
        request,
        about,
        form,
        lambda: verbs.change_details(
            tre,
            actor,
            about,
            name=form.get("name"),
            organisation=form.get("organisation"),
            email=form.get("email"),
        ),
    )


@router.post("/people/{about}/roles")
def change_roles(
    request: Request, tre: Environment, actor: Actor, about: PersonId, form: Form
) -> Response:
    """Let somebody have exactly the ticked roles."""
    return _tried(request, about, form, lambda: verbs.change_roles(tre, actor, about, roles(form)))


@router.post("/people/{about}/documents")
def record_passport(
    request: Request, tre: Environment, actor: Actor, about: PersonId, form: Form
) -> Response:
    """Record a passport, an honorary contract or a letter of access."""
    return _tried(
        request, about, form, lambda: verbs.record_passport(tre, actor, about, passport(form))
    )


@router.post("/people/{about}/documents/withdraw")
def take_passport_away(
    request: Request, tre: Environment, actor: Actor, about: PersonId, form: Form
) -> Response:
    """Take a document out of the record."""
    return _tried(
        request,
        about,
        form,
        lambda: verbs.take_passport_away(
            tre, actor, about, trust=form.get("trust"), reference=form.get("reference")
        ),
    )


@router.post("/people/{about}/training")
def record_training(
    request: Request, tre: Environment, actor: Actor, about: PersonId, form: Form
) -> Response:
    """Record the day on which the training was passed."""
    return _tried(
        request,
        about,
        form,
        lambda: verbs.record_training(
            tre, actor, about, day(form.get("passed"), what="day of the training")
        ),
    )


@router.post("/people/{about}/recover")
def recover(
    request: Request, tre: Environment, actor: Actor, about: PersonId, form: Form
) -> Response:
    """Give an account back; its temporary password is shown once."""
    if form.get("seen") != "yes":
        message = "say that you have seen who they are: tick the box"
        raise UnusableRequestError(message)
    password = verbs.recover_account(tre, actor, about)
    request.app.state.sessions.end_others(about, None)
    return page(request, "temporary_password.html", about=about, password=password, is_new=False)


def is_manager(request: Request) -> bool:
    """Whether the forms of a TRE manager are offered; whether they may, the steps decide."""
    person = who(request)
    return person is not None and Role.TRE_MANAGER in person.roles


def _tried(request: Request, about: PersonId, form: Typed, act: Callable[[], object]) -> Response:
    problem = problem_of(act)
    if problem:
        tre, actor = request.app.state.tre, request.state.visitor.person
        return _person(request, tre, actor, about, form=form, problem=problem)
    return RedirectResponse(f"/people/{about}", status_code=HTTPStatus.SEE_OTHER)


def _person(
    request: Request,
    tre: Tre,
    actor: PersonId,
    about: PersonId,
    *,
    form: Typed | None = None,
    problem: str | None = None,
) -> Response:
    mine = verbs.view_person(tre, actor, about)
    return page(
        request,
        "person.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        mine=mine,
        next_step=NEXT_STEP,
        is_me=about == actor,
        can_change=is_manager(request) and about != actor,
        roles=ROLES,
        kinds=tuple(PassportKind),
        typed=form.values() if form else {},
        problem=problem,
    )


def _account_form(
    request: Request, *, form: Typed | None = None, problem: str | None = None
) -> Response:
    return page(
        request,
        "account_new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        roles=ROLES,
        chosen=form.all("role") if form else (Role.RESEARCHER.value,),
        typed=form.values() if form else {},
        problem=problem,
    )
