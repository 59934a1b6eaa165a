"""Run the automatic checks of a request's outputs, outside any transaction: they take a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tre.safe_outputs.automatic_check import check_output, check_outputs_together
from tre.safe_outputs.file_check import FileCheck
from tre.safe_outputs.recomputation import Submitted
from tre.safe_outputs.release_request import FileKind, ReleaseRequest, RequestFile, State
from tre.safe_outputs.together import with_findings
from tre.safe_outputs.votes import outputs
from tre.safe_projects.project import Project
from tre.steps.extracts import extract_of, policy_of
from tre.steps.file_adding import NewFile
from tre.steps.tre import Tre
from tre.store.budgets import private_results
from tre.store.files import FrozenFileError, thaw
from tre.store.folders import Folders
from tre.store.releases import Release, read_release
from tre.store.requests import requests_of
from tre.vocabulary import RequestId

MOST_TABLE_BYTES = 4 * 2**20
"""A released table that is larger is compared as today's extract gives it: nobody read so many."""
OUT = frozenset({State.APPROVED, State.FAILED, State.RELEASED, State.REVOKED})
"""What has left, or will in a moment; what was revoked has left all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The outcomes by the file's name, and the policy under which they were found.

    beside: the requests whose outputs had left, and were taken into account.
    """

    policy: str
    checks: Mapping[str, FileCheck]
    beside: tuple[RequestId, ...] = ()

    def stored(self, name: str) -> dict[str, Any]:
        """A file's check as it is kept."""
        return self.checks[name].to_dict() | {"beside": list(self.beside)}


def check_files(
    tre: Tre, project: Project, files: Iterable[NewFile], *, request: RequestId | None = None
) -> Checked:
    """Check every output among the files against the project's own extract, and all together.

    request: the one that they are part of, where it is there already. What the project released
    before is known to everybody and taken into account.
    """
    extract = extract_of(tre, project.id)
    policy = policy_of(tre, project)
    left = left_before(tre, project, request)
    with tre.store.reading() as connection:
        private = private_results(connection, project.id)
    asked = [
        Submitted(
            content=file.content,
            name=file.name,
            declaration=file.declaration,
            extract=extract,
            policy=policy,
            private_results=private,
            most_cells=tre.request_limits.table_cells,
        )
        for file in files
        if file.kind is FileKind.OUTPUT
    ]
    checks = {one.name: _checked(one) for one in asked}
    here = Here(folders=tre.folders, extract=extract, policy=policy)
    released = [found for one in left for found in here.released(*one)]
    found = check_outputs_together([one for one in asked if one.declaration], released)
    checks |= {name: with_findings(checks[name], some) for name, some in found.items() if some}
    return Checked(policy=policy, checks=checks, beside=tuple(one.id for one, _ in left))


def left_before(
    tre: Tre, project: Project, request: RequestId | None
) -> list[tuple[ReleaseRequest, Release | None]]:
    """The project's other requests that have left, or are about to (then without a release)."""
    with tre.store.reading() as connection:
        return [
            (one, read_release(connection, one.id))
            for one in requests_of(connection, project=project.id)
            if one.id != request and one.state in OUT
        ]


def _checked(one: Submitted) -> FileCheck:
    return check_output(
        one.content,
        one.name,
        one.declaration,
        one.extract,
        one.policy,
        private_results=one.private_results,
        most_cells=one.most_cells,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where the frozen files are, and by what everything is checked today."""

    folders: Folders
    extract: Path | None
    policy: str

    def released(self, request: ReleaseRequest, release: Release | None) -> list[Submitted]:
        """Declared outputs that have left, with what left; what was revoked has left all the same.

        release: None where they are approved and about to leave.
        """
        at = release.released_at if release else request.submitted_at or request.created_at
        return [
            Submitted(
                content=_left(self.folders, request, file),
                name=released_name(file.name, request.id),
                declaration=file.declaration,
                extract=self.extract,
                policy=self.policy,
                left_on=at.date().isoformat(),
            )
            for file in outputs(request)
            if file.declaration
        ]


def released_name(file: str, request: RequestId) -> str:
    """What findings call a file that another request has released."""
    return f"{file} of request {request}"


def _left(folders: Folders, request: ReleaseRequest, file: RequestFile) -> bytes:
    """The very bytes of a bundle; none where they are lost, or too many to be a table's."""
    if file.size_bytes > MOST_TABLE_BYTES:
        return b""
    try:
        return thaw(folders.frozen(request.id), file.sha256)
    except FrozenFileError:
        return b""
