"""Say what a file is in its request."""

from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import FileKind
from tre.steps.acting import acting
from tre.steps.file_adding import live_file
from tre.steps.in_question import request_in_question
from tre.steps.output_files import refuse_as_output
from tre.steps.tre import Tre
from tre.store.files import thaw
from tre.store.request_writing import set_kind
from tre.vocabulary import Action, PersonId, RequestId


def set_file_kind(
    tre: Tre, actor: PersonId, request: RequestId, file_id: int, kind: FileKind
) -> None:
    """Make a file an output, supporting or code; see `withdraw_file` for taking it out.

    Raises UnusableRequestError where an output would be one that was uploaded, or that nobody can
    read.
    """
    kind = FileKind(kind)
    if kind is FileKind.WITHDRAWN:
        message = "a file is taken out of a request by withdrawing it"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.UPDATE_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        file = live_file(found, file_id)
        content = thaw(tre.folders.frozen(found.id), file.sha256)
        refuse_as_output(file.name, content, kind, file.origin)
        set_kind(act.connection, file.id, kind)
        act.record({"did": "change a file's kind", "file": file.id, "kind": str(kind)})
