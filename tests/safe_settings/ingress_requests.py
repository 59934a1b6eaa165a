"""Ingress requests for the tests: one file of ada's that waits, changed where a test says so."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tre.safe_settings.ingress.request import FileState, IngressFile, IngressRequest

_FILE = IngressFile(
    id=1,
    name="analysis.py",
    sha256="0" * 64,
    offered_sha256="0" * 64,
    size_bytes=6,
    findings=(),
    removed=(),
    state=FileState.WAITING,
)
_REQUEST = IngressRequest(
    id=3,
    project="psychosis",
    author="ada",
    purpose="The models of the protocol.",
    source="Written by us.",
    created_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
    files=(_FILE,),
)


def a_file(**changes: Any) -> IngressFile:
    return replace(_FILE, **changes)


def an_ingress(**changes: Any) -> IngressRequest:
    return replace(_REQUEST, **changes)
