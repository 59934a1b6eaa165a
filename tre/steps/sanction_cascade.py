"""What a sanction stops beside the one it is on, worked out with the gate's own decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from tre.five_safes import Subject, decide
from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import FINAL
from tre.safe_people.accreditation import is_provisional, may_vouch
from tre.safe_people.person import Person, Sanction
from tre.safe_people.sanctions import Reached, reached_by
from tre.safe_projects.project import Place, Project
from tre.steps.acting import known_project
from tre.steps.tre import Tre
from tre.store.people import read_people
from tre.store.requests import read_requests
from tre.store.sessions import open_sessions
from tre.vocabulary import Action, PersonId, ProjectId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """What a sanction stops: only what it alone stops, and nothing that was stopped before.

    barred: those it is on. without_supervisor: who worked under one of them. sessions: (person,
    project) of the open ones that end within a minute. requests: the open ones that are frozen.
    """

    barred: tuple[Person, ...]
    without_supervisor: tuple[Person, ...]
    sessions: tuple[tuple[PersonId, ProjectId], ...]
    requests: tuple[RequestId, ...]


def cascade_of(
    tre: Tre,
    connection: Connection,
    sanction: Sanction,
    *,
    person: PersonId | None,
    organisation: str | None,
) -> Cascade:
    """Ask the gate for every open session and request, as things are and as they would be."""
    before = read_people(connection)
    reached = reached_by(list(before.values()), person=person, organisation=organisation)
    after = _with_sanction(before, reached, sanction)
    ways = _Ways(tre, connection, before, after)
    touched = {*reached.barred, *reached.without_supervisor}
    return Cascade(
        barred=tuple(before[each] for each in reached.barred),
        without_supervisor=tuple(
            before[each] for each in reached.without_supervisor if ways.loses_supervisor(each)
        ),
        sessions=tuple(
            (who, project)
            for who, project in open_sessions(connection)
            if who in touched and ways.stops(who, project, Action.START_SESSION)
        ),
        requests=tuple(
            request.id
            for request in read_requests(connection)
            if request.state not in FINAL | {State.RELEASED}
            and request.author in touched
            and ways.stops(request.author, request.project, Action.CREATE_REQUEST)
        ),
    )


def _with_sanction(
    people: Mapping[PersonId, Person], reached: Reached, sanction: Sanction
) -> dict[PersonId, Person]:
    return {
        id_: replace(person, sanctions=(*person.sanctions, sanction))
        if id_ in reached.barred
        else person
        for id_, person in people.items()
    }


@dataclass(frozen=True, slots=True)
class _Ways:
    """Two worlds, without and with the sanction, and what the gate says in each."""

    tre: Tre
    connection: Connection
    before: Mapping[PersonId, Person]
    after: Mapping[PersonId, Person]

    def stops(self, who: PersonId, project_id: ProjectId, action: Action) -> bool:
        project = known_project(self.connection, project_id)
        was, is_now = (
            self._may(world, who, project, action) for world in (self.before, self.after)
        )
        return was and not is_now

    def loses_supervisor(self, who: PersonId) -> bool:
        """Whether somebody is provisional, and their supervisor could vouch for them until now."""
        today, provisional = self._now.date(), self.before[who]
        supervisor = self.before[provisional.supervisor or ""]
        return (
            is_provisional(provisional, today)
            and supervisor.organisation == provisional.organisation
            and may_vouch(supervisor, today)
        )

    def _may(
        self, world: Mapping[PersonId, Person], who: PersonId, project: Project, action: Action
    ) -> bool:
        subject = Subject(project=project, place=Place(self.tre.config.place), people=world)
        return decide(world[who], action, subject, on=self._now).allowed

    @property
    def _now(self) -> datetime:
        return self.tre.now()


def in_words(cascade: Cascade) -> Iterable[str]:
    """Say what is stopped beside the sanction itself, one kind at a time; nothing where nothing."""
    for number, one, several in (
        (len(cascade.barred), "person is barred", "people are barred"),
        (
            len(cascade.without_supervisor),
            "provisional researcher is without a supervisor",
            "provisional researchers are without a supervisor",
        ),
        (len(cascade.sessions), "running session ends", "running sessions end"),
        (len(cascade.requests), "open request is frozen", "open requests are frozen"),
    ):
        if number:
            yield f"{number} {one if number == 1 else several}"
