"""Where groups can be made, on machines made up here and on the one at hand."""

import os
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

from tre.hub import control_groups
from tre.hub.control_groups import LEAF, Groups, give_back, groups_of_this_machine, make_room
from tre.hub.session_limits import NoLimitsError, enter, in_group, make_group
from tre.safe_settings.control_groups import group_files
from tre.safe_settings.session_spec import Limits

SERVICE = "/system.slice/tre.service"


class MadeUp:
    """A machine whose trees of groups are folders."""

    def __init__(self, folder: Path):
        self.folder, self.mounts, self.own = folder, folder / "mountinfo", folder / "cgroup"
        self.marked: set[Path] = set()
        self.mounts.touch()
        self.own.touch()

    def second(self, place: str, controllers: str, *, root: str = "/") -> Path:
        tree = self.folder / "two"
        inside = tree / os.path.relpath(place, root)
        for path in [tree, *reversed(inside.relative_to(tree).parents), inside]:
            folder = tree / path
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "cgroup.procs").touch()
            (folder / "cgroup.subtree_control").touch()
            (folder / "cgroup.controllers").write_text(f"{controllers}\n")
        self._add(f"31 25 0:26 {root} {tree} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n")
        self._mine(f"0::{place}\n")
        return inside

    def first(self, names: str, place: str, *, root: str = "/") -> Path:
        tree = self.folder / names
        inside = tree / os.path.relpath(place, root)
        inside.mkdir(parents=True)
        (inside / "cgroup.procs").touch()
        self._add(f"32 25 0:27 {root} {tree} rw,nosuid - cgroup cgroup rw,{names}\n")
        self._mine(f"4:{names}:{place}\n")
        return inside

    def groups(self) -> Groups:
        return groups_of_this_machine(self.mounts, self.own)

    def _add(self, line: str) -> None:
        self.mounts.write_text(self.mounts.read_text() + line)

    def _mine(self, line: str) -> None:
        self.own.write_text(self.own.read_text() + line)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made_up = MadeUp(tmp_path)
    monkeypatch.setattr(control_groups, "_is_marked", lambda folder: folder in made_up.marked)
    return made_up


def test_what_systemd_delegates_is_used(machine):
    service = machine.second(SERVICE, "cpuset cpu io memory pids")
    machine.marked.add(service)
    groups = machine.groups()
    assert groups.version == 2
    assert groups.folders == dict.fromkeys(("memory", "pids", "cpu"), service)


def test_from_a_leaf_of_what_is_delegated_the_whole_is_found(machine):
    leaf = machine.second(f"{SERVICE}/{LEAF}", "cpu memory pids")
    machine.marked.add(leaf.parent)
    assert set(machine.groups().folders.values()) == {leaf.parent}


def test_what_is_not_delegated_is_not_touched(machine):
    machine.second("/user.slice/user-1000.slice/session-3.scope", "cpu memory pids")
    groups = machine.groups()
    assert groups.version == 0
    assert "session-3.scope is not delegated to us" in groups.why_not


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """A systemd that answers one thing, and writes down what it was asked."""

    def answering(answer: str) -> Path:
        programs = tmp_path / "programs"
        programs.mkdir()
        asked = tmp_path / "asked"
        (programs / "systemctl").write_text(f'#!/bin/sh\necho "$@" > {asked}\necho {answer}\n')
        (programs / "systemctl").chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
        return asked

    return answering


USER_SCOPE = "/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope"


def test_where_systemd_sets_no_mark_it_is_asked(machine, systemctl):
    asked = systemctl("yes")
    scope = machine.second(USER_SCOPE, "cpu memory pids")
    assert machine.groups().folders["memory"] == scope
    assert asked.read_text() == "--user show --property=Delegate --value run-r1.scope\n"


def test_a_units_own_systemd_is_asked(machine, systemctl):
    asked = systemctl("yes")
    machine.second(f"{SERVICE}/.control", "cpu memory pids")
    assert machine.groups().folders["memory"].name == "tre.service"
    assert asked.read_text() == "show --property=Delegate --value tre.service\n"


def test_what_was_delegated_to_the_users_systemd_is_not_ours(machine, systemctl):
    systemctl("no")
    scope = machine.second(USER_SCOPE, "cpu memory pids")
    machine.marked.add(scope.parents[1])
    assert machine.groups().version == 0


def test_a_containers_own_root_is_its_own(machine):
    inside = machine.second("/docker/1", "cpu memory pids", root="/docker/1")
    (inside / "cgroup.type").write_text("domain\n")
    assert machine.groups().folders["memory"] == inside


def test_delegated_without_processor_time_still_holds_the_rest(machine):
    machine.marked.add(machine.second(SERVICE, "memory pids"))
    assert set(machine.groups().folders) == {"memory", "pids"}


def test_delegated_without_memory_is_not_enough(machine):
    machine.marked.add(machine.second(SERVICE, "cpu pids"))
    groups = machine.groups()
    assert (groups.version, groups.why_not) == (0, f"{SERVICE} was delegated without memory")


def test_the_first_kind_has_a_tree_for_each(machine):
    memory = machine.first("memory", "/docker/1", root="/docker/1")
    machine.first("cpu,cpuacct", "/")
    machine.first("pids", "/a")
    machine.first("freezer", "/")
    groups = machine.groups()
    assert groups.version == 1
    assert groups.folders["memory"] == memory
    assert groups.folders["cpu"] == machine.folder / "cpu,cpuacct"
    assert groups.folders["pids"] == machine.folder / "pids" / "a"


def test_without_a_limit_on_processes_the_first_kind_is_not_enough(machine):
    machine.first("memory", "/")
    assert machine.groups().version == 0


def test_without_any_it_says_so(machine):
    assert machine.groups().version == 0
    assert machine.groups().why_not


LIMITS = Limits(memory_bytes=1024, processes=7, cpu_percent=150)


def test_the_files_of_the_second_kind():
    written = {file.name: file.value for file in group_files(LIMITS, 2)}
    # 150 % of one core: 150 000 of every 100 000 microseconds
    assert written == {
        "memory.max": "1024",
        "memory.swap.max": "0",
        "pids.max": "7",
        "cpu.max": "150000 100000",
    }


def test_the_files_of_the_first_kind():
    written = {file.name: file.value for file in group_files(LIMITS, 1)}
    assert written == {
        "memory.limit_in_bytes": "1024",
        "memory.memsw.limit_in_bytes": "1024",
        "pids.max": "7",
        "cpu.cfs_period_us": "100000",
        "cpu.cfs_quota_us": "150000",
    }


def test_a_group_of_the_second_kind_is_written_and_its_controllers_turned_on(machine):
    service = machine.second(SERVICE, "cpu memory pids")
    machine.marked.add(service)
    group = make_group(LIMITS, groups=machine.groups())
    assert (service / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"
    assert [folder.parent for folder in group.folders] == [service]
    assert (group.folders[0] / "memory.max").read_text() == "1024"
    assert (group.folders[0] / "pids.max").read_text() == "7"
    assert not (group.folders[0] / "memory.swap.max").exists()


def test_a_machine_that_refuses_a_group_starts_no_session(tmp_path):
    groups = Groups(version=1, folders={"memory": tmp_path / "not", "pids": tmp_path / "there"})
    with pytest.raises(NoLimitsError, match="refused a group"):
        make_group(LIMITS, groups=groups)


def test_where_there_are_none_the_group_is_empty():
    group = make_group(LIMITS, groups=Groups())
    assert (group.folders, group.entrances(), group.processes()) == ((), (), set())
    assert group.remove()


@pytest.fixture
def second_kind(monkeypatch):
    """A real group of the second kind, delegated to us, with a controller that is there."""
    trees = [
        line.split()[4]
        for line in Path("/proc/self/mountinfo").read_text().splitlines()
        if " - cgroup2 " in line
    ]
    if not trees or not os.access(trees[0], os.W_OK):
        pytest.skip("no control groups of version 2 that this account may change")
    controllers = (Path(trees[0]) / "cgroup.controllers").read_text().split()
    base = Path(trees[0]) / f"tre-test-{os.getpid()}"
    switched = Path(trees[0]) / "cgroup.subtree_control"
    if not controllers:
        pytest.skip("the tree of version 2 has no controllers")
    before = switched.read_text().split()
    if controllers[0] not in before:
        switched.write_text(f"+{controllers[0]}")
    base.mkdir()
    os.setxattr(base, "user.delegate", b"1")
    monkeypatch.setattr("tre.hub.session_limits.group_files", lambda *_: ())
    # its first controller stands for memory: the mechanism is the same for all
    yield Groups(version=2, folders={controllers[0]: base})
    for folder in (*base.glob("tre-*"), base):
        (folder / "cgroup.kill").write_text("1")
        _remove(folder)
    if controllers[0] not in before:
        _switch_off(switched, controllers[0])


def _switch_off(switched: Path, controller: str) -> None:
    """Give a controller back; a group that has just gone may hold it for a moment more."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            switched.write_text(f"-{controller}")
        except OSError:
            time.sleep(0.1)
        else:
            return


def _remove(folder: Path) -> None:
    until = time.monotonic() + 30
    while folder.exists() and time.monotonic() < until:
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.02)


def test_for_real_what_is_marked_is_recognised(second_kind):
    (base,) = second_kind.folders.values()
    assert control_groups._is_marked(base)
    assert control_groups._delegated(base, base.parent) == base
    assert not control_groups._is_marked(base.parent)


def test_for_real_processes_make_room_and_come_back(second_kind):
    ((name, base),) = second_kind.folders.items()
    beside = subprocess.Popen(["/bin/sleep", "60"])
    (base / "cgroup.procs").write_text(str(beside.pid))
    assert make_room(second_kind)
    assert (base / LEAF / "cgroup.procs").read_text().split() == [str(beside.pid)]
    assert (base / "cgroup.subtree_control").read_text().split() == [name]
    assert not make_room(second_kind)
    give_back(second_kind)
    assert (base / "cgroup.procs").read_text().split() == [str(beside.pid)]
    assert (base / "cgroup.subtree_control").read_text().split() == []
    assert not (base / LEAF).exists()
    beside.kill()
    beside.wait()


def test_for_real_a_process_enters_by_an_open_file_and_ends_with_the_group(second_kind):
    with in_group(LIMITS, second_kind) as entrances:
        child = subprocess.Popen(
            ["/bin/sh", "-c", "sleep 60 & sleep 60"],
            preexec_fn=partial(enter, entrances),  # noqa: PLW1509 - as sessions do
            start_new_session=True,
        )
        place = Path(f"/proc/{child.pid}/cgroup").read_text().splitlines()
        (base,) = second_kind.folders.values()
        assert any(line.startswith(f"0::/{base.name}/tre-") for line in place)
    assert child.wait(30) == -9


NOBODY = 65_534
AS_NOBODY = """
import subprocess, sys
from functools import partial
from pathlib import Path
from tre.hub.control_groups import Groups, make_room, give_back
from tre.hub import session_limits
session_limits.group_files = lambda *_: ()
groups = Groups(version=2, folders={sys.argv[1]: Path(sys.argv[2])})
with session_limits.in_group(session_limits.Limits(), groups) as entrances:
    enter = partial(session_limits.enter, entrances)
    child = subprocess.Popen(['/bin/sleep', '60'], preexec_fn=enter)
    print(Path(f'/proc/{child.pid}/cgroup').read_text().splitlines()[-1])
print(child.wait(30))
"""


def test_for_real_an_ordinary_user_uses_what_is_delegated_to_it(second_kind):
    if os.geteuid() != 0:
        pytest.skip("only root can delegate")
    if not Path("/usr/bin/python3").exists() or not _all_may_read(Path(control_groups.__file__)):
        pytest.skip("an ordinary user cannot read this Python or this folder")
    ((name, base),) = second_kind.folders.items()
    for each in ("", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"):
        os.chown(base / each, NOBODY, NOBODY)
    python = ["/usr/bin/python3", "-c", AS_NOBODY, name, str(base)]
    # systemd starts the service inside of what it delegates to it
    inside = ["/bin/sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(base)]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    done = subprocess.run(
        [*inside, *drop, *python],
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(control_groups.__file__).parents[2]), "PATH": "/usr/bin:/bin"},
        timeout=90,
    )
    assert done.stderr == ""
    place, ended = done.stdout.splitlines()
    assert place.startswith(f"0::/{base.name}/tre-")
    assert ended == "-9"


def _all_may_read(file: Path) -> bool:
    return all(path.stat().st_mode & 0o5 == 0o5 for path in file.parents)
