"""What is killed comes back, and whoever was at work goes on; every process is one of our own."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.hub.browser import Browser, Kernel
from tests.hub.conftest import Served, free_ports, serving
from tests.hub.fake_gate import CODE, PASSWORD, STUDY
from tre.hub import processes
from tre.hub.processes import Process
from tre.hub.session_server import of_sessions, server_in

pytestmark = [
    pytest.mark.long,
    pytest.mark.sealed,
    pytest.mark.xdist_group("hub that fails"),
    pytest.mark.timeout(600),
]
BASE = f"/user/ada/{STUDY}"


@pytest.fixture
def running(sealable, tmp_path):
    served = serving(tmp_path / "home", free_ports())
    yield served
    if served.process.poll() is None:
        assert served.stop() == 0


@pytest.fixture
def ada(running):
    browser = Browser(running.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    assert browser.open("ada", STUDY).status_code == 200
    yield browser
    browser.close()


def command(process: Process) -> str:
    return Path(f"/proc/{process.pid}/cmdline").read_text().replace("\0", " ")


def ours(served: Served, part: str) -> Process:
    """The one process of this environment whose command has this part, the oldest if several."""
    found = processes.descendants(served.process.pid)
    return min((one for one in found if part in command(one)), key=lambda one: one.started)


def eventually(asked, seconds=120):
    """Ask until it is true; gives back after how many seconds that was."""
    began = time.monotonic()
    while not asked():
        assert time.monotonic() - began < seconds, asked
        time.sleep(0.1)
    return time.monotonic() - began


def is_up(address: str) -> bool:
    try:
        return httpx.get(address).status_code < 500
    except httpx.HTTPError:
        return False


def kill(process: Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
    assert processes.wait_until_gone({process}, 5) == set()


def test_a_hub_that_is_killed_comes_back_and_finds_its_sessions(running, ada, record_property):
    kernel = ada.kernel("ada", STUDY)
    kernel.run("kept = 42")
    kernel.close()
    sessions = of_sessions(processes.descendants(running.process.pid))
    kill(ours(running, "jupyterhub -f"))
    record_property("seconds", eventually(lambda: is_up(f"{running.hub}/hub/health")))
    assert processes.alive(sessions) == sessions
    eventually(lambda: ada.http.get(f"{BASE}/api/status").status_code == 200, 10)
    number = ada.http.get(f"{BASE}/api/kernels").json()[0]["id"]
    again = Kernel(ada, BASE, number)
    assert again.run("print(kept)").strip() == "42"
    again.close()
    assert f'data-stop="{STUDY}"' in ada.http.get("/hub/home").text
    assert not [line for line in running.asked() if line.startswith("end")]
    # The one that was found again can be stopped, and nothing of it stays.
    assert ada.stop("ada", STUDY).status_code in (202, 204)
    eventually(lambda: not processes.alive(sessions))
    assert running.asked()[-1].startswith(f"end ada {STUDY}: closed by its owner")
    assert "The hub is back" in running.home.with_suffix(".log").read_text()


def test_a_hub_that_is_killed_while_a_session_ends_writes_its_end_down(running, ada):
    sessions = of_sessions(processes.descendants(running.process.pid))
    kill(ours(running, "jupyterhub -f"))
    for one in sessions:
        os.kill(one.pid, signal.SIGKILL)
    eventually(lambda: is_up(f"{running.hub}/hub/health"))
    end = f"end ada {STUDY}: its server stopped unexpectedly []"
    eventually(lambda: end in running.asked())


def test_a_server_that_is_killed_is_told_of_and_opens_again_with_its_workspace(running, ada):
    saved = {"type": "file", "format": "text", "content": "kept"}
    assert ada.ask("PUT", f"{BASE}/api/contents/notes.md", json=saved).status_code == 201
    tree = of_sessions(processes.descendants(running.process.pid))
    server = server_in(tree)
    assert server is not None
    kill(server)
    end = f"end ada {STUDY}: its server stopped unexpectedly []"
    eventually(lambda: end in running.asked(), 15)
    eventually(lambda: not processes.alive(tree))
    page = ada.http.get(f"/hub{BASE}/")
    assert page.status_code == 424
    assert "The session stopped unexpectedly" in page.text
    assert ada.open("ada", STUDY).status_code == 200
    read = ada.http.get(f"{BASE}/api/contents/notes.md").json()
    assert read["content"] == "kept"
    assert "stopped unexpectedly" not in ada.http.get("/hub/home").text


def test_a_proxy_that_is_killed_comes_back_with_its_routes(running, ada, record_property):
    kill(ours(running, "configurable-http-proxy"))
    seconds = eventually(lambda: is_up(f"{running.hub}/hub/health"), 20)
    record_property("seconds", seconds)
    eventually(lambda: ada.http.get(f"{BASE}/api/status").status_code == 200, 10)
    kernel = ada.kernel("ada", STUDY)
    assert kernel.run("print(1)").strip() == "1"
    kernel.close()


@pytest.mark.parametrize("killed", ["the service", "what keeps it running"])
def test_a_service_that_is_killed_comes_back(running, killed, record_property):
    desk = f"http://127.0.0.1:{running.port + 1}/"
    part = f"http.server --bind 127.0.0.1 {running.port + 1}"
    keeper = ours(running, f"tre-service {setpriv()}{sys.executable} -m {part}")
    service = min(processes.descendants(keeper.pid))
    assert command(service).startswith(f"{sys.executable} -m {part}")
    time.sleep(10)  # old enough to be worth starting at once
    kill(service if killed == "the service" else keeper)
    eventually(lambda: processes.alive({service}) == set(), 5)
    record_property("seconds", eventually(lambda: is_up(desk), 45))


def setpriv() -> str:
    found = shutil.which("setpriv")
    if found is None:
        pytest.skip("no setpriv on this machine (on Debian: apt-get install util-linux)")
    return f"{found} --pdeathsig TERM -- "


def test_a_hub_that_cannot_stay_up_ends_the_rest_with_a_message(running, ada):
    everything = processes.descendants(running.process.pid)
    state = running.home / "hub" / "jupyterhub.sqlite"
    state.unlink()
    state.write_text("no database")
    kill(ours(running, "jupyterhub -f"))
    assert running.process.wait(120) == 1
    said = running.home.with_suffix(".log").read_text()
    assert "does not answer. The end of" in said.replace("\n", " ")
    assert processes.alive(everything) == set()


def test_when_everything_was_killed_the_next_start_ends_the_sessions(running, ada):
    time.sleep(1.5)  # until the list of processes has been written
    everything = processes.descendants(running.process.pid)
    hub = ours(running, "jupyterhub -f")
    os.kill(running.process.pid, signal.SIGSTOP)  # or it would start the hub again
    os.kill(hub.pid, signal.SIGKILL)
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait()
    sessions = of_sessions(everything)
    assert processes.alive(sessions) == sessions
    again = serving(running.home, running.port)
    assert processes.alive(everything) == set()
    end = f"end ada {STUDY}: its server stopped unexpectedly []"
    eventually(lambda: end in again.asked(), 10)
    assert again.stop() == 0
