"""What one session may see: one person, one project, four folders."""

from dataclasses import dataclass
from pathlib import Path

from tre.vocabulary import PersonId, ProjectId

DATA = "/data"
WORKSPACE = "/workspace"
OUTBOX = "/outbox"
REPLIES = "/replies"
PACKAGES = "/packages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a session may use before the kernel of the machine says no.

    Bytes and counts; cpu_percent of one core. shown_bytes: what a person may be shown of the
    project in 24 hours.
    """

    memory_bytes: int = 4 * 2**30
    file_bytes: int = 2 * 2**30
    tmp_bytes: int = 512 * 2**20
    shm_bytes: int = 64 * 2**20
    installed_bytes: int = 512 * 2**20
    open_files: int = 1024
    processes: int = 256
    cpu_percent: int = 200
    workspace_bytes: int = 10 * 2**30
    shown_bytes: int = 256 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSpec:
    """The folders of the host that a sealed session sees, and under which name.

    extract: read-only at /data. workspace: read-write at /workspace, shared by the project.
    outbox: read-write at /outbox, this person's alone: who wrote there is known from the mount.
    replies: read-only at /replies; the service's answers to what was put in the outbox.
    packages: read-only at /packages; wheels that the TRE manager chose, None where there are none.
    """

    person: PersonId
    project: ProjectId
    title: str
    practice: bool
    policy: str
    extract: Path
    workspace: Path
    outbox: Path
    replies: Path
    packages: Path | None = None
    limits: Limits = Limits()
