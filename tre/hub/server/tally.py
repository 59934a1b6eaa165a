"""Counts what a session shows, and writes its record: nothing is shown that cannot be counted."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tre.hub.session_record import write_lines
from tre.safe_settings.session_record import shortened

NAME = "shown.json"
HOURS = 24
AHEAD_BYTES = 2**20
"""Noted as shown before it is: a server that is killed has never shown more than it noted."""

MOST_KINDS = 60
OTHER = "other"


@dataclass(slots=True, kw_only=True)
class Tally:
    """The bytes that one person's sessions on one project showed in the last 24 hours.

    private: the session's folder for its server. most_bytes: what may be shown in 24 hours, by all
    kernels and files together, whether or not the server was started again in between.
    """

    private: Path
    most_bytes: int
    now: Callable[[], datetime]
    _hours: dict[str, int] = field(default_factory=dict)
    _noted: int = 0
    _waiting: int = 0
    _messages: int = 0
    _channels: dict[str, int] = field(default_factory=dict)
    _mime_types: dict[str, int] = field(default_factory=dict)
    _refusals: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def shown_bytes(self) -> int:
        """In the last 24 hours, to the hour."""
        first = self._hour(self.now() - timedelta(hours=HOURS))
        return self._waiting + sum(n for hour, n in self._hours.items() if hour > first)

    def may_show(self, size: int) -> bool:
        """Whether so many bytes are left, and can be noted on the disk before they are shown."""
        if self.shown_bytes + size > self.most_bytes:
            return False
        if self._waiting + size <= self._noted:
            return True
        try:
            self._note(self._waiting + size + AHEAD_BYTES)
        except OSError:
            return False
        return True

    def shown(self, channel: str, size: int, mime_types: Mapping[str, int] | None = None) -> None:
        """Count what went to the browser; channel: which way, and what kind of message or file."""
        self._waiting += size
        self._messages += 1
        _add(self._channels, channel, size)
        for mime_type, part in (mime_types or {}).items():
            _add(self._mime_types, mime_type, part)

    def brought_in(self, path: str, content: bytes) -> None:
        """Put what a browser wrote on the record; raises OSError where that cannot be."""
        self._write(
            [
                {
                    "at": self._time(),
                    "kind": "brought in",
                    "path": shortened(path),
                    "size": len(content),
                    "sha256": sha256(content).hexdigest(),
                }
            ]
        )

    def withheld(self, what: str, path: str, reason: str) -> None:
        """Note a refusal; what: read, write, rename, output or request."""
        key = (what, shortened(path), reason)
        if key not in self._refusals and len(self._refusals) >= MOST_KINDS:
            key = (what, "", "more refusals than are told apart")
        self._refusals[key] = self._refusals.get(key, 0) + 1

    def begin(self) -> None:
        """Read what was shown before; what a killed server noted and could not write counts."""
        try:
            found = json.loads((self.private / NAME).read_text(encoding="utf-8"))
            self._hours = {str(hour): int(size) for hour, size in found["hours"].items()}
            left = int(found["noted"])
        except FileNotFoundError:
            left = 0
        if left:
            self._write([{"at": self._time(), "kind": "killed", "at_most": left}])
            _add(self._hours, self._hour(self.now()), left)
        self._note(0)

    def settle(self) -> None:
        """Write to the record what was counted since the last time; call it every second."""
        lines = self._refusal_lines()
        if self._messages:
            lines.append(
                {
                    "at": self._time(),
                    "kind": "shown",
                    "messages": self._messages,
                    "channels": self._channels,
                    "mime_types": self._mime_types,
                }
            )
        if not lines:
            return
        self._write(lines)
        self._refusals = {}
        if self._messages:
            _add(self._hours, self._hour(self.now()), self._waiting)
            self._waiting, self._messages, self._channels, self._mime_types = 0, 0, {}, {}
            self._note(0)

    def _refusal_lines(self) -> list[dict[str, Any]]:
        return [
            {
                "at": self._time(),
                "kind": "withheld",
                "what": what,
                "path": path,
                "reason": reason,
                "times": times,
            }
            for (what, path, reason), times in self._refusals.items()
        ]

    def _write(self, lines: list[dict[str, Any]]) -> None:
        write_lines(self.private, lines)

    def _note(self, size: int) -> None:
        """Put on the disk what counts as shown if nobody comes to say otherwise."""
        first = self._hour(self.now() - timedelta(hours=HOURS))
        self._hours = {hour: n for hour, n in self._hours.items() if hour > first}
        beside = self.private / f"{NAME}.part"
        text = json.dumps({"hours": self._hours, "noted": size})
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.private / NAME)
        self._noted = size

    def _time(self) -> str:
        return self.now().isoformat(timespec="seconds")

    @staticmethod
    def _hour(at: datetime) -> str:
        return at.strftime("%Y-%m-%dT%H")


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def _add(sums: dict[str, int], name: str, size: int) -> None:
    if name not in sums and len(sums) >= MOST_KINDS:
        name = OTHER
    sums[name] = sums.get(name, 0) + size
