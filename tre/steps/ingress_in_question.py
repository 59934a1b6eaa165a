"""Load an ingress request for an act, with everybody whom the rules ask about."""

from collections.abc import Collection

from sqlalchemy import Connection

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Person
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Place, Project
from tre.safe_settings.ingress.request import FileState, IngressFile, IngressId, IngressRequest
from tre.steps.acting import LARGEST_REQUEST, Act, HiddenError, known_project
from tre.steps.in_question import CONCERNED
from tre.steps.telling import News
from tre.store.ingress import read_ingress
from tre.store.people import read_people
from tre.vocabulary import PersonId


def ingress_in_question(act: Act, number: IngressId) -> tuple[IngressRequest, Project, Subject]:
    """Load an ingress request for an act.

    Raises HiddenError, in the same words and with the same line on the ledger, where there is none
    and to those who have no part in it.
    """
    possible = 1 <= number <= LARGEST_REQUEST
    found = read_ingress(act.connection, number) if possible else None
    if found is None:
        raise _not_there(number)
    project = known_project(act.connection, found.project)
    named = {found.author, *everybody_named(project)}
    if act.actor.id not in named and not act.actor.roles & CONCERNED:
        raise _not_there(number)
    act.project = found.project
    return found, project, subject_of_ingress(act, found, project)


def subject_of_ingress(act: Act, found: IngressRequest, project: Project) -> Subject:
    """An ingress request as the subject of an act."""
    return Subject(
        project=project,
        ingress=found,
        place=Place(act.tre.config.place),
        people=_concerned(act.connection, act.actor, found.author),
    )


def waiting_files(found: IngressRequest, wanted: Collection[int] | None) -> tuple[IngressFile, ...]:
    """The files to decide about: those named, or all that wait where none is named.

    Raises UnusableRequestError for one that is not there or does not wait any more.
    """
    if wanted is None:
        return tuple(file for file in found.files if file.state is FileState.WAITING)
    by_number = {file.id: file for file in found.files}
    for number in wanted:
        if number not in by_number:
            message = f"ingress request {found.id} has no file {number}"
            raise UnusableRequestError(message)
        if by_number[number].state is not FileState.WAITING:
            file = by_number[number]
            message = f"“{file.name}” is {file.state}; nothing more can be decided about it"
            raise UnusableRequestError(message)
    if not wanted:
        message = "choose at least one file"
        raise UnusableRequestError(message)
    return tuple(by_number[number] for number in dict.fromkeys(wanted))


def news_of(found: IngressRequest, files: int, became: str) -> News:
    """What who brings the files is told; the reason of a refusal stands on the page alone."""
    several = "1 file was" if files == 1 else f"{files} files were"
    they_are = "it is" if files == 1 else "they are"
    where = f": {they_are} in /workspace/ingress/{found.id}" if became == "accepted" else ""
    return News(
        title=f"Ingress request {found.id}",
        text=f"{several} {became}{where}.",
        path=f"/ingress/{found.id}",
    )


def _concerned(connection: Connection, actor: Person, author: PersonId) -> dict[PersonId, Person]:
    known = {**read_people(connection, {author}), actor.id: actor}
    wanted = {p.supervisor for p in known.values() if p.supervisor} - set(known)
    return known | read_people(connection, wanted) if wanted else known


def _not_there(number: IngressId) -> HiddenError:
    return HiddenError(f"there is no ingress request {number} that you have a part in")
