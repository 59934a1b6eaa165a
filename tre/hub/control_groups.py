"""Finds where this machine lets control groups be made, if anywhere.

Kind 2 has one tree. A part of it may be ours: systemd marks what it delegates, and the root that a
container sees is the container's. The kernel lets no process stay beside the groups that are
made, so those that are there are moved to a leaf of their own. Kind 1 has a tree for each
controller, and only root may make groups in it.
"""

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tre.safe_settings.control_groups import CONTROLLERS, REQUIRED

PREFIX = "tre-"
"""Every group that we make begins with it."""

LEAF = f"{PREFIX}hub"
_DELEGATED = ("user.delegate", "trusted.delegate")
"""The marks of systemd (251 and later) on a part of the tree that it leaves to a service."""
_UNITS = (".service", ".scope")
_PATIENCE_SECONDS = 5
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Where groups can be made.

    version: 2 or 1, 0 for nowhere. folders: for each controller, the group below which a session's
    own is made. why_not: what is missing, "" where nothing is.
    """

    version: int = 0
    folders: dict[str, Path] = field(default_factory=dict)
    why_not: str = ""

    @property
    def kind(self) -> str:
        """In words; "" where there are none."""
        return f"control groups (version {self.version})" if self.version else ""


def groups_of_this_machine(
    mounts: Path = Path("/proc/self/mountinfo"), own: Path = Path("/proc/self/cgroup")
) -> Groups:
    """Look where groups can be made, and change nothing.

    mounts, own: the kernel's list of mounts, and of this process's own groups.
    """
    trees, places = _trees(mounts.read_text("utf-8")), _places(own.read_text("utf-8"))
    second = _second_kind(trees.get("", ()), places.get("", "/"))
    if second.version:
        return second
    first = _first_kind(trees, places)
    both = all(name in trees for name in REQUIRED)  # then it is the first kind that counts
    return first if first.version or both else second


def make_room(groups: Groups) -> bool:
    """Let the groups made here count: in kind 2, turn the controllers on; true if they were off.

    Raises OSError where the machine refuses.
    """
    if groups.version != 2:
        return False
    base = _base(groups)
    switch = base / "cgroup.subtree_control"
    wanted = [name for name in groups.folders if name not in switch.read_text("ascii").split()]
    if not wanted:
        return False
    for attempt in range(_ATTEMPTS):
        _empty(base)
        try:
            switch.write_text(" ".join(f"+{name}" for name in wanted), "ascii")
        except OSError:  # a process was born meanwhile beside the leaf
            if attempt + 1 == _ATTEMPTS:
                raise
        else:
            return True
    return True


def give_back(groups: Groups) -> None:
    """Turn the controllers off again, so that whoever delegated may start processes there."""
    base = _base(groups)
    with suppress(OSError):
        text = " ".join(f"-{name}" for name in groups.folders)
        (base / "cgroup.subtree_control").write_text(text, "ascii")
        leaf = base / LEAF
        for pid in (leaf / "cgroup.procs").read_text("ascii").split():
            _move(pid, base)
        leaf.rmdir()


def _base(groups: Groups) -> Path:
    """In kind 2 all controllers have the same tree."""
    return next(iter(groups.folders.values()))


def _empty(base: Path) -> None:
    """Move what runs directly in a group into a leaf of it."""
    if not (base / "cgroup.type").exists():
        return  # the machine's own root, where processes may stay
    pids = (base / "cgroup.procs").read_text("ascii").split()
    if pids:
        (base / LEAF).mkdir(exist_ok=True)
    for pid in pids:
        _move(pid, base / LEAF)


def _move(pid: str, group: Path) -> None:
    with suppress(ProcessLookupError):
        (group / "cgroup.procs").write_text(pid, "ascii")


def _trees(mounts: str) -> dict[str, tuple[Path, str]]:
    """Controller ("" for kind 2) → where its tree is mounted, and which part of it."""
    found: dict[str, tuple[Path, str]] = {}
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        root, place = before.split()[3:5]
        kind, _, options = after.split(maxsplit=2)
        names = {"cgroup2": [""], "cgroup": options.split(",")}.get(kind, [])
        for name in names:
            if name == "" or name in CONTROLLERS:
                found.setdefault(name, (Path(place), root))
    return found


def _places(own: str) -> dict[str, str]:
    """Controller ("" for kind 2) → this process's group."""
    lines = [line.split(":", 2) for line in own.splitlines()]
    return {name: path for _, names, path in lines for name in names.split(",")}


def _folder(tree: tuple[Path, str], place: str) -> Path | None:
    """Where a group is found; None where this process lies outside of what is mounted."""
    mount, root = tree
    inside = os.path.relpath(place, root)
    return None if inside.startswith("..") else mount / inside


def _second_kind(tree: tuple[Path, str] | tuple[()], place: str) -> Groups:
    folder = _folder(tree, place) if tree else None
    if not tree or folder is None:
        return Groups(why_not="no control groups of version 2 are mounted")
    base = _delegated(folder, tree[0])
    if base is None:
        return Groups(why_not=f"the control group {place} is not delegated to us")
    there = (base / "cgroup.controllers").read_text("ascii").split()
    if missing := [name for name in REQUIRED if name not in there]:
        return Groups(why_not=f"{place} was delegated without {' and '.join(missing)}")
    if not _writable(base):
        return Groups(why_not=f"this account may not make groups in {place}")
    return Groups(version=2, folders={name: base for name in CONTROLLERS if name in there})


def _delegated(folder: Path, mount: Path) -> Path | None:
    """Find the part of the tree that is ours: the nearest unit of systemd, or the visible root."""
    for each in (folder, *folder.parents):
        if each == mount:
            break
        if _is_marked(each):
            return each
        if each.suffix in _UNITS:  # what lies above it was delegated to somebody else, if at all
            return each if _systemd_delegates(each) else None
    # The root that we see is a container's own, or the machine's and we were never put elsewhere.
    if folder == mount or (mount / "cgroup.type").exists():
        return mount
    return None


def _systemd_delegates(unit: Path) -> bool:
    """Ask systemd, whose older versions and user managers set no mark."""
    program = shutil.which("systemctl")
    if program is None:
        return False
    whose = ["--user"] if any(each.name.startswith("user@") for each in unit.parents) else []
    try:
        done = subprocess.run(  # noqa: S603 - systemd's own program, asked about our own unit
            [program, *whose, "show", "--property=Delegate", "--value", unit.name],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == "yes"


def _is_marked(folder: Path) -> bool:
    for mark in _DELEGATED:
        with suppress(OSError):
            if os.getxattr(folder, mark) == b"1":
                return True
    return False


def _first_kind(trees: dict[str, tuple[Path, str]], places: dict[str, str]) -> Groups:
    folders = {
        name: folder
        for name in CONTROLLERS
        if name in trees and (folder := _folder(trees[name], places.get(name, "/")))
    }
    if any(name not in folders for name in REQUIRED):
        return Groups(why_not="no control groups are mounted")
    usable = {name: folder for name, folder in folders.items() if _writable(folder)}
    if any(name not in usable for name in REQUIRED):
        return Groups(why_not="this account may not make control groups")
    return Groups(version=1, folders=usable)


def _writable(folder: Path) -> bool:
    """Whether groups can be made, and processes put into them."""
    read_only = os.statvfs(folder).f_flag & os.ST_RDONLY if folder.exists() else True
    return not read_only and all(
        os.access(path, os.W_OK) for path in (folder, folder / "cgroup.procs")
    )
