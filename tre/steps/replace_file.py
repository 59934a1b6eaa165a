"""Put another version of a file in its place; votes on the old one do not count for it."""

from tre.safe_outputs.release_request import FileOrigin
from tre.steps.acting import acting
from tre.steps.file_adding import NewFile, live_file, put_file, usable_file
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.request_writing import set_replaced
from tre.vocabulary import Action, PersonId, RequestId


def replace_file(  # noqa: PLR0913 - a file is replaced by exactly these
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    file_id: int,
    *,
    content: bytes,
    declaration: str | None = None,
    origin: FileOrigin = FileOrigin.UPLOADED,
) -> int:
    """Freeze the new bytes under the old name, kind and group; the new file's number.

    origin: where the new bytes come from; an upload never takes an output's place.
    Raises UnusableRequestError where the file is not in the request (any more).
    """
    with acting(tre, actor, Action.UPDATE_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        old = live_file(found, file_id)
        new = NewFile(
            name=old.name,
            content=content,
            kind=old.kind,
            group=old.group,
            declaration=declaration,
            origin=FileOrigin(origin),
        )
        number = put_file(act, found, usable_file(new, tre.request_limits), instead_of=old)
        set_replaced(act.connection, old.id, number)
        act.record({"did": "replace a file", "file": old.id, "by": number})
    return number
