"""Put a file into a request."""

from tre.safe_outputs.release_request import FileKind, FileOrigin
from tre.steps.acting import acting
from tre.steps.file_adding import NewFile, put_file, usable_file
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId, RequestId


def add_file(  # noqa: PLR0913 - a file is made of exactly these
    tre: Tre,
    actor: PersonId,
    request: RequestId,
    *,
    name: str,
    content: bytes,
    kind: FileKind,
    group: str = "outputs",
    declaration: str | None = None,
    origin: FileOrigin = FileOrigin.UPLOADED,
) -> int:
    """Freeze a copy of a file as part of a request, and give its number there.

    kind: output (to be released), supporting (seen, never released) or code. declaration: the
    output's, as JSON. origin: where the bytes come from; an upload is never an output.
    Raises UnusableRequestError for a name, size or number that will not do.
    """
    file = usable_file(
        NewFile(
            name=name,
            content=content,
            kind=FileKind(kind),
            group=group,
            declaration=declaration,
            origin=FileOrigin(origin),
        ),
        tre.request_limits,
    )
    with acting(tre, actor, Action.UPDATE_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        return put_file(act, found, file)
