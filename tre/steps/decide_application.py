"""Decide about an application for accreditation: return it, refuse it, or grant it."""

from dataclasses import dataclass, replace

from tre.decision import Decision
from tre.five_safes import Subject
from tre.safe_people.accreditation import TRAINING_YEARS, accreditation_on
from tre.safe_people.applications import (
    NEEDS_A_REASON,
    Application,
    ApplicationEvent,
    ApplicationState,
    application_step,
)
from tre.safe_people.applying import granted_period, is_complete, is_confirmed, is_reasoned
from tre.safe_people.person import Accreditation, Person
from tre.safe_people.years import last_day_of
from tre.steps.acting import Act, acting, known_person
from tre.steps.application_in_question import (
    is_confirmed_by_supervisor,
    known_application,
    move_on,
    supervisor_fits,
)
from tre.steps.texts import usable_text
from tre.steps.tre import Tre
from tre.store.applications import open_applications
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """An application as the one who decides sees it.

    against_a_grant: everything that is missing today. would_give: the period that a grant begins.
    """

    application: Application
    applicant: Person
    against_a_grant: Decision
    would_give: Accreditation
    is_mine: bool


def decide_application(
    tre: Tre, actor: PersonId, number: int, event: ApplicationEvent, reason: str = ""
) -> ApplicationState:
    """Return, refuse or grant; the first two need a reason, which the applicant reads.

    A grant writes the accreditation, the training and the declaration to the person's record. It
    is refused, with every gap, where the evidence is not complete on the day of the decision.
    """
    reason = usable_text(reason, what="reason", required=False)
    with acting(tre, actor, Action.DECIDE_ACCREDITATION) as act:
        # Asked first, so that others do not learn which applications there are.
        act.require(Subject(person=_AN_APPLICANT))
        application = known_application(act, number)
        applicant = known_person(act.connection, application.person)
        act.require(Subject(person=applicant.id), *_what_it_takes(act, application, event, reason))
        application_step(application.state, event)
        if event is ApplicationEvent.GRANT:
            write_person(act.connection, granted(act, applicant, application))
        also = {"decided_by": actor, "decided_at": act.at, "reason": reason}
        return move_on(act, application, event, **also)


def one_application(tre: Tre, actor: PersonId, number: int) -> ApplicationView:
    """Show an application to those who look after people, with what speaks against a grant."""
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        act.require(Subject())
        application = known_application(act, number)
        act.record({"application": number}, person=application.person)
        return _view(act, application)


def waiting_applications(tre: Tre, actor: PersonId) -> tuple[Application, ...]:
    """List the applications that wait for a decision, the longest waiting first."""
    with acting(tre, actor, Action.VIEW_PERSON) as act:
        act.require(Subject())
        found = open_applications(act.connection)
        act.record({"applications": len(found)})
    return tuple(each for each in found if each.state is ApplicationState.SUBMITTED)


def how_many_wait(tre: Tre) -> int:
    """Count the applications that wait; nobody is named, so that a front page may say it."""
    with tre.store.reading() as connection:
        found = open_applications(connection)
    return sum(each.state is ApplicationState.SUBMITTED for each in found)


def granted(act: Act, applicant: Person, application: Application) -> Person:
    """Give the applicant's record as a grant leaves it.

    What counts today goes on to count until the granted period begins; a training that was
    recorded since, and is the later one, stays.
    """
    told = application.evidence
    period = granted_period(applicant, told.level, act.at.date())
    today = act.at.date()
    is_later = period.since > today
    known = (told.training_passed, applicant.training_passed)
    passed = max((day for day in known if day is not None), default=None)
    return replace(
        applicant,
        accreditation=accreditation_on(applicant, today) if is_later else period,
        accreditation_after=period if is_later else None,
        training_passed=passed,
        training_until=last_day_of(passed, TRAINING_YEARS) if passed else None,
        declaration_version=told.declaration_version,
    )


_AN_APPLICANT: PersonId = ":applicant"
"""Stands for an applicant who is not read yet; no sign-in name has a colon."""


def _what_it_takes(
    act: Act, application: Application, event: ApplicationEvent, reason: str
) -> tuple[Decision, ...]:
    if event in NEEDS_A_REASON:
        return (is_reasoned(reason),)
    return _against_a_grant(act, application) if event is ApplicationEvent.GRANT else ()


def _against_a_grant(act: Act, application: Application) -> tuple[Decision, ...]:
    applicant = known_person(act.connection, application.person)
    told = application.evidence
    confirmed = is_confirmed_by_supervisor(act, application)
    return (
        is_complete(applicant, told, act.at.date()),
        supervisor_fits(act, applicant, told),
        is_confirmed(told, confirmed=confirmed),
    )


def _view(act: Act, application: Application) -> ApplicationView:
    against = Decision()
    for each in _against_a_grant(act, application):
        against = against.also(each)
    applicant = known_person(act.connection, application.person)
    return ApplicationView(
        application=application,
        applicant=applicant,
        against_a_grant=against,
        would_give=granted_period(applicant, application.evidence.level, act.at.date()),
        is_mine=applicant.id == act.actor.id,
    )
