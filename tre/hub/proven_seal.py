"""Remembers that the seal holds on this machine, for as long as the machine stays what it was."""

import os
import platform
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tre.hub.machine import this_machine
from tre.hub.namespace_advice import SWITCHES
from tre.hub.preflight import must_be_sealable

FRESH_SECONDS = 60 * 60


class ProvenSeal:
    """Asked before every session: a proof is good for an hour, on the same machine.

    The same: bubblewrap's file, the kernel of the machine, its switches, its control groups and
    this account. Looking takes some milliseconds, a proof about a third of a second.
    """

    def __init__(
        self,
        prove: Callable[[], None] = must_be_sealable,
        look: Callable[[], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._prove, self._look, self._clock = prove, look or _what_matters, clock
        self._proven: tuple[object, float] | None = None
        self._one_at_a_time = threading.Lock()

    def must_hold(self) -> None:
        """Raise CannotServeError where the seal does not hold now, with what to do."""
        with self._one_at_a_time:
            now = self._look()
            if self._proven is not None:
                before, at = self._proven
                if before == now and self._clock() - at < FRESH_SECONDS:
                    return
            self._proven = None
            self._prove()
            self._proven = (now, self._clock())


def _what_matters() -> tuple[object, ...]:
    machine = this_machine()
    found = machine.bwrap.stat()
    return (
        machine,
        (found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode),
        platform.release(),
        os.geteuid(),
        *(_text(Path("/proc/sys") / switch.name) for switch in SWITCHES),
    )


def _text(file: Path) -> str:
    with suppress(OSError):
        return file.read_text("ascii")
    return ""
