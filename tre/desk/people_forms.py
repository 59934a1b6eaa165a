"""What people type into the forms about people, turned into what the steps know."""

from collections.abc import Callable
from datetime import date

from tre.decision import NotThereError, OvertakenError, UnusableRequestError
from tre.desk.choices import one_of
from tre.desk.typed import Typed
from tre.safe_people.applications import Basis, Evidence
from tre.safe_people.person import AccreditationLevel, Passport, PassportKind
from tre.vocabulary import Role


def day(text: str, *, what: str) -> date:
    """Read a day as browsers send it. Raises UnusableRequestError that says how to write one."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = f"the {what} is not a day like 2026-03-02"
        raise UnusableRequestError(message) from error


def day_or_none(text: str, *, what: str) -> date | None:
    """Read a day, or none where nothing was typed."""
    return day(text, what=what) if text.strip() else None


def evidence(form: Typed) -> Evidence:
    """Read the form of an application; the declaration counts as signed where a name is typed."""
    signed = form.get("declared_as")
    is_full = form.get("level", "full") == AccreditationLevel.FULL
    return Evidence(
        level=one_of(AccreditationLevel, form.get("level", "full")),
        basis=one_of(Basis, form.get("basis", "degree")) if is_full else Basis.NONE_YET,
        qualification=form.get("qualification"),
        quantitative_months=form.whole("quantitative_months"),
        training_passed=day_or_none(form.get("training_passed"), what="day of the training"),
        training_certificate=form.get("training_certificate"),
        declaration_version=form.get("declaration_version") if signed else "",
        declared_as=signed,
        supervisor="" if is_full else form.get("supervisor").lower(),
        project="" if is_full else form.get("project"),
    )


def passport(form: Typed) -> Passport:
    """Read the form of a document of a trust."""
    return Passport(
        kind=one_of(PassportKind, form.get("kind")),
        trust=form.get("trust"),
        since=day(form.get("since"), what="first day"),
        until=day(form.get("until"), what="last day"),
        reference=form.get("reference"),
    )


def roles(form: Typed) -> frozenset[Role]:
    """Read the ticked roles."""
    return frozenset(one_of(Role, word) for word in form.all("role"))


def problem_of(act: Callable[[], object]) -> str | None:
    """Take a step; say what was wrong with what was typed, None where it was done.

    Refusals, and what is not there or was overtaken, go on to the page that answers them.
    """
    try:
        act()
    except (NotThereError, OvertakenError):
        raise
    except UnusableRequestError as error:
        return str(error)
    return None
