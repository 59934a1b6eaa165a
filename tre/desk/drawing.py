"""Turns values into pages: the templates, what every page knows, and the filters they use."""

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import Response

from tre.decision import Decision, NotThereError, RefusedError
from tre.desk import guidance, verbs, words
from tre.desk.visible import visible
from tre.safe_outputs.return_reasons import RETURN_REASONS
from tre.safe_people.person import Person
from tre.vocabulary import Action, PersonId, Role

HERE = Path(__file__).parent

NAVIGATION = (
    ("Home", "/", None),
    ("Me", "/me", None),
    ("Requests", "/requests", {Role.RESEARCHER, Role.TRAINER}),
    ("Queue", "/queue", {Role.OUTPUT_CHECKER, Role.TRE_MANAGER}),
    ("Figures", "/figures", {Role.TRE_MANAGER, Role.AUDITOR}),
    (
        "Ingress",
        "/ingress",
        {
            *(Role.RESEARCHER, Role.TRAINER, Role.OUTPUT_CHECKER),
            *(Role.TRE_MANAGER, Role.AUDITOR),
        },
    ),
    ("Releases", "/releases", None),
    ("Projects", "/projects", None),
    ("People", "/people", {Role.TRE_MANAGER, Role.AUDITOR}),
    ("Linkages", "/linkages", {Role.DATA_LINKER, Role.TRE_MANAGER, Role.AUDITOR}),
    ("Transfers", "/transfers", {Role.DATA_LINKER, Role.TRE_MANAGER, Role.AUDITOR}),
    ("Ledger", "/ledger", None),
    ("SATRE", "/satre", {Role.TRE_MANAGER, Role.AUDITOR}),
)
"""The pages of the top line, and the roles to which each is offered (None: everybody)."""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "size": words.size,
        "plain": words.plain,
        "day_of": words.day_of,
        "humanly": words.humanly,
        "day": words.said_day,
        "sentence": words.sentence,
        "counted": words.counted,
        "address": lambda text: quote(str(text), safe=""),
    }
    known: dict[str, Any] = {
        "words": words,
        "guidance": guidance,
        "RETURN_REASONS": RETURN_REASONS,
        "Action": Action,
        "declaration_lines": words.declaration_lines,
        "allowed": allowed,
    }
    environment.filters.update(filters)
    environment.globals.update(known)
    return environment


def allowed(may: Any, action: Action) -> bool:
    """Whether a view says that its viewer may do something; silence is a no."""
    decision = may.get(action.value)
    return isinstance(decision, Decision) and decision.allowed


TEMPLATES = Jinja2Templates(env=_environment())


def page(
    request: Request,
    template: str,
    *,
    status: int = HTTPStatus.OK,
    alone: bool = False,
    **values: Any,
) -> Response:
    """Draw a page for whoever asks, with what every page shows around it.

    alone: ask the store nothing, not even who the visitor is; for when it may not answer.
    """
    around = _surroundings(request, alone=alone)
    return TEMPLATES.TemplateResponse(request, template, {**around, **values}, status_code=status)


def _surroundings(request: Request, *, alone: bool) -> dict[str, Any]:
    visitor = getattr(request.state, "visitor", None)
    person = who(request) if visitor and not alone else None
    now = clock(request)
    return {
        "csrf": visitor.csrf if visitor else "",
        "person": person,
        "navigation": [(label, path) for label, path in navigation(person)],
        "here": request.url.path,
        "now": now,
        "config": request.app.state.tre.config,
        "said": lambda moment: words.said(moment, now),
        "problem": None,
        "typed": {},
    }


def navigation(person: Person | None) -> tuple[tuple[str, str], ...]:
    """The pages offered to a person; what they may really see, the steps decide."""
    if person is None:
        return ()
    return tuple(
        (label, path) for label, path, roles in NAVIGATION if roles is None or roles & person.roles
    )


def who(request: Request) -> Person | None:
    """The signed-in person; None where the hub knows a name that the store does not."""
    kept = getattr(request.state, "person", None)
    if kept is not None:
        return kept
    try:
        person = verbs.load_person(request.app.state.tre, request.state.visitor.person)
    except (NotThereError, RefusedError):
        return None
    request.state.person = person
    return person


def whose_ledger(request: Request, asked: str | None) -> PersonId | None:
    """Whose entries to look for: managers and auditors everybody's, others their own at first."""
    person = who(request)
    if asked or person is None or person.roles & {Role.TRE_MANAGER, Role.AUDITOR}:
        return asked or None
    return person.id


def clock(request: Request) -> datetime:
    """The time as the environment's own clock says it."""
    return request.app.state.tre.now()
