"""Begin a release request."""

from tre.decision import Decision, UnusableRequestError
from tre.safe_outputs.completeness import problems_before_another
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.extracts import policy_of
from tre.steps.in_question import project_in_question
from tre.steps.texts import usable_line
from tre.steps.tre import Tre
from tre.store.request_writing import add_request
from tre.store.requests import requests_of
from tre.vocabulary import Action, PersonId, ProjectId, RequestId


def create_request(tre: Tre, actor: PersonId, project: ProjectId, title: str) -> RequestId:
    """Begin a request, in draft, and give its number.

    Raises RefusedError with every reason, also where the person has an open one in the project.
    """
    title = usable_line(title, what="title")
    with acting(tre, actor, Action.CREATE_REQUEST, project=project) as act:
        subject = project_in_question(act, project)
        act.require(subject, no_other_is_open(act, project))
        if subject.project is None:
            message = f"there is no project {project!r}"
            raise UnusableRequestError(message)
        return begin(act, subject.project, title)


def no_other_is_open(act: Act, project: ProjectId) -> Decision:
    """Whether the actor's earlier requests in the project let another one begin."""
    own = requests_of(act.connection, person=act.actor.id, project=project)
    return problems_before_another(own)


def begin(act: Act, project: Project, title: str) -> RequestId:
    """Make the request's row and its line in the ledger."""
    act.request = add_request(
        act.connection,
        project=project.id,
        author=act.actor.id,
        title=title,
        at=act.at,
        policy=policy_of(act.tre, project),
    )
    act.record({"turn": 1}, tag=str(Action.CREATE_REQUEST))
    return act.request
