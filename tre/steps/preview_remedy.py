"""What a protection would make of a declared output; nothing is changed by looking."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tre.decision import UnusableRequestError
from tre.safe_outputs.file_check import worst
from tre.safe_outputs.previews import LONGEST_SECONDS, TooLongError, previewed
from tre.safe_outputs.recomputation import Submitted
from tre.safe_outputs.release_request import FileKind, ReleaseRequest, RequestFile
from tre.safe_outputs.remedy import METHODS, Preview
from tre.safe_outputs.votes import outputs
from tre.safe_projects.project import Project
from tre.steps.acting import acting
from tre.steps.checking import Here, left_before
from tre.steps.extracts import extract_of, policy_of
from tre.steps.file_changes import file_of
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.requests import checks_of
from tre.vocabulary import Action, PersonId, RequestId

TAG = "outputs:file:preview-remedy"

_ABOUT_LABELS = frozenset({"identifiers", "active_content"})
"""Rules about a table's words: no protection of its numbers answers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A preview. reason: why there is none, "" where there is one; then the rest is of use.

    line: the Python that does it in the session. declaration, text: of the table that would be
    submitted. before, verdict: of the file as it is, and of that table, also beside what left.
    utility: what it costs, for each statistic by the names of `output_checks.Utility`. policy:
    under which it was computed.
    """

    method: str
    methods: tuple[str, ...]
    reason: str
    before: str | None
    verdict: str | None = None
    line: str = ""
    declaration: Mapping[str, Any] | None = None
    text: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()
    utility: tuple[Mapping[str, Any], ...] = ()
    policy: str = ""


def preview_remedy(
    tre: Tre, actor: PersonId, request: RequestId, file_id: int, method: str
) -> Remedy:
    """Compute what a protection would make of an output, outside the session from the extract.

    Whoever sees the request may; that they looked is on the ledger. Raises UnusableRequestError
    for an unknown method, and for a file that is no declared output; NotThereError for a number
    that the request does not have.
    """
    if method not in METHODS:
        message = f"there is no preview of {method[:40]!r}; there are {', '.join(METHODS)}"
        raise UnusableRequestError(message)
    with acting(tre, actor, Action.VIEW_REQUEST, request=request) as act:
        found, project, subject = request_in_question(act, request)
        act.require(subject)
        file = file_of(found, file_id)
        _refuse_undeclared(file)
        check = checks_of(act.connection, [found.id]).get(file.id) or {}
        act.record({"file": file.id, "method": method}, tag=TAG)
    before = str(check["verdict"]) if check else None
    nothing = Remedy(method=method, methods=METHODS, reason="", before=before)
    try:
        told = previewed(_question(tre, project, (found, file), method))
    except TooLongError:
        return replace(
            nothing,
            reason=f"it took more than {LONGEST_SECONDS} seconds, or all memory. Try it in the "
            "session, where there is more time, or with fewer or coarser dimensions.",
        )
    if told["reason"]:
        return replace(nothing, reason=str(told["reason"]))
    findings = (*told["findings"], *_about_labels(check))
    return replace(
        nothing,
        verdict=worst([told["verdict"], *(str(one["severity"]) for one in findings)]),
        line=told["line"],
        declaration=told["declaration"],
        text=told["text"],
        findings=findings,
        utility=tuple(told["utility"]),
        policy=told["policy"],
    )


def _about_labels(check: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    found = check.get("findings") or ()
    return tuple(one for one in found if one.get("rule") in _ABOUT_LABELS)


def _refuse_undeclared(file: RequestFile) -> None:
    if file.kind is not FileKind.OUTPUT or file.declaration is None:
        message = (
            f"“{file.name}” is no declared output, so nothing can be computed again: make the "
            "table with output_checks and submit it with its declaration"
        )
        raise UnusableRequestError(message)


def _question(
    tre: Tre, project: Project, asked: tuple[ReleaseRequest, RequestFile], method: str
) -> Preview:
    request, file = asked
    here = Here(
        folders=tre.folders, extract=extract_of(tre, project.id), policy=policy_of(tre, project)
    )
    most_cells = tre.request_limits.table_cells
    declared = {one.id: _submitted(here, one) for one in outputs(request) if one.declaration}
    left = left_before(tre, project, request.id)
    return Preview(
        output=replace(_submitted(here, file), most_cells=most_cells),
        method=method,
        others=tuple(one for number, one in declared.items() if number != file.id),
        released=tuple(found for one in left for found in here.released(*one)),
    )


def _submitted(here: Here, file: RequestFile) -> Submitted:
    """A declared output as a question: what it is made of, and not its bytes."""
    return Submitted(
        content=b"",
        name=file.name,
        declaration=file.declaration,
        extract=here.extract,
        policy=here.policy,
    )
