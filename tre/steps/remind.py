"""Remind people 60, 30 and 7 days before something runs out, each time once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from tre.five_safes import Subject
from tre.safe_people.expiry import NEXT_STEP, Dated, Expiry, Kind, reminder_due, reminder_words
from tre.safe_people.expiry import runs_out as expiries_of
from tre.safe_people.person import Person
from tre.safe_projects.project import Project, ProjectState
from tre.steps.acting import Act, acting
from tre.steps.telling import News, tell
from tre.steps.tre import SYSTEM, Tre
from tre.store.people import read_people
from tre.store.projects import projects_of
from tre.store.telling import ReminderKey, note_reminder
from tre.vocabulary import Action, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Somebody was reminded of something. days: which of the three reminders it was."""

    person: PersonId
    expiry: Expiry
    days: int


def remind(tre: Tre, actor: PersonId = SYSTEM) -> tuple[Reminder, ...]:
    """Send every reminder that is due and was not sent; give those that were.

    It may run as often as one likes.
    """
    with acting(tre, actor, Action.SEND_REMINDERS) as act:
        act.require(Subject())
        people = read_people(act.connection)
        sent = [
            reminder for person in people.values() for reminder in _remind_one(act, person, people)
        ]
        if sent:
            kinds = sorted({str(reminder.expiry.kind) for reminder in sent})
            act.record({"reminders": len(sent), "about": kinds})
    return tuple(sent)


def _remind_one(act: Act, person: Person, people: Mapping[PersonId, Person]) -> Iterable[Reminder]:
    today = act.at.date()
    for expiry in runs_out(act.connection, person, people, today):
        days = reminder_due(expiry, today)
        if days is None or not _is_new(act, person, expiry, days):
            continue
        _, path = NEXT_STEP[expiry.kind]
        told = replace(expiry, what=WITHOUT_TITLE.get(expiry.kind, expiry.what))
        news = News(
            title=f"{str(expiry.kind).capitalize()} runs out within {days} days",
            text=reminder_words(told, today),
            path=path or "/me",
            here=f"{expiry.what} runs out within {days} days" if told != expiry else "",
        )
        tell(act.tre, act.connection, person.id, news)
        yield Reminder(person=person.id, expiry=expiry, days=days)


WITHOUT_TITLE = {
    Kind.PROJECT: "A project of yours",
    Kind.MEMBERSHIP: "Your place on a project",
}
"""What mail says where the desk names a project: a title is typed, and stays inside."""


def _is_new(act: Act, person: Person, expiry: Expiry, days: int) -> bool:
    key = ReminderKey(
        person=person.id,
        kind=str(expiry.kind),
        what=expiry.what[:400],
        last_day=expiry.last_day,
        days=days,
    )
    return note_reminder(act.connection, key, act.at)


def runs_out(
    connection: Connection, person: Person, people: Mapping[PersonId, Person], today: date
) -> tuple[Expiry, ...]:
    """List what runs out for somebody, with their projects and memberships, the nearest first."""
    dated = [
        each
        for project in projects_of(connection, person.id)
        for each in dated_of(project, person.id, today)
    ]
    supervisor = people.get(person.supervisor or "")
    return expiries_of(person, today, supervisor=supervisor, of_projects=dated)


def dated_of(project: Project, person: PersonId, today: date) -> list[Dated]:
    """Say until when a project that is not over lasts, and somebody's place on it.

    Nothing of it runs out for who has left it.
    """
    if project.state not in {ProjectState.ACCREDITED, ProjectState.SUSPENDED}:
        return []
    ends = [member.until for member in project.members if member.person == person]
    if not ends or max(ends) < min(today, project.ends):
        return []
    found = [Dated(kind=Kind.PROJECT, title=f"“{project.title}”", last_day=project.ends)]
    # A membership that outlasts its project says nothing more.
    if max(ends) < project.ends:
        title = f"Your place on “{project.title}”"
        found.append(Dated(kind=Kind.MEMBERSHIP, title=title, last_day=max(ends)))
    return found
