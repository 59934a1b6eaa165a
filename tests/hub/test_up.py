"""`tre up`: what it refuses, and that nothing of it stays behind."""

import os
import signal
import socket
import time

import httpx
import pytest

from tests.hub.browser import Browser
from tests.hub.conftest import free_ports, serving, start_serving
from tests.hub.fake_gate import CODE, PASSWORD, STUDY
from tre.hub import processes

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub that fails")]


def said(home) -> str:
    return home.with_suffix(".log").read_text().replace("\n", " ")


def test_a_second_start_on_the_same_home_says_so(served):
    home = served.home
    again = start_serving(home, free_ports())
    assert again.wait(120) == 1
    assert f"being served already (process {served.process.pid})" in said(home)


def test_a_taken_port_is_named_with_the_way_out(sealable, tmp_path):
    port = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + 1))
        other.listen()
        process = start_serving(tmp_path / "home", port)
        assert process.wait(120) == 1
    assert f"port {port + 1} on 127.0.0.1 is taken, and the desk needs it" in said(
        tmp_path / "home"
    )
    assert "make up PORT=" in said(tmp_path / "home")


def test_stopping_leaves_nothing_of_it_and_touches_nothing_else(sealable, tmp_path):
    running = serving(tmp_path / "home", free_ports())
    browser = Browser(running.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    browser.open("ada", STUDY)
    kernel = browser.kernel("ada", STUDY)
    assert kernel.run("print(1)").strip() == "1"
    kernel.close()
    ours = processes.descendants(running.process.pid)
    assert len(ours) >= 7  # hub, proxy, desk, two bwrap and server, two bwrap and kernel
    assert running.stop() == 0
    assert processes.alive(ours) == set()
    assert said(tmp_path / "home").endswith("Stopped. ")
    assert f"end ada {STUDY}: closed by its owner, or with the environment []" in running.asked()
    browser.close()


def written_down(home, root, patience=60.0):
    """The processes of a hub, once all of them are on its list, which is written every second."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ours = processes.descendants(root)
        if len(ours) > 1 and ours <= processes.left_over(home / "hub" / "processes.json"):
            return ours
        time.sleep(0.2)
    raise AssertionError("the list of processes stayed shorter than what runs")


def test_after_a_kill_the_next_start_cleans_up_and_works(sealable, tmp_path):
    running = serving(tmp_path / "home", free_ports())
    ours = written_down(tmp_path / "home", running.process.pid)
    hub = min(ours)
    os.kill(running.process.pid, signal.SIGKILL)
    os.kill(hub.pid, signal.SIGKILL)
    running.process.wait()
    assert processes.wait_until_gone({hub}, 5) == set()
    again = serving(tmp_path / "home", running.port)
    assert processes.alive(ours) == set()
    assert httpx.get(f"{again.hub}/hub/login").status_code == 200
    assert again.stop(signal.SIGTERM) == 0
