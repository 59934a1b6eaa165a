"""Check a request's outputs again beside what has left since they were checked."""

from collections.abc import Mapping
from typing import Any

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.reproduction import with_what_was_run
from tre.safe_outputs.votes import outputs
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.checking import OUT, check_files
from tre.steps.file_adding import live_files
from tre.steps.in_question import request_in_question
from tre.steps.submit_request import thawed
from tre.steps.tre import Tre
from tre.store.request_writing import set_check
from tre.store.requests import checks_of, requests_of
from tre.vocabulary import Action, PersonId, RequestId

TAG = "outputs:check:again"


def left_since(act: Act, request: ReleaseRequest) -> tuple[RequestId, ...]:
    """The project's requests that have left, or are about to, and were not taken into account.

    Only declared outputs can be compared with each other.
    """
    mine = [file.id for file in outputs(request) if file.declaration]
    if not mine:
        return ()
    checks = checks_of(act.connection, [request.id])
    beside = [set((checks.get(file) or {}).get("beside") or ()) for file in mine]
    known = set.intersection(*beside)
    return tuple(
        one.id
        for one in requests_of(act.connection, project=request.project)
        if one.id not in {request.id, *known}
        and one.state in OUT
        and any(file.declaration for file in outputs(one))
    )


def check_again(
    tre: Tre, actor: PersonId, request: ReleaseRequest, project: Project, *, action: Action
) -> bool:
    """Check every output once more, outside any transaction; whether something new was found.

    action: what the actor is about to do, and must be allowed to. Raises OvertakenError where the
    request has moved on meanwhile.
    """
    files = [thawed(tre, request.id, file) for file in live_files(request)]
    checked = check_files(tre, project, files, request=request.id)
    with acting(tre, actor, action, request=request.id) as act:
        now, _, subject = request_in_question(act, request.id)
        act.require(subject)
        if (now.state, now.turn, now.files) != (request.state, request.turn, request.files):
            message = f"request {request.id} has moved on while it was checked; look at it again"
            raise OvertakenError(message)
        before = checks_of(act.connection, [request.id])
        found = []
        for file in outputs(now):
            known = before.get(file.id) or {}
            stored = with_what_was_run(checked.stored(file.name), known)
            found.append(_messages(stored) - _messages(known))
            set_check(act.connection, file.id, stored, act.at)
        details = {"turn": now.turn, "new": sum(map(len, found)), "beside": list(checked.beside)}
        act.record(details, tag=TAG)
    return any(found)


def _messages(check: Mapping[str, Any]) -> set[str]:
    return {str(one.get("message")) for one in check.get("findings") or ()}
