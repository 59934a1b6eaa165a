"""What the steps about brought code answer with: plain values, for a page and for JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tre.decision import Decision
from tre.safe_settings.ingress.request import FileState, IngressId
from tre.safe_settings.ingress.rules import Finding
from tre.vocabulary import PersonId, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressFileView:
    """A file of an ingress request.

    removed: what was taken out of it on its way, in words. blocked: whether it may never come in.
    placed_at: its path in the workspace once it is accepted.
    """

    id: int
    name: str
    size_bytes: int
    sha256: str
    offered_sha256: str
    state: FileState
    findings: tuple[Finding, ...]
    removed: tuple[str, ...]
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str
    placed_at: str | None

    @property
    def looks(self) -> int:
        """How many findings there are."""
        return sum(1 + finding.more for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressView:
    """An ingress request with everything about it.

    may: of accepting, refusing and withdrawing, by the action's tag.
    """

    id: IngressId
    project_id: ProjectId
    project_title: str
    author_id: PersonId
    author_name: str
    purpose: str
    source: str
    state: str
    created_at: datetime
    files: tuple[IngressFileView, ...]
    may: Mapping[str, Decision]
    i_am: Literal["member", "checker", "reader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRow:
    """An ingress request as a line of a list.

    decided_at: when its last file was decided about.
    """

    id: IngressId
    project_id: ProjectId
    project_title: str
    author_id: PersonId
    author_name: str
    purpose: str
    state: str
    created_at: datetime
    decided_at: datetime | None
    age_working_days: int
    files: int
    waiting: int
    blocked: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressContent:
    """A file's frozen bytes, with what is known about it."""

    request: IngressId
    file: IngressFileView
    bytes: bytes
