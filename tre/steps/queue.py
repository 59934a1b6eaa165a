"""The checkers' queue: what waits for somebody's answer."""

from collections.abc import Iterable

from sqlalchemy import Connection

from tre.five_safes import Subject
from tre.safe_outputs.file_check import FAIL, PASS, REVIEW
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS
from tre.safe_outputs.states import OWNERS, Owner
from tre.safe_outputs.votes import outputs, reviewers_of_turn
from tre.safe_outputs.working_days import age_in_working_days, is_late
from tre.safe_people.person import Person
from tre.safe_projects.membership import everybody_named
from tre.steps.acting import Act, acting
from tre.steps.drawing_up import worst_verdict
from tre.steps.tre import Tre
from tre.steps.views import QueueRow
from tre.store.people import read_people
from tre.store.projects import read_projects
from tre.store.requests import checks_of, read_requests
from tre.store.tables import requests
from tre.vocabulary import Action, PersonId

WAITING = tuple(
    state for state, owner in OWNERS.items() if owner in (Owner.REVIEWERS, Owner.SYSTEM)
)
"""The states in which a request is in the queue; the system's are there when they are stuck."""

_URGENT = {FAIL: 0, REVIEW: 1, None: 1, PASS: 2}


def queue(tre: Tre, actor: PersonId) -> tuple[QueueRow, ...]:
    """List what waits, late requests first, then by the worst verdict and the age.

    Requests of the actor's own projects are left out: they are for others to judge.
    """
    with acting(tre, actor, Action.VIEW_QUEUE) as act:
        act.require(Subject())
        found = read_requests(act.connection, requests.c.state.in_([str(s) for s in WAITING]))
        apart = _not_of_own_projects(act.connection, act.actor, found)
        rows = rows_of(act, apart)
        act.record({"requests": len(rows)})
    return tuple(sorted(rows, key=_urgency))


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
            author_name=people[request.author].name,
            state=request.state,
            turn=request.turn,
            submitted_at=request.submitted_at,
            age_working_days=_age(request, act),
            late=_is_late(request, act),
            worst_verdict=worst_verdict(request, checks),
            outputs=len(outputs(request)),
            my_review_in=act.actor.id in reviewers_of_turn(request, request.turn),
        )
        for request in listed
    ]


def _not_of_own_projects(
    connection: Connection, person: Person, found: Iterable[ReleaseRequest]
) -> list[ReleaseRequest]:
    listed = list(found)
    projects = read_projects(connection, {request.project for request in listed})
    return [
        request
        for request in listed
        if person.id != request.author
        and person.id not in everybody_named(projects[request.project])
    ]


def _urgency(row: QueueRow) -> tuple[bool, int, int, int]:
    return (not row.late, _URGENT.get(row.worst_verdict, 0), -row.age_working_days, row.id)


def _age(request: ReleaseRequest, act: Act) -> int:
    return age_in_working_days(request.submitted_at, act.at) if request.submitted_at else 0


def _is_late(request: ReleaseRequest, act: Act) -> bool:
    """Only what is in the reviewers' hands can be late."""
    waits = request.state in IN_THE_REVIEWERS_HANDS
    return bool(waits and request.submitted_at and is_late(request.submitted_at, act.at))
