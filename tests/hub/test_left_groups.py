"""Empty groups of a hub or test that was killed are removed; those in use are not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tre.config import Config
from tre.hub import hub_process
from tre.hub.control_groups import LEAF, Groups, groups_of_this_machine
from tre.hub.left_groups import remove_left_groups
from tre.hub.session_limits import SessionGroup, group_name, make_group
from tre.safe_settings.session_spec import Limits


class Tree:
    """A tree of groups made of folders, with a /proc of processes that hold files open."""

    def __init__(self, folder: Path):
        self.base, self.proc = folder / "cgroup", folder / "proc"
        for each in (self.base, self.proc):
            each.mkdir()
        self.groups = Groups(version=1, folders={"memory": self.base, "pids": self.base})
        self.slept: list[float] = []

    def group(self, name: str, processes: str = "") -> Path:
        folder = self.base / name
        folder.mkdir()
        (folder / "cgroup.procs").write_text(processes)
        return folder

    def held_by(self, process: str, file: Path) -> None:
        fd = self.proc / process / "fd"
        fd.mkdir(parents=True)
        (fd / "7").symlink_to(file)

    def swept(self, meanwhile=lambda: None) -> list[str]:
        def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            meanwhile()

        found = remove_left_groups(self.groups, proc=self.proc, sleep=sleep, remove=shutil.rmtree)
        return [path.name for path in found]


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_an_empty_group_that_nobody_holds_is_removed(tree):
    tree.group("tre-0123456789ab")
    assert tree.swept() == ["tre-0123456789ab"]
    assert list(tree.base.iterdir()) == []


@pytest.mark.parametrize(
    "name", [LEAF, "tre-0123456789ab0", "tre-xyz456789abc", "docker", "tre-.service"]
)
def test_what_is_not_named_as_ours_stays(tree, name):
    tree.group(name)
    assert tree.swept() == []
    assert tree.slept == []


def test_a_group_with_a_process_or_a_group_below_stays(tree):
    tree.group("tre-0123456789ab", "4711\n")
    (tree.group("tre-1123456789ab") / "below").mkdir()
    (tree.base / "tre-2123456789ab").mkdir()  # without a list of processes: not understood
    assert tree.swept() == []


def test_an_empty_group_of_a_session_without_a_kernel_stays(tree):
    folder = tree.group("tre-0123456789ab")
    tree.held_by("4711", folder / "cgroup.procs")
    assert tree.swept() == []
    assert folder.exists()


def test_a_group_that_is_taken_into_use_meanwhile_stays(tree):
    folder = tree.group("tre-0123456789ab")
    assert tree.swept(lambda: (folder / "cgroup.procs").write_text("4711\n")) == []
    assert folder.exists()


def test_whoever_starts_serving_looks_for_left_groups(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(hub_process, "remove_left_groups", asked.append)
    hub_process.clean_up_after_a_kill(Config(home=tmp_path))
    assert asked == [groups_of_this_machine()]


def test_a_machine_without_groups_has_none_to_remove():
    assert remove_left_groups(Groups()) == ()


def test_a_group_stays_while_its_maker_lives(tree):
    """However long it takes until a server holds it: a busy hub has lost a session's group so."""
    tree.group(group_name("tre-"))
    assert tree.swept() == []


def test_a_group_of_a_maker_that_ended_or_that_was_another_is_removed(tree):
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    names = [f"tre-{ended.pid}-1-0123456789ab", f"tre-{os.getpid()}-1-1123456789ab"]
    for name in names:
        tree.group(name)
    assert sorted(tree.swept()) == sorted(names)


MAKE = """
from tre.hub.session_limits import SessionGroup, group_name, make_group
from tre.safe_settings.session_spec import Limits
print(*make_group(Limits()).folders, sep="\\n")
"""


def test_on_this_machine_a_group_in_the_making_stays():
    groups = groups_of_this_machine()
    if not groups.version:
        pytest.skip(groups.why_not)
    group = make_group(Limits())
    try:
        assert not set(remove_left_groups(groups)) & set(group.folders)
        assert all(folder.exists() for folder in group.folders)
    finally:
        group.remove()


def test_on_this_machine_a_held_group_stays_and_one_that_is_let_go_is_removed():
    groups = groups_of_this_machine()
    if not groups.version:
        pytest.skip(groups.why_not)
    made = subprocess.run(
        [sys.executable, "-c", MAKE], capture_output=True, text=True, check=True
    ).stdout
    group = SessionGroup(folders=tuple(Path(line) for line in made.splitlines()))
    try:
        entrances = group.entrances()
        assert not set(remove_left_groups(groups)) & set(group.folders)
        for number in entrances:
            os.close(number)
        assert set(group.folders) <= set(remove_left_groups(groups))
    finally:
        group.remove()
