"""End a project: nobody enters it again, and its pseudonyms can never be made again."""

from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.safe_projects.project import ProjectState
from tre.steps.acting import acting
from tre.steps.in_question import project_in_question
from tre.steps.make_extract import pseudonym_key
from tre.steps.tre import Tre
from tre.store.projects import write_project
from tre.vocabulary import Action, PersonId, ProjectId


def end_project(tre: Tre, actor: PersonId, project: ProjectId, reason: str) -> None:
    """End a project today, for a reason that the ledger keeps.

    Its sessions are stopped by the hub's next look (within a minute). The key of its pseudonyms
    is destroyed; the requests, the releases and the ledger stay.
    Raises RefusedError with every reason; UnusableRequestError without a reason, or where the
    project has ended before.
    """
    if not reason.strip():
        message = "say why the project ends: the ledger keeps the reason"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.RECORD_PROJECT) as act:
        subject = project_in_question(act, project)
        act.require(subject)
        found = subject.project
        if found is None or found.state is ProjectState.ENDED:
            message = f"{project} has ended already"
            raise UnusableRequestError(message)
        today = act.at.date()
        ended = replace(found, state=ProjectState.ENDED, ends=min(found.ends, today))
        write_project(act.connection, ended)
        act.record({"state": str(ended.state), "reason": reason.strip()})
    (tre.folders.keys / pseudonym_key(project)).unlink(missing_ok=True)
