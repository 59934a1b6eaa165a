"""The end of what a kernel's programs print past Jupyter, kept in memory.

No file: a kernel could fill the disk or the memory under it, and one whose messages cannot be
written any more does not start.
"""

import os
import threading
import time

KEPT_BYTES = 2000
_AT_ONCE = 2**16
_PAUSE_SECONDS = 0.01
"""Between two looks: whoever prints without end waits, and takes no processor from the server."""


class KernelLog:
    """A pipe that is always emptied; `entrance` is for the program that prints."""

    def __init__(self) -> None:
        self._exit, self.entrance = os.pipe()
        self._kept = b""
        threading.Thread(target=self._run, name="kernel log", daemon=True).start()

    def close_entrance(self) -> None:
        """Keep no way in of our own, once the program has its own; it ends when all of those do."""
        os.close(self.entrance)

    @property
    def tail(self) -> str:
        """The last of what was printed."""
        return self._kept.decode("utf-8", errors="replace")

    def _run(self) -> None:
        with os.fdopen(self._exit, "rb", buffering=0) as source:
            while content := source.read(_AT_ONCE):
                self._kept = (self._kept + content)[-KEPT_BYTES:]
                time.sleep(_PAUSE_SECONDS)
