"""Load what an act is about, with everybody whom the rules ask about."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from tre.five_safes import Subject, decide
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.reviewing import STATE
from tre.safe_people.person import Person
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Place, Project, is_project_id
from tre.steps.acting import Act, HiddenError, known_project
from tre.steps.project_in_hand import hidden, may_know
from tre.steps.tre import SYSTEM, Tre
from tre.store.people import read_people
from tre.store.projects import read_project
from tre.store.requests import read_request
from tre.vocabulary import Action, PersonId, ProjectId, RequestId, Role

CONCERNED = frozenset({Role.OUTPUT_CHECKER, Role.TRE_MANAGER, Role.AUDITOR})
"""The roles whose holders may know that a request exists, without being on its project."""


def subject_of_project(
    tre: Tre, connection: Connection, actor: Person, project: Project
) -> Subject:
    """A project as the subject of an act."""
    return Subject(
        project=project,
        place=Place(tre.config.place),
        people=_with_supervisors(connection, [actor]),
    )


def project_in_question(act: Act, project: ProjectId) -> Subject:
    """Load a project for an act.

    Raises HiddenError, in the same words, where there is none and where the actor has no part in
    it: nobody learns from the answer which projects there are.
    """
    found = read_project(act.connection, project) if is_project_id(project) else None
    if found is None:
        raise hidden(project)
    subject = subject_of_project(act.tre, act.connection, act.actor, found)
    if not may_know(act, subject):
        raise hidden(project)
    act.project = found.id
    return subject


def request_in_question(act: Act, request: RequestId) -> tuple[ReleaseRequest, Project, Subject]:
    """Load a request for an act.

    Raises HiddenError, in the same words and with the same line on the ledger, where there is none
    and to those who have no part in it: their own entries tell them neither that it exists nor
    whose it is.
    """
    found = read_request(act.connection, request)
    if found is None:
        raise _not_there(request)
    project = known_project(act.connection, found.project)
    if not has_part(act.actor, found, project):
        raise _not_there(request)
    act.request, act.project = found.id, found.project
    return found, project, subject_of_request(act.tre, act.connection, act.actor, found, project)


def subject_of_request(
    tre: Tre, connection: Connection, actor: Person, request: ReleaseRequest, project: Project
) -> Subject:
    """A request as the subject of an act; only votes that still count are in it."""
    ids = {request.author, *(vote.reviewer for vote in request.votes)}
    known = read_people(connection, ids)
    subject = Subject(
        project=project,
        request=request,
        place=Place(tre.config.place),
        people=_with_supervisors(connection, [actor, *known.values()]),
    )
    return replace(subject, request=without_lapsed_votes(tre, subject))


def without_lapsed_votes(tre: Tre, subject: Subject) -> ReleaseRequest:
    """Leave out the votes of those who might not vote today, were the request in their hands.

    Somebody who lost the role, was sanctioned or joined the project has no say any more.
    """
    request = subject.request
    if request is None:
        message = "a subject without a request has no votes"
        raise ValueError(message)
    lapsed = {vote.reviewer for vote in request.votes if not _may_vote(tre, subject, vote.reviewer)}
    votes = tuple(vote for vote in request.votes if vote.reviewer not in lapsed)
    return replace(request, votes=votes)


def has_part(actor: Person, request: ReleaseRequest, project: Project) -> bool:
    """Whether somebody may know that the request exists."""
    named = {request.author, SYSTEM, *everybody_named(project)}
    return actor.id in named or bool(actor.roles & CONCERNED)


def may_still_vote(tre: Tre, subject: Subject, person: Person) -> bool:
    """Whether somebody might vote today, were the request in the reviewers' hands."""
    decision = decide(person, Action.VOTE, subject, on=tre.now())
    return all(reason.rule == STATE.name for reason in decision.reasons)


def _may_vote(tre: Tre, subject: Subject, reviewer: PersonId) -> bool:
    person = subject.people.get(reviewer)
    return person is not None and may_still_vote(tre, subject, person)


def _with_supervisors(connection: Connection, people: Iterable[Person]) -> dict[PersonId, Person]:
    known = {person.id: person for person in people}
    wanted = {person.supervisor for person in known.values() if person.supervisor} - set(known)
    return known | read_people(connection, wanted) if wanted else known


def _not_there(request: RequestId) -> HiddenError:
    return HiddenError(f"there is no request {request} that you have a part in")
