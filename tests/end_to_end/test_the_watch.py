"""The watch on a whole world: a sanction from a terminal, and services killed among submissions."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.served import Served, serve
from tests.hub.browser import Browser
from tre.hub import processes
from tre.hub.doctor import examine
from tre.hub.processes import Process
from tre.hub.session_server import of_sessions

PRACTICE = "practice-early-onset-psychosis"
STUDY = "early-onset-psychosis"
SUBMIT = """
from tre import session
table = session.data("linked").table(
    "diagnosis_group", "sex", statistic="mean", of="ks4_attainment8"
)
session.request_release(
    table,
    title="Attainment by diagnosis",
    context="Mean Attainment 8 by diagnosis group and sex, of everybody in the practice extract.",
    controls="None yet: this is the table before protection, to learn what is said of it.",
)
print("sent")
"""
BAR = """
import sys
from pathlib import Path
from tre.config import Config
from tre.steps.impose_sanction import impose_sanction
from tre.steps.tre import open_tre
tre = open_tre(Config(home=Path(sys.argv[1])))
impose_sanction(tre, "mia", person="ada", until=None, reason="Left a screen unlocked.")
tre.close()
"""

pytestmark = [
    pytest.mark.long,
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("watched world"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    failed = [check for check in examine() if check.needed and not check.ok]
    if failed:
        pytest.skip(f"this machine cannot seal a session: {failed[0].message}")
    running = serve(tmp_path_factory.mktemp("watch") / "home", 1_000)
    yield running
    running.stop()


@pytest.fixture
def at_work(world: Served) -> Iterator[Callable[[str, str], Browser]]:
    """Sign somebody in and open their session."""
    browsers: list[Browser] = []

    def opened(person: str, project: str) -> Browser:
        browser = Browser(world.hub)
        browsers.append(browser)
        browser.sign_in(person, world.password, world.code(person))
        assert browser.open(person, project).status_code == 200
        return browser

    yield opened
    for browser in browsers:
        browser.close()


def eventually(asked: Callable[[], object], seconds: float = 60) -> float:
    """Ask until it is true; gives back after how many seconds that was."""
    began = time.monotonic()
    while not asked():
        assert time.monotonic() - began < seconds
        time.sleep(0.2)
    return time.monotonic() - began


def service(world: Served, module: str) -> Process:
    """A service's own process, not the shell that keeps it running; it may be starting again."""
    found: list[Process] = []

    def is_there() -> bool:
        for one in processes.descendants(world.process.pid):
            words = Path(f"/proc/{one.pid}/cmdline").read_text().rstrip("\0").split("\0")
            if words[1:] == ["-m", module]:
                found.append(one)
        return bool(found)

    eventually(is_there)
    return found[0]


def test_services_that_are_killed_lose_no_submission(world, at_work, record_property) -> None:
    kernels = [at_work(name, PRACTICE).kernel(name, PRACTICE) for name in ("finn", "tess")]
    for module in ("tre.courier", "tre.desk"):
        os.kill(service(world, module).pid, signal.SIGKILL)
    for kernel in kernels:
        said = kernel.run(SUBMIT)
        kernel.close()
        assert "sent" in said, said
        os.kill(service(world, "tre.courier").pid, signal.SIGKILL)
    record_property("desk_back_after", eventually(lambda: answers(world.desk)))

    def submitted() -> int:
        return world.tre("ledger", "show", "--json").count('"outputs:request:submit"')

    eventually(lambda: submitted() >= len(kernels), 120)
    time.sleep(5)
    assert submitted() == len(kernels)  # none twice


def test_a_sanction_from_another_process_ends_a_session_within_a_minute(
    world, at_work, record_property
) -> None:
    before = of_sessions(processes.descendants(world.process.pid))
    ada = at_work("ada", STUDY)
    tree = of_sessions(processes.descendants(world.process.pid)) - before
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", BAR, str(world.home)], check=True)
    notice = f"/user/ada/{STUDY}/api/tre/notice"
    eventually(lambda: "barred" in ada.http.get(notice).text)
    ends = ada.http.get(notice).json()["closing"]["page"]
    eventually(lambda: not processes.alive(tree))
    seconds = time.monotonic() - began
    record_property("stopped_after", round(seconds, 1))
    assert seconds < 60
    assert "Left a screen unlocked." in httpx.get(ends).text
    eventually(lambda: '"Safe People: sanctions"' in world.tre("ledger", "show", "--json"))
    # Neither a page of the hub nor a new session is open to somebody who is barred.
    eventually(lambda: "/hub/login" in str(ada.http.get("/hub/home").url), 70)


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code < 500
    except httpx.HTTPError:
        return False
