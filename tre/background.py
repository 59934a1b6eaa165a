"""A service in the background: serves until it is told to stop, and says why it cannot start."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from tre.config import Config
from tre.decision import UnusableRequestError


def run(name: str, serve: Callable[[Config, threading.Event], None]) -> int:
    """Serve until SIGTERM or SIGINT; the exit status: 0, or 3 where it cannot start.

    serve: called with the settings, and with what is set when it has to come to its end.
    """
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {name} %(message)s")
    stop = threading.Event()
    _stop_on_signals(stop)
    try:
        serve(Config.load(), stop)
    except UnusableRequestError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return 3
    return 0


def _stop_on_signals(stop: threading.Event) -> None:
    def tell(number: int, frame: FrameType | None) -> None:
        _ = number, frame
        stop.set()

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)
