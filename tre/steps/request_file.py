"""The bytes of one file of a request, for showing them."""

from tre.steps.acting import acting
from tre.steps.file_changes import file_of
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.steps.views import FileContent
from tre.store.files import thaw
from tre.vocabulary import Action, PersonId, RequestId

TAG = "outputs:file:view"


def request_file(tre: Tre, actor: PersonId, request: RequestId, file_id: int) -> FileContent:
    """Read a file, withdrawn and replaced ones too, to those who may see the request.

    Raises FrozenFileError where the frozen copy is not what was submitted, NotThereError for a
    number that the request does not have.
    """
    with acting(tre, actor, Action.VIEW_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        file = file_of(found, file_id)
        content = thaw(tre.folders.frozen(request), file.sha256)
        act.record({"file": file.id, "sha256": file.sha256}, tag=TAG)
    return FileContent(name=file.name, bytes=content, sha256=file.sha256)
