"""Put a copy of a workspace's file into a request."""

from pathlib import PurePosixPath

from tre.safe_outputs.release_request import FileKind, FileOrigin
from tre.steps.acting import acting
from tre.steps.file_adding import NewFile, put_file, usable_file
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.steps.workspace import read_workspace_file
from tre.vocabulary import Action, PersonId, RequestId


def add_workspace_file(
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    path: str,
    kind: FileKind,
    group: str = "outputs",
) -> int:
    """Freeze a copy of the file as it is now, and give its number in the request.

    path: relative to the workspace; links are not followed. Raises UnusableRequestError where it
    cannot be read, or may not be in a request.
    """
    with acting(tre, actor, Action.UPDATE_REQUEST, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject)
        limits = tre.request_limits
        content = read_workspace_file(tre.folders.workspace(project.id), path, limits)
        name = PurePosixPath(path).name
        new = NewFile(
            name=name,
            content=content,
            kind=FileKind(kind),
            group=group,
            origin=FileOrigin.WORKSPACE,
        )
        return put_file(act, found, usable_file(new, limits))
