"""Deleted files that a program holds open take room, and are counted for who holds them."""

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.hub.fake_gate import STUDY, FakeGate
from tests.hub.test_watch import FakeServer, Hub
from tre.hub import watch as watching
from tre.hub.held_files import held_bytes
from tre.hub.notices import read_notice

MIB = 2**20
HOLD = """
import mmap, os, sys
path, how = sys.argv[1:]
file = open(path, "wb+")
file.write(bytes(4 * 2**20))
file.flush()
os.fsync(file.fileno())
if how == "mapped":
    kept = mmap.mmap(file.fileno(), 4096, access=mmap.ACCESS_READ)
    file.close()
if how == "twice":
    again = os.dup(file.fileno())
if how != "listed":
    os.unlink(path)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(path: Path, how: str = "open"):
    command = [sys.executable, "-c", HOLD, str(path), how]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


@pytest.mark.parametrize("how", ["open", "twice", "mapped"])
def test_a_deleted_file_that_is_held_counts_once(tmp_path, how):
    if how == "mapped" and os.geteuid() != 0:
        pytest.skip("only root sees what is mapped and no longer open")
    with holding(tmp_path / "large", how):
        assert 4 * MIB <= held_bytes(os.getpid(), tmp_path) < 5 * MIB
    assert held_bytes(os.getpid(), tmp_path) == 0


def test_what_a_folder_lists_or_lies_elsewhere_is_not_counted_here(tmp_path):
    with holding(tmp_path / "listed", "listed"):
        assert held_bytes(os.getpid(), tmp_path) == 0
    with holding(Path(f"/dev/shm/tre-held-{os.getpid()}")):
        assert held_bytes(os.getpid(), tmp_path) == 0


def test_without_a_process_nothing_is_held(tmp_path):
    with holding(tmp_path / "large"):
        assert held_bytes(0, tmp_path) == 0


def test_a_session_that_holds_too_much_is_told_what_holds_it_and_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "GRACE_SECONDS", 0)
    hub = Hub(tmp_path, FakeGate(tmp_path))
    (tmp_path / f"limits-{STUDY}.json").write_text(f'{{"workspace_bytes": {2 * MIB}}}')
    folder = hub.open()
    workspace = tmp_path / "workspaces" / STUDY
    with holding(workspace / "large") as holder:
        server = hub.watch._sessions["ada", STUDY].server
        assert isinstance(server, FakeServer)
        server.pid = os.getpid()
        asyncio.run(hub.rounds())
        notice = read_notice(folder / "settings")
        assert "a program of yours holds open: shut down the kernels" in notice["no_kernels"]
        assert any("holds open" in said for said in notice["warnings"])
        hub.at += 601
        asyncio.run(hub.rounds())
        assert hub.stopped == [("ada", STUDY)]
        assert holder.poll() is None
