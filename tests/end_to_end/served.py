"""Starts `tre up` on a world of its own, as a stranger would, and stops it again."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tre.config import Config
from tre.steps.second_factor import current_code
from tre.steps.tre import open_tre

TRE = (sys.executable, "-m", "tre.cli")
READY_SECONDS = 480


@dataclass(frozen=True)
class Served:
    """A running environment; `tre` runs one of its commands from outside."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def hub(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def password(self) -> str:
        return json.loads((self.home / "keys" / "demo.json").read_text())["password"]

    def tre(self, *words: str, status: int = 0, home: Path | None = None) -> str:
        """Run a command; the output of both kinds, where it ended as it should."""
        command = [*TRE, "--home", str(home or self.home), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def code(self, person: str) -> str:
        """A one-time code: Ada's by the command, the others' by its step, in less than a second."""
        if person == "ada":
            return self.tre("person", "code", person).split()[0]
        tre = open_tre(Config.load(self.home, {}))
        try:
            return current_code(tre, person)
        finally:
            tre.close()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        assert self.process.wait(150) == 0


def serve(home: Path, people: int) -> Served:
    """Start on free ports and wait until it says what to do next."""
    port, log = _free_ports(), home.parent / "up.log"
    environment = os.environ | {
        "TRE_HOME": str(home),
        "TRE_PORT": str(port),
        "TRE_PEOPLE": str(people),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*TRE, "up"], env=environment, stdout=output, stderr=output, start_new_session=True
        )
    served = Served(home, port, process)
    until = time.monotonic() + READY_SECONDS
    while "Ctrl-C" not in log.read_text() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.3)
    assert "Ctrl-C" in log.read_text(), log.read_text()
    return served


def _free_ports() -> int:
    """Find four free ports in a row: the hub's, the desk's, and two for the hub's own parts.

    Below the range from which the system hands out ports, and by chance, so that the tests of
    another process do not look at the same ones.
    """
    chance = random.SystemRandom()
    while True:
        first = chance.randrange(20_000, 30_000, 10)
        if all(_is_free(first + more) for more in range(4)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
