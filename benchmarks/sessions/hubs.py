"""Two hubs on this machine: ours as shipped, and a stock JupyterHub with the same Python."""

import os
import random
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sessions.people import Accounts
from tre.hub import processes

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS, STOP_SECONDS = 180, 60


class CannotMeasureError(Exception):
    """A hub or a session did not come; the message says what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A running hub.

    kind: sealed or unsealed. data: the folder of the extract as its kernels see it. secrets: of
    one-time codes, by person; empty where it asks for none.
    """

    kind: str
    process: subprocess.Popen[bytes]
    address: str
    password: str
    data: str
    secrets: Mapping[str, str]

    def itself(self) -> set[processes.Process]:
        """The process that was started; empty where it ended."""
        found = processes.process(self.process.pid)
        return {found} if found else set()

    def descendants(self) -> set[processes.Process]:
        """Everything that runs below it now."""
        return processes.descendants(self.process.pid)


@contextmanager
def sealed(home: Path, accounts: Accounts) -> Generator[Hub]:
    """`tre up`: the hub, desk and courier as shipped, with the Five Safes asked every time."""
    port = free_ports()
    command = ["-m", "benchmarks.sessions.serve", str(home), str(port)]
    with running(command, {}, home.with_suffix(".log")) as process:
        hub = Hub(
            kind="sealed",
            process=process,
            address=f"http://127.0.0.1:{port}",
            password=accounts.password,
            data="/data",
            secrets=accounts.secrets,
        )
        _wait_for(hub, home.with_suffix(".log"))
        yield hub


@contextmanager
def unsealed(folder: Path, accounts: Accounts) -> Generator[Hub]:
    """JupyterHub with its own spawner, server and kernel."""
    port, password = free_ports(), secrets.token_urlsafe()
    folder.mkdir(mode=0o700)
    named = {"FOLDER": str(folder), "PORT": str(port), "PASSWORD": password}
    environment = {f"MEASURED_{name}": value for name, value in named.items()}
    configuration = Path(__file__).with_name("unsealed_hub.py")
    command = ["-m", "jupyterhub", "-f", str(configuration)]
    with running(command, environment, folder.with_suffix(".log")) as process:
        hub = Hub(
            kind="unsealed",
            process=process,
            address=f"http://127.0.0.1:{port}",
            password=password,
            data=str(accounts.extract),
            secrets={},
        )
        _wait_for(hub, folder.with_suffix(".log"))
        yield hub


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Generator[subprocess.Popen[bytes]]:
    """Run a hub; when that is over, it ends, and whatever of it would not."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("TRE_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**kept, **environment} | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=processes.die_with_parent,  # noqa: PLW1509 - one prctl
        )
    try:
        yield process
    finally:
        below = processes.descendants(process.pid)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        processes.end(below, patience_seconds=5)


def _wait_for(hub: Hub, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while not _is_healthy(hub):
        if hub.process.poll() is not None or time.monotonic() > until:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            message = f"the {hub.kind} hub does not answer:\n" + "\n".join(said)
            raise CannotMeasureError(message)
        time.sleep(0.2)


def _is_healthy(hub: Hub) -> bool:
    """Whether the hub itself answers; its proxy alone says that it knows no such page."""
    try:
        with urllib.request.urlopen(f"{hub.address}/hub/health", timeout=2):  # noqa: S310 - our own
            return True
    except (urllib.error.HTTPError, OSError):
        return False


def free_ports() -> int:
    """The first of four free ports that follow one another.

    Below the range from which the system hands out ports, or it takes one of them meanwhile.
    """
    chance = random.SystemRandom()
    while True:
        first = chance.randrange(20_000, 30_000, 10)
        if all(_is_free(first + step) for step in range(4)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0
