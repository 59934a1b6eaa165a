"""Tell those who have something to do with a request beside its author: checkers and managers."""

from collections.abc import Iterable

from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.working_days import due_on
from tre.safe_people.person import Person
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project
from tre.steps.acting import Act, known_project
from tre.steps.in_question import may_still_vote, subject_of_request
from tre.steps.telling import News, tell
from tre.store.people import read_people
from tre.vocabulary import PersonId, Role


def tell_of_request(
    act: Act, request: ReleaseRequest, people: Iterable[PersonId], *, title: str, text: str
) -> None:
    """Put a notice about a request on people's desks, and send it by mail.

    title, text: the environment's own words; the request's title is shown at the desk alone.
    Nobody is told of what they just did themselves.
    """
    news = News(title=title, text=text, path=f"/requests/{request.id}")
    for person in sorted(set(people) - {act.actor.id}):
        tell(act.tre, act.connection, person, news, request=request.id)


def tell_of_submission(act: Act, request: ReleaseRequest, turn: int) -> None:
    """Tell every checker who may judge a request that it waits, and until when."""
    again = f" again, in turn {turn}" if turn > 1 else ""
    last_day = due_on(act.at)
    tell_of_request(
        act,
        request,
        may_judge(act, request),
        title=f"Request {request.id} waits for two checkers",
        text=f"It was submitted{again}. Two checkers answer by {last_day:%A} {last_day.day} "
        f"{last_day:%B %Y}; you are one of those who may.",
    )


def may_judge(act: Act, request: ReleaseRequest) -> tuple[PersonId, ...]:
    """Name the checkers who may judge a request, were it in the reviewers' hands."""
    project = known_project(act.connection, request.project)
    checkers = _with_role(act, Role.OUTPUT_CHECKER)
    return tuple(person.id for person in checkers if _may_judge(act, request, project, person))


def managers_apart(act: Act, request: ReleaseRequest) -> tuple[PersonId, ...]:
    """Name the TRE managers who are not on the request's own project."""
    named = {request.author, *everybody_named(known_project(act.connection, request.project))}
    found = (person.id for person in _with_role(act, Role.TRE_MANAGER))
    return tuple(person for person in found if person not in named)


def _may_judge(act: Act, request: ReleaseRequest, project: Project, person: Person) -> bool:
    subject = subject_of_request(act.tre, act.connection, person, request, project)
    return may_still_vote(act.tre, subject, person)


def _with_role(act: Act, role: Role) -> tuple[Person, ...]:
    people = read_people(act.connection).values()
    return tuple(person for person in people if role in person.roles)
