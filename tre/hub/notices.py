"""What the hub tells a running session: one file, which the session's server may only read."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "notice.json"
ACTIVITY = "activity.json"
"""What the server tells the hub in turn, in its private folder: when something last happened."""

SILENCE_SECONDS = 180
"""A server that its hub has not written to for so long closes by itself: nobody asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The session is about to be stopped. at: seconds since 1970.

    reasons: each a Safe and a sentence. page: the address on the hub that says so afterwards.
    """

    at: float
    reasons: tuple[tuple[str, str], ...]
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that the bar of a session shows. Times are seconds since 1970, sizes bytes.

    warnings: sentences. no_kernels: why no kernel may start, "" where one may.
    """

    person: str
    project: str
    title: str
    practice: bool
    ends_at: float
    shown_limit: int
    warnings: tuple[str, ...] = ()
    no_kernels: str = ""
    closing: Closing | None = None


def write_notice(notice: Notice, settings: Path) -> None:
    """Put a notice in the place of the one before; a reader sees either, and never a half."""
    _write(settings / NAME, asdict(notice))


def read_notice(settings: Path) -> dict[str, Any]:
    """Read it back as its fields; {} where none was written yet."""
    return _read(settings / NAME)


def write_activity(private: Path, active_at: float) -> None:
    """Say when something was last run, saved or changed in the session."""
    _write(private / ACTIVITY, {"active_at": active_at})


def read_activity(private: Path) -> float:
    """Read when that was; 0 where the server did not say, or not in a way to understand."""
    found = _read(private / ACTIVITY).get("active_at", 0)
    return float(found) if isinstance(found, int | float) else 0.0


def _write(file: Path, fields: Mapping[str, Any]) -> None:
    beside = file.with_suffix(".part")
    beside.write_text(json.dumps(fields), encoding="utf-8")
    beside.replace(file)


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
