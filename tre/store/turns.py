"""Whose turn it is to write: one thread after the other, of all processes on one data home.

SQLite has whoever finds it busy try again at intervals that grow to a tenth of a second, in no
order; who waits at PostgreSQL keeps a connection from those who only read.
"""

import fcntl
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tre.decision import UnusableRequestError

LONGEST_SECONDS = 30
_BETWEEN_TRIES_SECONDS = 0.001
"""Of the one thread of a process that waits for the other processes."""


class StoreUnavailableError(UnusableRequestError):
    """The database did not answer, or its disk is full; nothing of the step was done."""


class Turns:
    """Threads of one process share it. file: what processes lock; None where a server decides."""

    def __init__(self, file: Path | None):
        self._file = file
        self._thread = threading.Lock()

    @contextmanager
    def taken(self) -> Generator[None]:
        """Write meanwhile; raises StoreUnavailableError where others do so for too long."""
        until = time.monotonic() + LONGEST_SECONDS
        if not self._thread.acquire(timeout=LONGEST_SECONDS):
            raise _too_long()
        try:
            if self._file is None:
                yield
                return
            with _opened(self._file) as lock:  # the end of a process lets go of it as well
                _wait_for(lock, until)
                yield
        finally:
            self._thread.release()


def _opened(file: Path) -> IO[str]:
    try:
        return file.open("a")
    except OSError as error:
        message = f"the data home cannot be used ({error.strerror}); nothing was changed"
        raise StoreUnavailableError(message) from error


def _wait_for(lock: IO[str], until: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise _too_long() from None
            time.sleep(_BETWEEN_TRIES_SECONDS)
        else:
            return


def _too_long() -> StoreUnavailableError:
    message = f"others have written for {LONGEST_SECONDS} seconds; nothing was changed, try again"
    return StoreUnavailableError(message)
