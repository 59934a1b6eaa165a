"""What a file must be to become an output, and still be when it leaves."""

from tre.decision import ALLOWED, Decision, UnusableRequestError
from tre.safe_outputs.file_types import has_a_readable_type, is_readable
from tre.safe_outputs.release_request import FileKind, FileOrigin, ReleaseRequest
from tre.safe_outputs.votes import outputs
from tre.steps.acting import Act
from tre.store.files import FrozenFileError, thaw
from tre.store.requests import checks_of


def refuse_as_output(name: str, content: bytes, kind: FileKind, origin: FileOrigin) -> None:
    """Raise UnusableRequestError where a file would be an output and may not be one.

    Outputs come out of the session or its workspace, and a person can read them.
    """
    if kind is not FileKind.OUTPUT:
        return
    if origin is FileOrigin.UPLOADED:
        message = (
            f"“{name}” was uploaded, and only results from the session or its workspace can be "
            "outputs; add the file from the workspace"
        )
        raise UnusableRequestError(message)
    decision = is_readable(name, content)
    if not decision.allowed:
        raise UnusableRequestError(" ".join(reason.sentence for reason in decision.reasons))


def types_found(act: Act, request: ReleaseRequest) -> Decision:
    """Ask the automatic checks, as they are kept, for every output's type."""
    checks = checks_of(act.connection, [request.id])
    decision = ALLOWED
    for file in outputs(request):
        decision = decision.also(has_a_readable_type(file.name, checks.get(file.id)))
    return decision


def types_again(act: Act, request: ReleaseRequest) -> Decision:
    """Look at every output's own bytes once more, besides what the checks say of its type.

    A frozen copy that is gone or changed is passed over here: the release fails for it.
    """
    decision = types_found(act, request)
    for file in outputs(request):
        try:
            content = thaw(act.tre.folders.frozen(request.id), file.sha256)
        except FrozenFileError:
            continue
        decision = decision.also(is_readable(file.name, content))
    return decision
