"""Apply for accreditation: write it down, hand it in, take it back."""

from dataclasses import replace

from tre.decision import Decision, NotThereError, UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.applications import (
    IN_THE_APPLICANTS_HANDS,
    OPEN,
    Application,
    ApplicationEvent,
    Evidence,
    application_step,
)
from tre.safe_people.applying import is_complete, may_apply
from tre.safe_people.person import AccreditationLevel
from tre.steps.acting import Act, acting
from tre.steps.application_in_question import (
    known_application,
    move_on,
    supervisor_fits,
)
from tre.steps.ask_supervision import ask_within
from tre.steps.texts import usable_line, usable_text
from tre.steps.tre import Tre
from tre.store.applications import applications_of, begin_application, write_evidence
from tre.vocabulary import Action, PersonId


def write_application(tre: Tre, actor: PersonId, told: Evidence) -> int:
    """Keep what one tells in one's open application, which is begun where there is none.

    Gives its number. Gaps are no error until it is handed in. Raises RefusedError where there is
    nothing to apply for, UnusableRequestError while it lies with the TRE manager.
    """
    told = _usable(told)
    with acting(tre, actor, Action.APPLY_FOR_ACCREDITATION) as act:
        act.require(Subject(person=actor), may_apply(act.actor, told.level, act.at.date()))
        mine = _open(act)
        if mine is None:
            number = begin_application(act.connection, actor, act.at)
        elif mine.state not in IN_THE_APPLICANTS_HANDS:
            message = (
                f"application {mine.number} lies with the TRE manager; take it back first, or "
                "wait for the decision"
            )
            raise UnusableRequestError(message)
        else:
            number = mine.number
        write_evidence(act.connection, number, told)
        act.record({"application": number, "level": str(told.level)})
    return number


def submit_application(tre: Tre, actor: PersonId) -> int:
    """Hand one's open application in; the supervisor it names is asked to confirm.

    Raises RefusedError with everything that is missing.
    """
    with acting(tre, actor, Action.APPLY_FOR_ACCREDITATION) as act:
        act.require(Subject(person=actor))
        mine = _mine(act)
        application_step(mine.state, ApplicationEvent.SUBMIT)
        act.require(Subject(person=actor), *_gaps(act, mine.evidence))
        move_on(act, mine, ApplicationEvent.SUBMIT, submitted_at=act.at)
        if mine.evidence.level is AccreditationLevel.PROVISIONAL:
            ask_within(act, mine.evidence.supervisor, mine.evidence.project)
    return mine.number


def withdraw_application(tre: Tre, actor: PersonId) -> None:
    """Take one's open application back for good."""
    with acting(tre, actor, Action.APPLY_FOR_ACCREDITATION) as act:
        act.require(Subject(person=actor))
        move_on(act, _mine(act), ApplicationEvent.WITHDRAW)


def my_applications(tre: Tre, actor: PersonId) -> tuple[Application, ...]:
    """List one's own applications, the newest first."""
    with tre.store.reading() as connection:
        return applications_of(connection, actor)


def _gaps(act: Act, told: Evidence) -> tuple[Decision, ...]:
    today = act.at.date()
    return (
        may_apply(act.actor, told.level, today),
        is_complete(act.actor, told, today),
        supervisor_fits(act, act.actor, told),
    )


def _open(act: Act) -> Application | None:
    found = [each for each in applications_of(act.connection, act.actor.id) if each.state in OPEN]
    return found[0] if found else None


def _mine(act: Act) -> Application:
    found = _open(act)
    if found is None:
        message = "you have no application that is open; begin one"
        raise NotThereError(message)
    return known_application(act, found.number)


def _usable(told: Evidence) -> Evidence:
    months = told.quantitative_months
    if months is not None and not 0 <= months <= 1_200:
        message = f"{months} months of research cannot be; write a number from 0 to 1,200"
        raise UnusableRequestError(message)
    return replace(
        told,
        qualification=usable_text(told.qualification, what="evidence", required=False),
        training_certificate=_line(told.training_certificate, "certificate's number"),
        declared_as=_line(told.declared_as, "signature"),
        declaration_version=told.declaration_version[:40],
        supervisor=told.supervisor[:40],
        project=told.project[:60],
    )


def _line(text: str, what: str) -> str:
    return usable_line(text, what=what) if text.strip() else ""
