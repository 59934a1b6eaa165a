"""The courier as a process: it starts, answers, and stops when it is told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.courier.conftest import reply_to
from tests.demo import Demo
from tests.demo_people import STUDY
from tre.courier.paths import outbox

BUDGET = b'{"version": 1, "kind": "budget"}'


def start(home: Path, log: Path) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "TRE_HOME": str(home)}
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "tre.courier"], env=environ, stderr=output, stdout=output
        )


def wait_for(file: Path, log: Path) -> None:
    for _ in range(600):
        if file.exists():
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_the_courier_answers_and_stops_when_told(demo: Demo, tmp_path: Path):
    log = tmp_path / "courier.log"
    box = outbox(demo.tre.config.home, STUDY, "ada")
    (box.folder / ("a" * 32)).mkdir(parents=True)
    (box.folder / ("a" * 32) / "request.json").write_bytes(BUDGET)
    process = start(demo.tre.config.home, log)
    try:
        wait_for(box.replies / ("a" * 32 + ".json"), log)
        assert reply_to(box, "a" * 32)["outcome"] == "done"
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        assert "stopped" in log.read_text()
    finally:
        process.kill()
        process.wait()


def test_a_courier_without_a_home_says_so_and_ends_with_3(tmp_path: Path):
    (tmp_path / "file").write_text("")
    process = start(tmp_path / "file" / "home", tmp_path / "courier.log")
    assert process.wait(150) == 3
    told = (tmp_path / "courier.log").read_text()
    assert "cannot be used" in told
    assert "Traceback" not in told
