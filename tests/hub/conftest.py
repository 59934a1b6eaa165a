"""One hub, really started on free ports, for all tests that need one."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hub.browser import Browser
from tests.hub.fake_gate import CODE, PASSWORD
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.proof import prove_seal
from tre.hub.proxy_program import NoProxyError, proxy_command

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="session")
def sealable():
    """Skips, with the reason, where this machine cannot seal a session."""
    try:
        failures = prove_seal(this_machine())
        proxy_command()
    except (NotSealableError, NoProxyError) as error:
        pytest.skip(str(error))
    if failures:
        pytest.skip(failures[0])


@dataclass
class Served:
    """A running `tre up`."""

    process: subprocess.Popen
    home: Path
    port: int

    @property
    def hub(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self, number=signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(90)

    def asked(self) -> list[str]:
        file = self.home / "asked.txt"
        return file.read_text().splitlines() if file.exists() else []


def start_serving(home: Path, port: int, **settings: object) -> subprocess.Popen:
    """Start `tre up` with the fake gate; its output goes to `up.log` beside the home.

    settings: ROUND_SECONDS, GRACE_SECONDS, UNANSWERED_SECONDS of the watch.
    """
    with home.with_suffix(".log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.hub.serve_fake", str(home), str(port)],
            env=os.environ
            | {"PYTHONPATH": str(ROOT)}
            | {name: str(value) for name, value in settings.items()},
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def serving(home: Path, port: int, patience=180, **settings: object) -> Served:
    """Start it and wait until it says that it is ready."""
    process = start_serving(home, port, **settings)
    until = time.monotonic() + patience
    log = home.with_suffix(".log")
    while "Ctrl-C" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            raise AssertionError(log.read_text())
        time.sleep(0.1)
    return Served(process, home, port)


@pytest.fixture(scope="session")
def served(sealable, tmp_path_factory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("served") / "home"
    running = serving(home, free_ports())
    yield running
    running.stop()


@pytest.fixture
def browser(served) -> Iterator[Browser]:
    browser = Browser(served.hub)
    yield browser
    browser.close()


@pytest.fixture
def ada(browser) -> Browser:
    browser.sign_in("ada", PASSWORD, CODE)
    return browser
