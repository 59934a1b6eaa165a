"""What is left of a session when it ends, however it ends: nothing."""

import json
import os
import secrets
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from tests.hub.a_server import a_server
from tests.hub.sealed import a_session, one_kernel, sealed_kernel
from tre.hub import processes
from tre.hub.control_groups import PREFIX, groups_of_this_machine
from tre.hub.session_limits import make_group, remove_all_recorded, remove_recorded
from tre.safe_settings.sealed_sandbox import UnsealableError

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]


@pytest.fixture
def traces(tmp_path, monkeypatch):
    """Asks what there is now that a session of this test could leave behind."""
    # A short path: a socket's name has no room for pytest's own. Groups of a name of our own:
    # other tests make and remove theirs at the same time.
    temporary = Path(tempfile.mkdtemp(prefix="t-"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    prefix = f"{PREFIX}{secrets.token_hex(3)}-"
    monkeypatch.setattr("tre.hub.session_limits.PREFIX", prefix)

    def look() -> dict[str, object]:
        return {
            "processes": processes.descendants(os.getpid()),
            "mounts": _mounts_below(tmp_path, temporary),
            "open files": _open_files(),
            "temporary folders": [path for path in temporary.iterdir() if "tre" in path.name],
            "groups": _groups_below_ours(prefix),
        }

    yield look
    shutil.rmtree(temporary)


def _mounts_below(*folders: Path) -> list[str]:
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    return [one for one in mounts if any(str(folder) in one for folder in folders)]


def _open_files() -> list[str]:
    found = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(one.readlink()))
        except FileNotFoundError:
            continue
    kinds = ("/memfd:", "/sys/fs/cgroup", "/workspaces", "/outboxes", "/extracts", "/replies")
    return sorted(path for path in found if any(kind in path for kind in kinds))


def _groups_below_ours(prefix: str) -> set[Path]:
    folders = groups_of_this_machine().folders.values()
    mine = {folder for folder in folders if folder.name != folder.parent.name and folder.exists()}
    return {
        path for folder in mine if "memory" in folder.parts for path in folder.glob(f"{prefix}*")
    }


def left(traces, before, seconds=60) -> dict[str, object]:
    """What is there now that was not before, once what is ending had time to end."""
    until = time.monotonic() + seconds
    while (now := traces()) != before and time.monotonic() < until:
        time.sleep(0.05)
    return {name: value for name, value in now.items() if value != before[name]}


def test_a_kernel_that_ends_leaves_nothing(sealable, tmp_path, traces):
    before = traces()
    with sealed_kernel(a_session(tmp_path / "home"), tmp_path / "session"):
        assert traces() != before
    assert left(traces, before) == {}


def test_a_kernel_that_never_started_leaves_nothing(sealable, tmp_path, traces):
    spec = a_session(tmp_path / "home")
    spec.outbox.rmdir()
    before = traces()
    with pytest.raises(UnsealableError), sealed_kernel(spec, tmp_path / "session"):
        pass
    assert left(traces, before) == {}


def test_a_kernel_that_bubblewrap_refuses_leaves_nothing(sealable, tmp_path, traces, monkeypatch):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr("tre.hub.machine._bubblewrap", lambda: fake)
    before = traces()
    with pytest.raises(RuntimeError), sealed_kernel(a_session(tmp_path / "h"), tmp_path / "s"):
        pass
    assert left(traces, before) == {}


def test_a_kernel_is_not_started_outside_its_group(sealable, tmp_path, traces):
    """The entrances that its session names are no files of a group: it must not start without."""
    before = traces()
    folder = tmp_path / "session"
    with sealed_kernel(a_session(tmp_path / "home"), folder):
        text = (folder / "session.json").read_text()
    broken = json.loads(text) | {"entrances": [999]}
    (folder / "session.json").write_text(json.dumps(broken))
    with (
        pytest.raises(Exception, match="could not enter this session's control group"),
        one_kernel(folder),
    ):
        pass
    assert left(traces, before) == {}


def test_kernels_of_a_server_in_its_sandbox_are_in_the_sessions_group(sealable, tmp_path, traces):
    before = traces()
    folder = tmp_path / "session"
    with a_server(a_session(tmp_path / "home"), folder) as (server, group):
        if group.folders:
            # bubblewrap, its child in the new process namespace, and the kernel
            assert len(group.processes()) >= 3
            assert server.pid not in group.processes()
        server.stdin.close()
        server.stdin = None
        assert server.wait(90) == 0
        assert group.processes() == set()
    assert remove_recorded(folder / "group.json")
    assert left(traces, before) == {}


def test_a_server_that_is_killed_leaves_nothing(sealable, tmp_path, traces):
    before = traces()
    folder = tmp_path / "session"
    with a_server(a_session(tmp_path / "home"), folder) as (server, _):
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(90)
    assert remove_recorded(folder / "group.json")
    assert not (folder / "group.json").exists()
    assert left(traces, before) == {}


def test_a_group_that_a_killed_hub_left_goes_when_the_session_starts_again(
    sealable, tmp_path, traces
):
    spec, record = a_session(tmp_path / "home"), tmp_path / "group.json"
    before = traces()
    first = make_group(spec.limits, record=record)
    second = make_group(spec.limits, record=record)
    assert not any(folder.exists() for folder in first.folders)
    assert all(folder.exists() for folder in second.folders)
    assert remove_recorded(record)
    assert left(traces, before) == {}


def test_when_everything_is_stopped_the_groups_of_all_sessions_go(sealable, tmp_path, traces):
    spec = a_session(tmp_path / "home")
    before = traces()
    groups = [
        make_group(spec.limits, record=tmp_path / "sessions" / name / "group.json")
        for name in ("ada--one", "bola--two")
    ]
    remove_all_recorded(tmp_path / "sessions")
    assert not any(folder.exists() for group in groups for folder in group.folders)
    assert list((tmp_path / "sessions").glob("*/group.json")) == []
    assert left(traces, before) == {}


def test_a_record_can_name_no_group_but_ours(tmp_path):
    other = tmp_path / "somebody-elses"
    other.mkdir()
    (tmp_path / "group.json").write_text(f'["{other}"]')
    assert remove_recorded(tmp_path / "group.json")
    assert other.exists()
