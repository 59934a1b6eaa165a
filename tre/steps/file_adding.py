"""What every way of putting a file into a request has in common: limits, freezing, the row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import (
    FileKind,
    FileOrigin,
    ReleaseRequest,
    RequestFile,
    State,
)
from tre.safe_outputs.request_limits import ASK, STANDARD, RequestLimits
from tre.steps.acting import Act
from tre.steps.output_files import refuse_as_output
from tre.steps.texts import refuse_duplicate, usable_name
from tre.store import request_writing
from tre.store.files import freeze
from tre.vocabulary import Action

LONGEST_DECLARATION = 100_000
"""In characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that somebody wants to put into a request; uploaded unless it is said otherwise."""

    name: str
    content: bytes
    kind: FileKind
    group: str = "outputs"
    declaration: str | None = None
    origin: FileOrigin = FileOrigin.UPLOADED


def usable_file(file: NewFile, limits: RequestLimits = STANDARD) -> NewFile:
    """Give the file with its names composed, if it may be in a request at all.

    Raises UnusableRequestError where it may not, with what would be right.
    """
    if not file.content:
        message = f"{file.name[:60]!r} is empty; nothing in it could be checked"
        raise UnusableRequestError(message)
    refuse_too_large(file.name, file.content, limits)
    if file.kind is FileKind.WITHDRAWN:
        message = "a new file is an output, supporting or code; withdraw it later"
        raise UnusableRequestError(message)
    if file.declaration is not None:
        _refuse_declaration(file.declaration)
    usable = replace(file, name=usable_name(file.name), group=usable_name(file.group, what="group"))
    refuse_as_output(usable.name, usable.content, usable.kind, usable.origin)
    return usable


def put_file(
    act: Act, request: ReleaseRequest, file: NewFile, *, instead_of: RequestFile | None = None
) -> int:
    """Freeze a usable file and add it to a request; its number.

    instead_of: a file of the request that it replaces; votes on that one do not count for it.
    Raises UnusableRequestError where it is one file too many, or its name is taken.
    """
    others = [old for old in live_files(request) if old != instead_of]
    refuse_duplicate(file.name, (other.name for other in others))
    sizes = [*(other.size_bytes for other in others), len(file.content)]
    refuse_too_much(sizes, act.tre.request_limits)
    sha256 = freeze(act.tre.folders.frozen(request.id), file.content)
    row = {
        "group": file.group,
        "name": file.name,
        "kind": str(file.kind),
        "sha256": sha256,
        "size_bytes": len(file.content),
        "added_turn": turn_of_changes(request),
        "declaration": file.declaration,
        "origin": str(file.origin),
    }
    number = request_writing.add_file(act.connection, request.id, row)
    details = {"did": "add a file", "file": number, "kind": row["kind"], "sha256": sha256}
    details["origin"] = row["origin"]
    act.record(details, tag=str(Action.UPDATE_REQUEST))
    return number


def live_files(request: ReleaseRequest) -> tuple[RequestFile, ...]:
    """List the files that are in the request now."""
    return tuple(file for file in request.files if file.kind is not FileKind.WITHDRAWN)


def live_file(request: ReleaseRequest, file_id: int) -> RequestFile:
    """Find a file that is in the request now.

    Raises UnusableRequestError for one that is not, or is not any more.
    """
    for file in live_files(request):
        if file.id == file_id:
            return file
    message = f"request {request.id} has no file {file_id}, or not any more; look at it again"
    raise UnusableRequestError(message)


def turn_of_changes(request: ReleaseRequest) -> int:
    """The turn in which checkers will see what the author changes now."""
    return request.turn + 1 if request.state is State.RETURNED else request.turn


def refuse_too_large(name: str, content: bytes, limits: RequestLimits) -> None:
    """Raise UnusableRequestError for a file with more bytes than one may have."""
    if len(content) > limits.file_bytes:
        message = f"{name[:60]!r} has more than {limits.file_bytes // 2**20} MiB; {ASK}"
        raise UnusableRequestError(message)


def refuse_too_much(sizes: Sequence[int], limits: RequestLimits) -> None:
    """Raise UnusableRequestError for more files, or more bytes in all, than a request may have.

    sizes: of every file that the request would have, in bytes.
    """
    if objection := limits.objection_to(len(sizes)):
        raise UnusableRequestError(objection)
    if sum(sizes) > limits.all_bytes:
        message = f"a request has at most {limits.all_bytes // 2**20} MiB of files; {ASK}"
        raise UnusableRequestError(message)


def _refuse_declaration(declaration: str) -> None:
    if len(declaration) > LONGEST_DECLARATION:
        message = f"the declaration has more than {LONGEST_DECLARATION:,} characters"
        raise UnusableRequestError(message)
    try:
        is_object = isinstance(json.loads(declaration), dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        message = "the declaration must be one JSON object, as output_checks writes it"
        raise UnusableRequestError(message)
