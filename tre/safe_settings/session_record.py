"""What a session showed to a browser, took from it and refused: what the ledger is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_PATH = 160
MOST_LISTED = 100
"""Files and refusals named one by one in a line of the ledger; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Bytes that went to the browser.

    channels: by way and kind (`iopub display_data`, `shell execute_reply`, `file text`); they add
    up to `total`. mime_types: by type, of what kernels displayed; a part of the total.
    """

    messages: int = 0
    channels: Mapping[str, int] = field(default_factory=dict)
    mime_types: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All bytes, of every way."""
        return sum(self.channels.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """A file written by the browser; sha256 and size are of what was written last."""

    path: str
    size: int
    sha256: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Something refused; what: read, write, rename, output, request.

    path: "" where there is none.
    """

    what: str
    path: str
    reason: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """What happened in a session since it was last asked.

    since, until: UTC, as ISO 8601. at_most: bytes beyond `shown` that may have been shown when a
    server was killed before it could say. unread: lines of the record that were not understood.
    """

    since: str
    until: str
    shown: Shown
    brought_in: tuple[BroughtIn, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    at_most: int = 0
    unread: int = 0


def summarise(lines: Iterable[Mapping[str, Any] | None]) -> SessionRecord | None:
    """Add up the lines that a server wrote, in their order; None where there are none.

    A line is None where it could not be read as an object; what is not understood is counted,
    never passed over in silence.
    """
    sums = _Sums()
    nothing = True
    for line in lines:
        nothing = False
        try:
            sums.add(line or {})
        except (TypeError, KeyError, ValueError, AttributeError):
            sums.unread += 1
    return None if nothing else sums.record()


@dataclass(slots=True)
class _Sums:
    messages: int = 0
    at_most: int = 0
    unread: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    mime_types: dict[str, int] = field(default_factory=dict)
    files: dict[str, BroughtIn] = field(default_factory=dict)
    refusals: dict[tuple[str, str, str], int] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)

    def add(self, line: Mapping[str, Any]) -> None:
        kinds = {
            "shown": self._show,
            "brought in": self._bring_in,
            "withheld": self._withhold,
            "killed": self._kill,
        }
        at = str(line["at"])
        kinds[line["kind"]](line)
        self.times.append(at)

    def record(self) -> SessionRecord:
        return SessionRecord(
            since=min(self.times, default=""),
            until=max(self.times, default=""),
            shown=Shown(messages=self.messages, channels=self.channels, mime_types=self.mime_types),
            brought_in=tuple(self.files.values()),
            withheld=tuple(
                Withheld(what=what, path=path, reason=reason, times=times)
                for (what, path, reason), times in self.refusals.items()
            ),
            at_most=self.at_most,
            unread=self.unread,
        )

    def _show(self, line: Mapping[str, Any]) -> None:
        channels, mime_types = _numbers(line["channels"]), _numbers(line["mime_types"])
        self.messages += int(line["messages"])
        for sums, more in ((self.channels, channels), (self.mime_types, mime_types)):
            for name, number in more.items():
                sums[name] = sums.get(name, 0) + number

    def _bring_in(self, line: Mapping[str, Any]) -> None:
        path, size, sha256 = shortened(str(line["path"])), int(line["size"]), str(line["sha256"])
        before = self.files.pop(path, None)
        times = 1 + (before.times if before else 0)
        self.files[path] = BroughtIn(path=path, size=size, sha256=sha256, times=times)

    def _withhold(self, line: Mapping[str, Any]) -> None:
        key = (str(line["what"]), shortened(str(line["path"])), str(line["reason"]))
        self.refusals[key] = self.refusals.get(key, 0) + int(line["times"])

    def _kill(self, line: Mapping[str, Any]) -> None:
        self.at_most += int(line["at_most"])


def _numbers(found: Mapping[str, Any]) -> dict[str, int]:
    return {str(name): int(number) for name, number in found.items()}


def shortened(path: str) -> str:
    """Spell a file's name so that it can stand in a line: no control characters, not too long."""
    plain = "".join(
        c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in path
    )
    return plain if len(plain) <= LONGEST_PATH else plain[: LONGEST_PATH - 1] + "…"
