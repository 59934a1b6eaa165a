"""`tre up`: start the hub and all that belongs to it, say where it is, stop exactly that again."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from tre.config import Config
from tre.hub import processes
from tre.hub.announcement import STARTED_IN, announce
from tre.hub.preflight import CannotServeError, HomeLock, must_be_ready
from tre.hub.services import service_environment

READY_SECONDS = 90
STOP_SECONDS = 20
_DEATH_SIGNAL, _ADOPT_ORPHANS = 1, 36
"""PR_SET_PDEATHSIG and PR_SET_CHILD_SUBREAPER of prctl(2)."""


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
        with _adopting_orphans(), _hub(config, configuration or _configuration(config)) as hub:
            with shown.status("Starting the hub and the desk"):
                _wait_until_ready(config, hub)
            announce(config, shown)
            _keep_going(config, hub)
    shown.print("Stopped.")


def clean_up_after_a_kill(config: Config) -> None:
    """End what an earlier start left behind when it was killed; nothing else, by start times."""
    file = _list_of_processes(config)
    processes.end(processes.left_over(file), patience_seconds=STOP_SECONDS)
    file.unlink(missing_ok=True)
    (config.home / "hub" / "proxy.pid").unlink(missing_ok=True)


@contextmanager
def _hub(config: Config, configuration: Path) -> Generator[subprocess.Popen[bytes]]:
    log = _log(config)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "jupyterhub", "-f", str(configuration)],
            cwd=config.home / "hub",
            env=_environment(config),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one prctl, before any thread
        )
    try:
        yield child
    finally:
        _stop(config, child)


def _stop(config: Config, hub: subprocess.Popen[bytes]) -> None:
    """Let the hub stop its own; then end whatever is still there."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in signals]
    file = _list_of_processes(config)
    ours = processes.descendants(os.getpid()) | processes.left_over(file)
    if hub.poll() is None:
        hub.terminate()
        _wait(hub, STOP_SECONDS)
    ours |= processes.descendants(os.getpid())
    left = processes.end(ours, patience_seconds=3)
    if not left:
        file.unlink(missing_ok=True)
    for number, handler in zip(signals, before, strict=True):
        signal.signal(number, handler)


def _wait(hub: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        hub.wait(seconds)
    except subprocess.TimeoutExpired:
        hub.kill()
        hub.wait()


def _keep_going(config: Config, hub: subprocess.Popen[bytes]) -> None:
    """Stay until the hub ends or we are asked to stop, writing down what there is to end."""
    known: set[processes.Process] = set()
    file = _list_of_processes(config)
    try:
        while hub.poll() is None:
            now = processes.descendants(os.getpid())
            if now != known:
                processes.write_down(now, file)
                known = now
            time.sleep(1)
    except _StopError:
        return
    message = f"the hub ended by itself (status {hub.returncode}); its log: {_log(config)}"
    raise CannotServeError(message)


def _wait_until_ready(config: Config, hub: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    waiting_for = [f"http://{config.host}:{config.port}/hub/health", _desk(config)]
    try:
        while waiting_for:
            if hub.poll() is not None or time.monotonic() > until:
                raise CannotServeError(_why_not(config, waiting_for[0]))
            processes.write_down(processes.descendants(os.getpid()), _list_of_processes(config))
            if answers(waiting_for[0]):
                waiting_for.pop(0)
            else:
                time.sleep(0.2)
    except _StopError as error:
        message = "stopped before it was ready"
        raise CannotServeError(message) from error


def _why_not(config: Config, address: str) -> str:
    log = _log(config)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    return f"{address} does not answer. The end of {log}:\n" + "\n".join(lines)


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


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)


def _environment(config: Config) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRE_")}
    started_in = {STARTED_IN: str(Path.cwd())}
    return kept | service_environment(config) | _proxy_of() | started_in


def _proxy_of() -> dict[str, str]:
    return {"TRE_PROXY": os.environ["TRE_PROXY"]} if "TRE_PROXY" in os.environ else {}


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


def _log(config: Config) -> Path:
    return config.home / "logs" / "hub.log"


def _list_of_processes(config: Config) -> Path:
    return config.home / "hub" / "processes.json"
