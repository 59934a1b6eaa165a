"""A file beside what its checkers were given of it in the turn before."""

from dataclasses import dataclass

from tre.decision import NotThereError
from tre.safe_outputs.release_request import ReleaseRequest, RequestFile
from tre.steps.acting import Act, acting
from tre.steps.in_question import request_in_question
from tre.steps.since_last_turn import Change, last_turn
from tre.steps.tre import Tre
from tre.steps.views import FileContent
from tre.store.files import FrozenFileError, thaw
from tre.vocabulary import Action, PersonId, RequestId

TAG = "outputs:file:compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A file as it was given to the checkers. declaration: JSON text, where it has one."""

    id: int
    content: FileContent
    declaration: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """Two versions of a file.

    turn: the number of the turn before, 0 in a request's first. before: None where there is none,
    or where its frozen copy cannot be read; lost says then why.
    """

    change: Change
    turn: int
    now: Version
    before: Version | None
    lost: str


def file_changes(tre: Tre, actor: PersonId, request: RequestId, file_id: int) -> FileChanges:
    """Read a file and its version of the turn before, to those who may see the request.

    Raises NotThereError for a number that the request does not have, FrozenFileError where the
    frozen copy of the file itself is not what was submitted.
    """
    with acting(tre, actor, Action.VIEW_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        file = file_of(found, file_id)
        then = last_turn(act.connection, found)
        earlier = then.version_of(file)
        before, lost = _version_if_kept(act, earlier) if earlier else (None, "")
        act.record({"file": file.id, "with": earlier and earlier.id}, tag=TAG)
        return FileChanges(
            change=then.change_of(file),
            turn=then.number,
            now=_version(act, file),
            before=before,
            lost=lost,
        )


def file_of(request: ReleaseRequest, file_id: int) -> RequestFile:
    """Find a file of any kind; raises NotThereError where the request has none of that number."""
    for file in request.files:
        if file.id == file_id:
            return file
    message = f"request {request.id} has no file {file_id}"
    raise NotThereError(message)


def _version_if_kept(act: Act, file: RequestFile) -> tuple[Version | None, str]:
    try:
        return _version(act, file), ""
    except FrozenFileError as error:
        return None, str(error)


def _version(act: Act, file: RequestFile) -> Version:
    content = thaw(act.tre.folders.frozen(act.request or 0), file.sha256)
    return Version(
        id=file.id,
        content=FileContent(name=file.name, bytes=content, sha256=file.sha256),
        declaration=file.declaration,
    )
