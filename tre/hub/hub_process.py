"""The hub as a process: started, started again beside its sessions, stopped with all of them."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tre.config import Config
from tre.hub import processes
from tre.hub.announcement import STARTED_IN
from tre.hub.control_groups import groups_of_this_machine
from tre.hub.left_groups import remove_left_groups
from tre.hub.services import service_environment
from tre.hub.session_limits import remove_all_recorded
from tre.hub.session_server import of_sessions

STOP_SECONDS = 20


class Hub:
    """JupyterHub under our eyes; what it starts is our descendant, also after its own end."""

    def __init__(self, config: Config, configuration: Path):
        self.config = config
        self.log = config.home / "logs" / "hub.log"
        self._configuration = configuration
        self._child: subprocess.Popen[bytes] | None = None
        self._noted: set[processes.Process] = set()

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.poll() is None

    @property
    def status(self) -> str:
        """How it ended, in words."""
        code = self._child.returncode if self._child else None
        return f"signal {-code}" if code is not None and code < 0 else f"status {code}"

    @contextmanager
    def running(self) -> Generator[None]:
        """Start it, and stop it with everything that it started."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")
        self.start()
        try:
            yield
        finally:
            self._stop()

    def start(self) -> None:
        """Start it; what it says goes to the end of its log."""
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "tre.hub.jupyterhub", "-f", str(self._configuration)],
                cwd=self.config.home / "hub",
                env=_environment(self.config),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=processes.die_with_parent,  # noqa: PLW1509 - one prctl, before any thread
            )

    def take_note(self) -> None:
        """Write down what there is to end, should we be killed; let go of what has ended."""
        processes.collect_adopted(self._child.pid if self._child else 0)
        now = processes.descendants(os.getpid())
        if now != self._noted:
            processes.write_down(now, _list_of_processes(self.config))
            self._noted = now

    def clear_up(self) -> None:
        """End what a dead hub left behind: its proxy and services, but not the sessions."""
        ours = processes.descendants(os.getpid())
        processes.end(ours - of_sessions(ours), patience_seconds=3)
        (self.config.home / "hub" / "proxy.pid").unlink(missing_ok=True)

    def _stop(self) -> None:
        """Let the hub stop its own; then end whatever is still there."""
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, signal.SIG_IGN) for number in signals]
        file = _list_of_processes(self.config)
        ours = processes.descendants(os.getpid()) | processes.left_over(file)
        if self._child is not None and self.runs:
            self._child.terminate()
            _wait(self._child, STOP_SECONDS)
        ours |= processes.descendants(os.getpid())
        left = processes.end(ours, patience_seconds=3)
        remove_all_recorded(self.config.home / "sessions")
        if not left:
            file.unlink(missing_ok=True)
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def clean_up_after_a_kill(config: Config) -> None:
    """End what an earlier start left behind when it was killed; nothing else, by start times.

    Its sessions too: they had nobody who asked whether they may go on. The hub writes down why
    they ended when it finds them gone; workspaces are as they were. Control groups that nobody
    uses any more are removed, whoever left them.
    """
    file = _list_of_processes(config)
    processes.end(processes.left_over(file), patience_seconds=STOP_SECONDS)
    remove_all_recorded(config.home / "sessions")
    remove_left_groups(groups_of_this_machine())
    file.unlink(missing_ok=True)
    (config.home / "hub" / "proxy.pid").unlink(missing_ok=True)


def _wait(hub: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        hub.wait(seconds)
    except subprocess.TimeoutExpired:
        hub.kill()
        hub.wait()


def _environment(config: Config) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRE_")}
    started_in = {STARTED_IN: str(Path.cwd())}
    return kept | service_environment(config) | _proxy_of() | started_in


def _proxy_of() -> dict[str, str]:
    return {"TRE_PROXY": os.environ["TRE_PROXY"]} if "TRE_PROXY" in os.environ else {}


def _list_of_processes(config: Config) -> Path:
    return config.home / "hub" / "processes.json"
