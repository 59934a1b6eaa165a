"""Take a file out of a request; what was frozen stays, for the record."""

from tre.safe_outputs.release_request import FileKind
from tre.steps.acting import acting
from tre.steps.file_adding import live_file
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.request_writing import set_kind
from tre.vocabulary import Action, PersonId, RequestId


def withdraw_file(tre: Tre, actor: PersonId, request: RequestId, file_id: int) -> None:
    """Take the file out; raises UnusableRequestError where it is not in the request any more."""
    with acting(tre, actor, Action.UPDATE_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        file = live_file(found, file_id)
        set_kind(act.connection, file.id, FileKind.WITHDRAWN)
        act.record({"did": "withdraw a file", "file": file.id})
