"""What lies in a project's workspace and could be asked for."""

from tre.steps.acting import acting
from tre.steps.in_question import project_in_question
from tre.steps.tre import Tre
from tre.steps.views import WorkspaceFile
from tre.steps.workspace import list_workspace
from tre.vocabulary import Action, PersonId, ProjectId


def workspace_files(tre: Tre, actor: PersonId, project: ProjectId) -> tuple[WorkspaceFile, ...]:
    """List the workspace's files to those who may ask for their release today."""
    with acting(tre, actor, Action.CREATE_REQUEST, project=project) as act:
        act.require(project_in_question(act, project))
    return list_workspace(tre.folders.workspace(project))
