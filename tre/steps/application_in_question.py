"""Load an application for accreditation for a step, and who is told when it moves."""

from dataclasses import replace

from tre.decision import ALLOWED, Decision, NotThereError, OvertakenError
from tre.safe_people.accreditation import SUPERVISION, is_supervised
from tre.safe_people.applications import (
    Application,
    ApplicationEvent,
    ApplicationState,
    Evidence,
    application_step,
)
from tre.safe_people.person import Accreditation, AccreditationLevel, Person
from tre.safe_projects.membership import members_on
from tre.steps.acting import Act
from tre.steps.telling import News, tell
from tre.store.applications import CONFIRMED, move_application, read_application, supervisions_about
from tre.store.people import read_person
from tre.store.projects import read_project
from tre.vocabulary import PersonId, ProjectId

LARGEST_NUMBER = 2**31 - 1


def known_application(act: Act, number: int) -> Application:
    """Read an application; raises NotThereError where there is none of that number."""
    found = read_application(act.connection, number) if 0 < number <= LARGEST_NUMBER else None
    if found is None:
        message = f"there is no application {number}"
        raise NotThereError(message)
    return found


def move_on(
    act: Act, application: Application, event: ApplicationEvent, **also: object
) -> ApplicationState:
    """Take the way that an event leads, write it down, and tell the applicant what concerns them.

    Raises OvertakenError where the application is not any more where it was read.
    """
    way = application_step(application.state, event)
    if not move_application(act.connection, application, way.to, **also):
        message = f"somebody has changed application {application.number}; look at it again"
        raise OvertakenError(message)
    details = {"application": application.number, "level": str(application.evidence.level)}
    act.record(details, tag=way.tag, person=application.person)
    if way.notice:
        title = f"Your application for accreditation is {way.to}"
        news = News(title=title, text=way.notice, path="/me/accreditation")
        tell(act.tre, act.connection, application.person, news)
    return way.to


def is_confirmed_by_supervisor(act: Act, application: Application) -> bool:
    """Whether the supervisor whom the application names has confirmed it, for that project."""
    told = application.evidence
    return any(
        each.answer == CONFIRMED
        and (each.person, each.supervisor) == (application.person, told.supervisor)
        and each.project == told.project
        for each in supervisions_about(act.connection, application.person)
    )


def supervisor_fits(act: Act, applicant: Person, told: Evidence) -> Decision:
    """Ask, as the gate will, whether this supervisor may vouch on this project on the day."""
    if told.level is AccreditationLevel.FULL or not told.supervisor or not told.project:
        return ALLOWED
    return may_be_supervised(act, applicant, told.supervisor, told.project)


def may_be_supervised(
    act: Act, person: Person, supervisor: PersonId, project_id: ProjectId
) -> Decision:
    """Ask the gate's own rule of supervision today, as if the person were provisional already."""
    on = act.at.date()
    project = read_project(act.connection, project_id)
    if project is None:
        return SUPERVISION.refuses("there is no such project. Choose one that names you both.")
    members = members_on(project, on)
    if person.id not in members:
        return SUPERVISION.refuses(
            f"you are not named on “{project.title}” today. Choose a project that names you both."
        )
    provisional = Accreditation(level=AccreditationLevel.PROVISIONAL, since=on, until=on)
    as_provisional = replace(
        person, accreditation=provisional, accreditation_after=None, supervisor=supervisor
    )
    return is_supervised(
        as_provisional,
        on,
        supervisor=read_person(act.connection, supervisor),
        members=members,
    )
