"""What the project released before, beside one output, and what subtracting the two gives."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from output_checks import Policy, PolicyError
from tre.safe_outputs.arithmetic import Subtraction, subtraction
from tre.safe_outputs.release_request import ReleaseRequest, RequestFile
from tre.safe_outputs.votes import outputs
from tre.steps.acting import Act, acting
from tre.steps.checking import OUT, released_name
from tre.steps.file_changes import file_of
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.files import FrozenFileError, thaw
from tre.store.people import read_people
from tre.store.releases import Release, read_release
from tre.store.requests import checks_of, requests_of
from tre.vocabulary import Action, PersonId, RequestId

TAG = "outputs:file:compare-releases"

MOST_TABLE_BYTES = 256 * 1024
"""Of a table that is laid beside another."""

NOT_DECLARED = "it has no declaration, so nothing could be compared with it"
NOISY = "it was made with noise, and subtraction tells nothing of it"
OTHER_PEOPLE = "it is of another dataset or another unit, which are not compared"
NOT_YET = "it has left since these outputs were checked; they are compared before any approval"
NO_CHECK = "outputs are compared when the request is submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierOutput:
    """An output that has left before.

    released_at: None where it is approved and about to leave. shares: dimensions and variables
    that both declare. compared: whether the check took it into account; otherwise why_not says
    why, in words. found: what follows from both together, worst first. text: the
    table that left, "" where it is lost or too large to lay beside.
    """

    request: RequestId
    file: int
    name: str
    author_name: str
    released_at: datetime | None
    revoked_at: datetime | None
    declaration: dict[str, Any] | None
    shares: tuple[str, ...]
    compared: bool
    why_not: str
    found: tuple[Subtraction, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedBefore:
    """Everything that left before, beside one output: what is compared first, then the rest.

    is_declared: whether the output itself can be compared with anything. not_compared: why
    nothing was compared at all, "" otherwise. threshold: how many people a group must have by the
    policy of the check; 0 before there is one.
    """

    is_declared: bool
    not_compared: str
    threshold: int
    earlier: tuple[EarlierOutput, ...]


def released_before(tre: Tre, actor: PersonId, request: RequestId, file_id: int) -> ReleasedBefore:
    """List what the project has released before a file of a request, to those who may see it.

    What was revoked has left all the same. The subtractions are those of the automatic check.
    Raises NotThereError for a number that the request does not have.
    """
    with acting(tre, actor, Action.VIEW_REQUEST, request=request) as act:
        found, _, subject = request_in_question(act, request)
        act.require(subject)
        file = file_of(found, file_id)
        check = checks_of(act.connection, [found.id]).get(file.id)
        beside = _Beside(act=act, request=found, file=file, check=check)
        earlier = tuple(
            one for each, left in _left_before(act, found) for one in beside.outputs_of(each, left)
        )
        read = [[one.request, one.file] for one in earlier if one.text]
        act.record({"file": file.id, "beside": read}, tag=TAG)
    return ReleasedBefore(
        is_declared=file.declaration is not None,
        not_compared=beside.not_compared,
        threshold=_threshold(check),
        earlier=tuple(sorted(earlier, key=_most_telling_first)),
    )


def shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """The dimensions and variables that two declarations have in common, in the first's order."""
    return tuple(name for name in _variables(one) if name in _variables(other))


def _variables(declaration: Mapping[str, Any]) -> tuple[str, ...]:
    named = (*_listed(declaration.get("rows")), *_listed(declaration.get("columns")))
    others = (declaration.get(name) for name in ("of", "per", "weight"))
    return tuple(dict.fromkeys((*named, *(str(one) for one in others if one))))


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _left_before(act: Act, request: ReleaseRequest) -> list[tuple[ReleaseRequest, Release | None]]:
    """The project's other requests that are out, and were before this one if it is out itself."""
    mine = read_release(act.connection, request.id)
    found = []
    for one in requests_of(act.connection, project=request.project):
        if one.id == request.id or one.state not in OUT:
            continue
        left = read_release(act.connection, one.id)
        if mine is None or (left and (left.released_at, one.id) < (mine.released_at, request.id)):
            found.append((one, left))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """One file, and what its check says of it beside others."""

    act: Act
    request: ReleaseRequest
    file: RequestFile
    check: Mapping[str, Any] | None

    @property
    def not_compared(self) -> str:
        """Why the check compared nothing at all; "" where it did."""
        said = [one for one in self._findings() if "beside" in one and one["beside"] is None]
        return str(said[0].get("message", "")) if said else ""

    def outputs_of(self, request: ReleaseRequest, left: Release | None) -> Iterable[EarlierOutput]:
        """Every output of a request that is out."""
        names = read_people(self.act.connection, {request.author})
        author = names[request.author].name if request.author in names else request.author
        for file in outputs(request):
            declared = _read(file.declaration)
            why_not = self._why_not(request.id, declared)
            yield EarlierOutput(
                request=request.id,
                file=file.id,
                name=file.name,
                author_name=author,
                released_at=left.released_at if left else None,
                revoked_at=left.revoked_at if left else None,
                declaration=declared,
                shares=shared(_read(self.file.declaration) or {}, declared or {}),
                compared=not why_not,
                why_not=why_not,
                found=() if why_not else self._found(released_name(file.name, request.id)),
                text=self._text(request.id, file) if declared else "",
            )

    def _why_not(self, request: RequestId, declared: Mapping[str, Any] | None) -> str:
        mine = _read(self.file.declaration)
        if declared is None or mine is None:
            return NOT_DECLARED
        if self.check is None:
            return NO_CHECK
        if any((one.get("protection") or {}).get("method") == "noise" for one in (mine, declared)):
            return NOISY
        if any(mine.get(name) != declared.get(name) for name in ("dataset", "unit")):
            return OTHER_PEOPLE
        if self.not_compared:
            return self.not_compared
        return "" if request in (self.check.get("beside") or ()) else NOT_YET

    def _found(self, name: str) -> tuple[Subtraction, ...]:
        places = {self.file.name: "here"}
        for one, _ in _left_before(self.act, self.request):
            several = len(outputs(one)) > 1
            for file in outputs(one):
                which = f"{file.name} of request" if several else "request"
                places[released_name(file.name, one.id)] = f"in {which} {one.id}"
        told = [one for one in self._findings() if name in (one.get("beside") or ())]
        found = [subtraction(one, places) for one in told]
        return tuple(sorted(found, key=lambda one: one.severity != "fail"))

    def _findings(self) -> list[Mapping[str, Any]]:
        return list((self.check or {}).get("findings") or ())

    def _text(self, request: RequestId, file: RequestFile) -> str:
        if file.size_bytes > MOST_TABLE_BYTES:
            return ""
        try:
            content = thaw(self.act.tre.folders.frozen(request), file.sha256)
            return content.decode("utf-8-sig")
        except (FrozenFileError, UnicodeDecodeError):
            return ""


def _threshold(check: Mapping[str, Any] | None) -> int:
    try:
        return Policy.named(str((check or {}).get("policy_name", ""))).threshold
    except PolicyError:
        return 0


def _read(declaration: str | None) -> dict[str, Any] | None:
    return json.loads(declaration) if declaration else None


def _most_telling_first(one: EarlierOutput) -> tuple[object, ...]:
    worst = min((found.severity for found in one.found), default="none")
    return (
        not one.found,
        worst,
        not one.compared,
        -len(one.shares),
        -one.request,
        one.file,
    )
