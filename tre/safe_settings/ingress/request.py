"""An ingress request: files that wait for a checker, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_settings.ingress.rules import Finding
from tre.vocabulary import PersonId, ProjectId, Safe

IngressId = int
"""The number of an ingress request, counted from 1 over all projects."""


class FileState(StrEnum):
    """What has become of one file."""

    WAITING = "waiting"
    BLOCKED = "blocked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What somebody does with a file that waits."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


FILE_TRANSITIONS: Mapping[tuple[FileState, Event], FileState] = MappingProxyType(
    {
        (FileState.WAITING, Event.ACCEPT): FileState.ACCEPTED,
        (FileState.WAITING, Event.REFUSE): FileState.REFUSED,
        (FileState.WAITING, Event.WITHDRAW): FileState.WITHDRAWN,
    }
)
"""Every way of a file; what is not here cannot happen, so that nothing leads out of blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressFile:
    """One file: its frozen copy by hash, what was found in it, what was decided.

    offered_sha256: of the bytes as they were sent; another than sha256 where a notebook was
    stripped. removed: what was taken out, in words. reason: why it was refused.
    """

    id: int
    name: str
    sha256: str
    offered_sha256: str
    size_bytes: int
    findings: tuple[Finding, ...]
    removed: tuple[str, ...]
    state: FileState
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRequest:
    """What one person wants to bring into one project.

    purpose: what the files are for. source: where they come from.
    """

    id: IngressId
    project: ProjectId
    author: PersonId
    purpose: str
    source: str
    created_at: datetime
    files: tuple[IngressFile, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether a checker has something to decide."""
        return any(file.state is FileState.WAITING for file in self.files)

    @property
    def state(self) -> str:
        """How it stands as a whole, in a word or two."""
        states = {file.state for file in self.files}
        if FileState.WAITING in states:
            return "waiting"
        if FileState.ACCEPTED in states:
            return "accepted" if len(states) == 1 else "accepted in part"
        return "withdrawn" if FileState.WITHDRAWN in states else "refused"


WAITING = Rule(
    name="ingress is waiting",
    safe=Safe.SETTINGS,
    sentence="Files that are brought in are decided about, or withdrawn, once.",
    source="code ingress: the table of its states",
)
NOT_WHO_BRINGS = Rule(
    name="not who brings it",
    safe=Safe.SETTINGS,
    sentence="Nobody decides about files that they bring in.",
    source="separation of duties",
)
NO_LINK_TO_WHO_BRINGS = Rule(
    name="no supervisor link to who brings it",
    safe=Safe.SETTINGS,
    sentence="A checker is neither the supervisor of who brings the files nor supervised by them.",
    source="separation of duties",
)
BRINGER_IN_STANDING = Rule(
    name="who brings it may research",
    safe=Safe.SETTINGS,
    sentence="Files come in only while who brings them may act as a researcher of the project.",
    source="access rules, consequences cascade",
)


def is_waiting(request: IngressRequest) -> Decision:
    """Ask for a request with files that are not decided about."""
    if request.is_waiting:
        return ALLOWED
    return WAITING.refuses(
        f"ingress request {request.id} is {request.state}: none of its files waits. Look at it "
        "again; who still needs a file brings it anew."
    )


def is_not_who_brings(request: IngressRequest, person: PersonId) -> Decision:
    """Keep people from deciding about their own files."""
    if person != request.author:
        return ALLOWED
    return NOT_WHO_BRINGS.refuses(
        "you bring these files, and nobody decides about their own. Leave it to an output checker."
    )


def has_no_link(
    *,
    checker: PersonId,
    checkers_supervisor: PersonId | None,
    author: PersonId,
    authors_supervisor: PersonId | None,
) -> Decision:
    """Keep supervisors from deciding for those they supervise, and the other way round."""
    if checkers_supervisor != author and authors_supervisor != checker:
        return ALLOWED
    return NO_LINK_TO_WHO_BRINGS.refuses(
        "you and who brings these files are supervisor and supervised. Leave it to a colleague "
        "without that link."
    )


def bringer_is_in_standing(author_may_research: Decision) -> Decision:
    """Let files in only while who brings them may work; why they may not is theirs to know."""
    if author_may_research.allowed:
        return ALLOWED
    return BRINGER_IN_STANDING.refuses(
        "who brings these files may not act as a researcher today. Accept them when that is put "
        "right, or refuse them."
    )
