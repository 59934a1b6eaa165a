"""My account: password, second factor, recovery codes. Each change asks who I am once more."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.desk import people_verbs as verbs
from tre.desk.drawing import page
from tre.desk.gate import cookie_name
from tre.desk.people_forms import problem_of
from tre.desk.qr import qr_svg
from tre.desk.typed import Actor, Environment, Form
from tre.steps.tre import Tre
from tre.vocabulary import PersonId

router = APIRouter(prefix="/me", include_in_schema=False)


@router.get("/password")
def password(request: Request) -> Response:
    """The form for another password."""
    return page(request, "me_password.html")


@router.post("/password")
def change(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Take another password; every other session of mine ends."""
    typed = {name: _as_typed(form.all(name)) for name in ("password", "new", "again")}
    if typed["new"] != typed["again"]:
        return _drawn(request, "me_password.html", "the two new passwords differ; type them again")
    problem = problem_of(
        lambda: verbs.change_password(
            tre, actor, password=typed["password"], code=form.get("code"), new=typed["new"]
        )
    )
    if problem:
        return _drawn(request, "me_password.html", problem)
    _end_others(request, actor)
    return RedirectResponse("/me", status_code=HTTPStatus.SEE_OTHER)


@router.get("/second-factor")
def second_factor(request: Request, tre: Environment, actor: Actor) -> Response:
    """Whether a second factor is on, and how many recovery codes are left; never the secret."""
    return _second_factor(request, tre, actor)


@router.post("/second-factor")
def begin(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Show a new secret to be scanned: in this answer, and at no address of its own."""
    problem = problem_of(
        lambda: verbs.begin_second_factor(
            tre, actor, password=_as_typed(form.all("password")), code=form.get("code")
        )
    )
    return _second_factor(request, tre, actor, problem=problem, is_scanning=problem is None)


@router.post("/second-factor/confirm")
def confirm(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Take the app that was scanned, and show the recovery codes once."""
    codes: list[str] = []
    problem = problem_of(
        lambda: codes.extend(verbs.confirm_second_factor(tre, actor, form.get("code")))
    )
    if problem:
        return _second_factor(request, tre, actor, problem=problem, is_scanning=True)
    _end_others(request, actor)
    return page(request, "me_codes.html", codes=codes, is_first=True)


@router.post("/recovery-codes")
def recovery_codes(request: Request, tre: Environment, actor: Actor, form: Form) -> Response:
    """Draw a new set of recovery codes, and show it once."""
    codes: list[str] = []
    problem = problem_of(
        lambda: codes.extend(
            verbs.new_recovery_codes(
                tre, actor, password=_as_typed(form.all("password")), code=form.get("code")
            )
        )
    )
    if problem:
        return _second_factor(request, tre, actor, problem=problem)
    return page(request, "me_codes.html", codes=codes, is_first=False)


def _second_factor(
    request: Request,
    tre: Tre,
    actor: PersonId,
    *,
    problem: str | None = None,
    is_scanning: bool = False,
) -> Response:
    scanned = verbs.being_scanned(tre, actor) if is_scanning else None
    drawing = qr_svg(scanned.address, label="QR code for your app") if scanned else None
    return _drawn(
        request,
        "me_second_factor.html",
        problem,
        qr=drawing,
        secret=scanned.secret if scanned else None,
        codes_left=verbs.codes_left(tre, actor),
    )


def _drawn(request: Request, template: str, problem: str | None, **values: Any) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return page(request, template, status=status, problem=problem, **values)


def _end_others(request: Request, actor: PersonId) -> None:
    secret = request.cookies.get(cookie_name(request.app.state.tre.config))
    request.app.state.sessions.end_others(actor, secret)


def _as_typed(values: tuple[str, ...]) -> str:
    """A password as it was typed: spaces at its ends are part of it."""
    return values[-1] if values else ""
