"""The checkers' queue: what waits for somebody's answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tre.five_safes import Subject
from tre.safe_outputs.queue_filter import (
    EVERYTHING,
    WAITING,
    Hides,
    QueueFilter,
    kind_of,
    narrowed,
    read_filter,
    what_hides,
)
from tre.safe_outputs.queue_row import QueueRow
from tre.safe_outputs.release_request import ReleaseRequest, State
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS, has_no_supervisor_link
from tre.safe_outputs.states import OWNERS, Owner
from tre.safe_outputs.votes import outputs, reviewers_of_turn
from tre.safe_outputs.working_days import age_in_working_days, due_on, is_late
from tre.safe_people.person import Person
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.drawing_up import worst_verdict
from tre.steps.tre import Tre
from tre.store.people import read_people
from tre.store.projects import read_projects
from tre.store.requests import checks_of, read_requests
from tre.store.tables import requests
from tre.vocabulary import Action, PersonId, ProjectId, Role

_WAITS = requests.c.state.in_([str(state) for state in WAITING])


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """What filters leave of the queue.

    everything: the rows without any filter, as `queue` gives them. hides: what each filter in
    use does. projects, authors: what may be filtered by, the names by the ids.
    """

    rows: tuple[QueueRow, ...]
    everything: tuple[QueueRow, ...]
    wanted: QueueFilter
    hides: tuple[Hides, ...]
    projects: Mapping[ProjectId, str]
    authors: Mapping[PersonId, str]


def queue(tre: Tre, actor: PersonId) -> tuple[QueueRow, ...]:
    """List what waits, late requests first, then by the worst verdict and the age.

    Requests of the actor's own projects are left out: they are for others to judge.
    """
    return filtered_queue(tre, actor, ()).rows


def filtered_queue(tre: Tre, actor: PersonId, typed: Iterable[tuple[str, str]]) -> QueueView:
    """Give what is left of the queue by the filters that somebody typed, as `queue` lists it.

    typed: names and values as in an address. Raises UnusableRequestError for those that are not
    known; the projects and authors that are, are those of every request that was ever submitted.
    """
    with acting(tre, actor, Action.VIEW_QUEUE) as act:
        act.require(Subject())
        projects, authors = _choices(act)
        wanted = read_filter(typed, projects=projects, authors=authors)
        found = read_requests(act.connection, _WAITS)
        everything = narrowed(rows_of(act, _not_of_own_projects(act, found)), EVERYTHING)
        rows = narrowed(everything, wanted)
        act.record({"requests": len(rows), **_said_of(wanted)})
    return QueueView(
        rows=rows,
        everything=everything,
        wanted=wanted,
        hides=what_hides(everything, wanted),
        projects=projects,
        authors=authors,
    )


def rows_of(act: Act, found: Iterable[ReleaseRequest]) -> list[QueueRow]:
    """Draw requests as lines of a list, in the order given."""
    listed = list(found)
    checks = checks_of(act.connection, [request.id for request in listed])
    people = read_people(act.connection, {request.author for request in listed})
    projects = read_projects(act.connection, {request.project for request in listed})
    return [
        QueueRow(
            id=request.id,
            title=request.title,
            project_id=request.project,
            project_title=projects[request.project].title,
            author_id=request.author,
            author_name=people[request.author].name,
            state=request.state,
            turn=request.turn,
            submitted_at=request.submitted_at,
            age_working_days=_age(request, act),
            due_on=due_on(request.submitted_at) if request.submitted_at else None,
            late=_is_late(request, act),
            worst_verdict=worst_verdict(request, checks),
            outputs=len(outputs(request)),
            kinds=tuple(dict.fromkeys(kind_of(file.name) for file in outputs(request))),
            my_review_in=act.actor.id in reviewers_of_turn(request, request.turn),
            waits_for_me=_waits_for(act.actor, request, people[request.author]),
        )
        for request in listed
    ]


def _waits_for(person: Person, request: ReleaseRequest, author: Person) -> bool:
    """Whether somebody has something to do with a request that is not of a project of theirs.

    A checker until they have answered, and those who have, again, once both reviews are in and a
    decision is to be made; a TRE manager where a release is stuck.
    """
    if OWNERS[request.state] is Owner.SYSTEM:
        return Role.TRE_MANAGER in person.roles
    if request.state not in IN_THE_REVIEWERS_HANDS or not _may_judge(person, author):
        return False
    has_answered = person.id in reviewers_of_turn(request, request.turn)
    return has_answered if request.state is State.REVIEWED else not has_answered


def _may_judge(person: Person, author: Person) -> bool:
    link = has_no_supervisor_link(
        checker=person.id,
        checkers_supervisor=person.supervisor,
        author=author.id,
        authors_supervisor=author.supervisor,
    )
    is_checker = Role.OUTPUT_CHECKER in person.roles
    return is_checker and person.id != author.id and link.allowed


def _choices(act: Act) -> tuple[dict[ProjectId, str], dict[PersonId, str]]:
    """Name the projects and authors of what was ever submitted, but of the actor's own projects."""
    query = select(requests.c.project, requests.c.author).distinct()
    pairs = act.connection.execute(query.where(requests.c.submitted_at.is_not(None))).all()
    projects = _of_others(act.connection, act.actor, [row.project for row in pairs])
    people = read_people(act.connection, {r.author for r in pairs if r.project in projects})
    return (
        _by_name({project.id: project.title for project in projects.values()}),
        _by_name({p.id: p.name for p in people.values() if p.id != act.actor.id}),
    )


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda one: one[1].casefold()))


def _of_others(
    connection: Connection, person: Person, projects: Sequence[ProjectId]
) -> dict[ProjectId, Project]:
    """Read those of the projects that a person is not named on."""
    found = read_projects(connection, set(projects))
    return {id_: one for id_, one in found.items() if person.id not in everybody_named(one)}


def _not_of_own_projects(act: Act, found: Iterable[ReleaseRequest]) -> list[ReleaseRequest]:
    listed = list(found)
    others = _of_others(act.connection, act.actor, [request.project for request in listed])
    return [
        request
        for request in listed
        if request.author != act.actor.id and request.project in others
    ]


def _said_of(wanted: QueueFilter) -> dict[str, object]:
    """What the ledger keeps of the filters: their names, not what was typed into them."""
    return {"filters": sorted(wanted.chosen)} if wanted.chosen else {}


def _age(request: ReleaseRequest, act: Act) -> int:
    return age_in_working_days(request.submitted_at, act.at) if request.submitted_at else 0


def _is_late(request: ReleaseRequest, act: Act) -> bool:
    """Only what is in the reviewers' hands can be late."""
    waits = request.state in IN_THE_REVIEWERS_HANDS
    return bool(waits and request.submitted_at and is_late(request.submitted_at, act.at))
