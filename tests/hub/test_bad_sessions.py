"""Sessions whose folders are not what they should be, asked for in a browser: refused, with why."""

import json
import os
import time
from pathlib import Path

import pytest

from tests.hub.fake_gate import OTHER
from tre.hub import processes

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub that fails")]


def running(served) -> set[str]:
    """The command lines of everything that the hub started for a session."""
    lines = set()
    for one in processes.descendants(served.process.pid):
        try:
            lines.add(Path(f"/proc/{one.pid}/cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return {line for line in lines if "bwrap" in line or "tre.hub.server" in line}


@pytest.fixture
def ada(ada):
    """Signed in, without the session that another test of this hub may have left."""
    ada.stop_if_open("ada", OTHER)
    return ada


@pytest.fixture
def put(served, ada):
    """Puts something in the place of one of the other study's folders, and takes it away again."""
    made = []

    def put(kind: str, make) -> Path:
        place = served.home / kind / OTHER
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            place.rename(place.with_name("aside"))
            made.append((place, place.with_name("aside")))
        else:
            made.append((place, None))
        make(place)
        return place

    yield put
    for place, aside in made:
        place.unlink(missing_ok=True)
        if aside:
            aside.rename(place)


@pytest.mark.parametrize("kind", ["workspaces", "outboxes", "replies"])
def test_a_folder_that_became_a_link_is_refused_with_the_reason(ada, served, put, kind):
    target = served.home / "secret"
    target.mkdir(exist_ok=True)
    before = running(served)
    put(kind, lambda place: place.symlink_to(target))
    answer = ada.open("ada", OTHER)
    text = answer.text
    assert answer.status_code >= 400
    assert "is a symbolic link, not a folder" in text
    assert running(served) == before
    assert not (served.home / "sessions" / f"ada--{OTHER}" / "group.json").exists()


def test_a_fifo_as_a_workspace_is_refused_and_nothing_waits_for_it(ada, served, put):
    before = running(served)
    # the fake gate makes missing folders, and leaves what is there
    put("workspaces", os.mkfifo)
    answer = ada.open("ada", OTHER)
    assert answer.status_code >= 400
    assert running(served) == before


def test_after_it_was_mended_the_session_starts(ada, served, put):
    ada.open("ada", OTHER)
    assert ada.http.get(f"/user/ada/{OTHER}/api/status").status_code == 200
    ada.stop("ada", OTHER)


def test_a_server_that_is_killed_takes_its_kernels_and_their_group_with_it(ada, served):
    before = running(served)
    ada.open("ada", OTHER)
    kernel = ada.kernel("ada", OTHER)
    assert "42" in kernel.run("print(6 * 7)")
    kernel.close()
    record = served.home / "sessions" / f"ada--{OTHER}" / "group.json"
    groups = [Path(path) for path in json.loads(record.read_text())] if record.exists() else []
    assert all((group / "cgroup.procs").read_text() for group in groups)
    new = processes.descendants(served.process.pid)
    servers = {one for one in new if b"tre.hub.server" in _command(one.pid) and _is(one.pid, OTHER)}
    assert servers
    processes.signal_all(servers, "SIGKILL")
    assert ada.stop("ada", OTHER).status_code in (202, 204, 404)
    until = time.monotonic() + 60
    while (record.exists() or running(served) != before) and time.monotonic() < until:
        time.sleep(0.1)
    assert running(served) == before
    assert not any(group.exists() for group in groups)
    assert not record.exists()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _is(pid: int, project: str) -> bool:
    try:
        return f"ada--{project}/".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
