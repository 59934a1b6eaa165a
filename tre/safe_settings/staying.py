"""How long a session may stay: by its age, by what happens in it, by the room that it takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tre.decision import ALLOWED, Decision, Rule
from tre.vocabulary import Safe

AGE = Rule(
    name="age of a session",
    safe=Safe.SETTINGS,
    sentence="A session is not older than the installation lets it become (session_hours).",
    source="UK National Cyber Security Centre, session management; illustrative length",
)
IDLE = Rule(
    name="idle session",
    safe=Safe.SETTINGS,
    sentence="In a session something was run, saved or changed within session_idle_minutes. A "
    "running computation counts; an open page alone does not.",
    source="ONS SRS, unattended screens; illustrative length",
)
ROOM = Rule(
    name="room of a workspace",
    safe=Safe.SETTINGS,
    sentence="A project's workspace is not larger than workspace_mib; who finds it so has "
    "ten minutes to delete files.",
    source="this environment",
)

TIDYING = timedelta(minutes=10)
"""How long somebody may stay in a workspace that is too large, to delete files."""

WARN_OF_AGE = (timedelta(minutes=2), timedelta(minutes=10))
WARN_OF_IDLENESS = timedelta(minutes=5)
NEARLY_FULL = 0.9
BEYOND_ANY_LIMIT = 2**62
"""Bytes of what cannot be measured."""
FULL_DISK_BYTES = 2**20
"""With less room than this left on its disk, a workspace counts as full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What an installation lets a session have: idle and longest as times, bytes of workspace."""

    idle: timedelta
    longest: timedelta
    workspace_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is known of a running session; every time is aware.

    active_at: when something was last run, saved or changed. workspace_bytes: what its files take.
    held_bytes: of these, what files take that were deleted and are still open in a program.
    too_large_since: when they were first seen to be too many. free_bytes: left on their disk.
    """

    now: datetime
    started_at: datetime
    active_at: datetime
    workspace_bytes: int = 0
    held_bytes: int = 0
    too_large_since: datetime | None = None
    free_bytes: int = 2**63

    def ends_at(self, stay: Stay) -> datetime:
        """When the session is too old."""
        return self.started_at + stay.longest

    def idle_at(self, stay: Stay) -> datetime:
        """When it has been idle for too long, should nothing happen."""
        return max(self.active_at, self.started_at) + stay.idle


def may_stay(use: Use, stay: Stay) -> Decision:
    """Ask whether a session may go on by its age, its idleness and its workspace's size."""
    return _by_age(use, stay).also(_by_idleness(use, stay)).also(_by_room(use, stay))


def is_too_large(use: Use, stay: Stay) -> bool:
    """Whether the workspace takes more room than it may."""
    return use.workspace_bytes > stay.workspace_bytes


def warnings(use: Use, stay: Stay) -> tuple[str, ...]:
    """Say what will end the session soon unless something is done, or what is wrong with its disk.

    A sentence stays the same while it is true, so that a page reads it out once.
    """
    said = (_soon_too_old(use, stay), _soon_idle(use, stay), _soon_full(use, stay), _no_disk(use))
    return tuple(sentence for sentence in said if sentence)


def _by_age(use: Use, stay: Stay) -> Decision:
    if use.now < use.ends_at(stay):
        return ALLOWED
    return AGE.refuses(
        f"a session lasts {_in_words(stay.longest)} at most, and this one has. Open it again."
    )


def _by_idleness(use: Use, stay: Stay) -> Decision:
    if use.now < use.idle_at(stay):
        return ALLOWED
    return IDLE.refuses(
        f"nothing was run, saved or changed for {_in_words(stay.idle)}. Open the session again "
        "when you need it."
    )


def _by_room(use: Use, stay: Stay) -> Decision:
    since = use.too_large_since
    if not is_too_large(use, stay) or since is None or use.now < since + TIDYING:
        return ALLOWED
    return ROOM.refuses(
        f"{_taken(use, stay)} Open the session again and delete files within "
        f"{_in_words(TIDYING)}, or ask the TRE manager for room."
    )


def why_too_large(use: Use) -> str:
    """Say what makes a workspace too large, with what to do about it."""
    if use.workspace_bytes >= BEYOND_ANY_LIMIT:
        return (
            "the size of the project's workspace cannot be measured, since a folder in it cannot "
            "be looked into: it is nested too deeply, or closed to reading. Delete that folder"
        )
    if use.held_bytes > 0:
        return (
            "the project's workspace is larger than it may be, and part of that are files that "
            "were deleted but that a program of yours holds open: shut down the kernels, or delete "
            "other files"
        )
    return "the project's workspace is larger than it may be: delete files first"


def _taken(use: Use, stay: Stay) -> str:
    if use.workspace_bytes >= BEYOND_ANY_LIMIT:
        return f"{why_too_large(use)}."
    held = f", {_mib(use.held_bytes)} of that in deleted files that a program of yours held open"
    return (
        f"the project's workspace takes {_mib(use.workspace_bytes)} of "
        f"{_mib(stay.workspace_bytes)}{held if use.held_bytes else ''}."
    )


def _soon_too_old(use: Use, stay: Stay) -> str:
    left = use.ends_at(stay) - use.now
    for each in WARN_OF_AGE:
        if left <= each:
            return (
                f"A session lasts {_in_words(stay.longest)} at most: this one closes in less than "
                f"{_in_words(each)}. You can open it again."
            )
    return ""


def _soon_idle(use: Use, stay: Stay) -> str:
    if use.idle_at(stay) - use.now > min(WARN_OF_IDLENESS, stay.idle / 2):
        return ""
    return (
        "Nothing was run, saved or changed here for a long time, and this session will soon close. "
        "Save a file or run something to keep it."
    )


def _soon_full(use: Use, stay: Stay) -> str:
    if is_too_large(use, stay):
        why = why_too_large(use)
        return (
            f"{why[0].upper()}{why[1:]}. No kernel starts in it, and the "
            f"session closes {_in_words(TIDYING)} after that was seen."
        )
    if use.workspace_bytes > NEARLY_FULL * stay.workspace_bytes:
        return (
            f"The project's workspace has used {NEARLY_FULL:.0%} of its "
            f"{_mib(stay.workspace_bytes)}. Delete files that are not needed."
        )
    return ""


def _no_disk(use: Use) -> str:
    if use.free_bytes >= FULL_DISK_BYTES:
        return ""
    return "The workspace's disk is full: nothing can be saved until files are deleted."


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


def _in_words(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    if minutes >= 60 and minutes % 60 == 0:
        return "one hour" if minutes == 60 else f"{minutes // 60} hours"
    return "one minute" if minutes == 1 else f"{minutes} minutes"
