"""`tre up`: start the hub and all that belongs to it, say where it is, stop exactly that again."""

import ctypes
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from tre.config import Config
from tre.hub.announcement import announce
from tre.hub.hub_process import Hub, clean_up_after_a_kill
from tre.hub.preflight import CannotServeError, HomeLock, must_be_ready

READY_SECONDS = 90
MOST_ENDS, ENDS_WITHIN = 5, 600.0
"""How often a hub that ends by itself is started again, within how many seconds."""
_ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""


class _StopError(Exception):
    """Somebody asked us to stop."""


def serve(
    config: Config, console: Console | None = None, *, configuration: Path | None = None
) -> None:
    """Serve until Ctrl-C, SIGTERM or the terminal's end; then nothing of it is left running.

    configuration: JupyterHub's file; None for the one that an installation by hand uses too.
    Raises CannotServeError, with the remedy, before anything is started, or with the end of the
    log where the hub does not come up.
    """
    shown = console or Console()
    with HomeLock(config.home), _stoppable():
        clean_up_after_a_kill(config)
        must_be_ready(config)
        hub = Hub(config, configuration or _configuration(config))
        with _adopting_orphans(), hub.running():
            with shown.status("Starting the hub and the desk"):
                _wait_at_first(hub)
            announce(config, shown)
            _keep_going(hub, shown)
    shown.print("Stopped.")


def _keep_going(hub: Hub, shown: Console) -> None:
    """Stay until we are asked to stop, writing down what there is to end.

    A hub that ends by itself is started again, and finds its sessions, which went on meanwhile.
    Raises CannotServeError where that helps no more.
    """
    ends: list[float] = []
    try:
        while True:
            while hub.runs:
                hub.take_note()
                time.sleep(1)
            ends = [*(at for at in ends if time.monotonic() - at < ENDS_WITHIN), time.monotonic()]
            if len(ends) > MOST_ENDS:
                raise CannotServeError(_ended_too_often(hub))
            shown.print(f"The hub ended by itself ({hub.status}) and is started again.")
            hub.clear_up()
            time.sleep(len(ends) - 1)
            hub.start()
            _wait_until_ready(hub)
            shown.print("The hub is back; sessions have gone on.")
    except _StopError:
        return


def _ended_too_often(hub: Hub) -> str:
    minutes = ENDS_WITHIN // 60
    return (
        f"the hub ended by itself {MOST_ENDS + 1} times within {minutes:.0f} minutes, the last "
        f"time with {hub.status}; its log: {hub.log}"
    )


def _wait_at_first(hub: Hub) -> None:
    try:
        _wait_until_ready(hub)
    except _StopError as error:
        message = "stopped before it was ready"
        raise CannotServeError(message) from error


def _wait_until_ready(hub: Hub) -> None:
    """Raises CannotServeError with the end of the log where the hub or the desk does not come."""
    until = time.monotonic() + READY_SECONDS
    waiting_for = [f"http://{hub.config.host}:{hub.config.port}/hub/health", _desk(hub.config)]
    while waiting_for:
        if not hub.runs or time.monotonic() > until:
            raise CannotServeError(_why_not(hub, waiting_for[0]))
        hub.take_note()
        if answers(waiting_for[0]):
            waiting_for.pop(0)
        else:
            time.sleep(0.2)


def _why_not(hub: Hub, address: str) -> str:
    lines = hub.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    return f"{address} does not answer. The end of {hub.log}:\n" + "\n".join(lines)


def answers(address: str) -> bool:
    """Whether something speaks HTTP there, whatever it says."""
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def _stoppable() -> Generator[None]:
    """Turn the signals that mean "stop" into one exception."""

    def stop(*_: Any) -> None:
        raise _StopError

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, stop) for number in signals]
    try:
        yield
    except _StopError:
        return
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _adopting_orphans() -> Generator[None]:
    """Become the parent of what the hub leaves behind, so that it can be found and ended."""
    libc = ctypes.CDLL(None)
    libc.prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_ADOPT_ORPHANS, 0, 0, 0, 0)


def _configuration(config: Config) -> Path:
    """The embedded hub reads the same ten lines as one that is started by hand."""
    ours = Path(__file__).parents[2] / "deploy" / "hub" / "jupyterhub_config.py"
    if ours.is_file():
        return ours
    written = config.home / "hub" / "jupyterhub_config.py"
    written.write_text(_TEN_LINES, encoding="utf-8")
    return written


_TEN_LINES = """\
from tre.config import Config
from tre.hub import configure

configure(get_config(), Config.load())
"""


def _desk(config: Config) -> str:
    return f"http://{config.host}:{config.desk_listens_on}/"
