"""The form of an application: from what was typed to a draft, and from a draft to the form."""

from collections.abc import Iterable
from datetime import date

from tre.decision import UnusableRequestError
from tre.desk import project_verbs as verbs
from tre.desk.typed import Typed
from tre.safe_projects.application import Application, AskedDataset, AskedVariable
from tre.safe_projects.draft import Ask, Draft
from tre.safe_projects.project import GrantedDataset, Project

WHY, SINCE, UNTIL, WHY_YEARS = "why", "since", "until", "years"
"""The first part of a field's name; the dataset follows, then the variable."""


def draft_of(form: Typed) -> Draft:
    """Read a draft. Raises UnusableRequestError for a date or a year that is none."""
    return Draft(
        title=form.get("title"),
        starts=day_of(form.get("starts"), "first day"),
        ends=day_of(form.get("ends"), "last day"),
        summary=form.get("summary"),
        methods=form.get("methods"),
        public_benefit=form.get("public_benefit"),
        gateways=form.all("gateway"),
        rec=form.get("rec"),
        iras=form.get("iras"),
        cag=form.get("cag"),
        meeting=form.get("meeting"),
        shift_dates=form.get("shift_dates") == "yes",
        members=tuple(form.get("members").replace(",", " ").split()),
        asks=tuple(asks_of(form)),
    )


def asks_of(form: Typed) -> Iterable[Ask]:
    """Every dataset of which at least one variable has a reason: that is how it is asked for."""
    for dataset in verbs.data_to_ask_for():
        ask = ask_of(form, dataset.id)
        if ask.variables:
            yield ask


def ask_of(form: Typed, dataset: str) -> Ask:
    """What is asked of one dataset: the variables for which a reason was typed."""
    values = form.values()
    prefix = f"{WHY}:{dataset}:"
    reasons = {
        name.removeprefix(prefix): text.strip()
        for name, text in values.items()
        if name.startswith(prefix)
    }
    return Ask(
        dataset=dataset,
        variables=tuple(AskedVariable(name=name, why=why) for name, why in reasons.items() if why),
        since_year=year_of(form.get(f"{SINCE}:{dataset}")),
        until_year=year_of(form.get(f"{UNTIL}:{dataset}")),
        why_years=form.get(f"{WHY_YEARS}:{dataset}"),
    )


def day_of(text: str, what: str) -> date:
    """Read a day as a browser sends it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"the {what} {text[:20]!r} is no day: write it as 2026-11-30"
        raise UnusableRequestError(message) from error


def year_of(text: str) -> int | None:
    """Read a year; nothing typed is no limit."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        message = f"{text[:20]!r} is no year: write four digits, or leave it empty for all"
        raise UnusableRequestError(message)
    return int(text)


def typed_of(project: Project, application: Application) -> dict[str, str]:
    """The fields of the form as they would have been typed for this application."""
    typed = {
        "title": project.title,
        "starts": project.starts.isoformat(),
        "ends": project.ends.isoformat(),
        "summary": project.summary,
        "methods": application.methods,
        "public_benefit": project.public_benefit,
        "rec": application.rec,
        "iras": application.iras,
        "cag": application.cag,
        "meeting": project.meeting,
        "shift_dates": "yes" if project.shift_dates else "",
        "members": ", ".join(m.person for m in project.members if not m.lead),
    }
    for asked in application.asked:
        typed |= _typed_ask(asked)
    return typed


def typed_grant(granted: GrantedDataset | None, application: Application | None) -> dict[str, str]:
    """The fields of one dataset as it is granted, each variable with why it was asked for."""
    if granted is None:
        return {}
    asked = application.of(granted.dataset) if application else None
    reasons = {variable.name: variable.why for variable in asked.variables} if asked else {}
    as_granted = AskedDataset(
        dataset=granted.dataset,
        controller=granted.controller,
        place=granted.place,
        passport_trust=granted.passport_trust,
        policy=granted.policy,
        seen_at="",
        variables=tuple(
            AskedVariable(name=name, why=reasons.get(name, GRANTED_BEFORE))
            for name in granted.variables
        ),
        since_year=granted.since_year,
        until_year=granted.until_year,
        why_years=asked.why_years if asked else GRANTED_BEFORE,
    )
    return _typed_ask(as_granted)


GRANTED_BEFORE = "granted before, and still used"


def _typed_ask(asked: AskedDataset) -> dict[str, str]:
    reasons = {f"{WHY}:{asked.dataset}:{v.name}": v.why for v in asked.variables}
    return reasons | {
        f"{SINCE}:{asked.dataset}": str(asked.since_year or ""),
        f"{UNTIL}:{asked.dataset}": str(asked.until_year or ""),
        f"{WHY_YEARS}:{asked.dataset}": asked.why_years,
    }
