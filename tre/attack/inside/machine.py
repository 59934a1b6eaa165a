"""Files, devices and settings of the machine, as a session would look for and change them."""

import os
import stat
from pathlib import Path
from typing import Any

_ORDINARY = "console core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero"
ORDINARY = frozenset(_ORDINARY.split())
"""What a sandbox has in /dev: nothing that leads to hardware."""


def read_file(path: str) -> str:
    """Read the first bytes of a file."""
    with Path(path).open("rb") as file:
        return repr(file.read(32))


def read_own_file() -> str:
    """Control: a file of the session is read the same way."""
    return read_file("/proc/self/status")


def own_extract() -> bool:
    """Control: the project's own extract is there and can be read."""
    (file, *_) = sorted(Path("/data").rglob("*.parquet"))
    return file.open("rb").read(4) == b"PAR1"


def found(*paths: str) -> list[str]:
    """Say which of these places of the machine are there."""
    return [path for path in paths if os.path.lexists(path)]


def own_places(*paths: str) -> bool:
    """Control: the folders of the session are found the same way."""
    return found(*paths) == list(paths)


def write_into(folder: str) -> str:
    """Write a file into a folder, and take it away again."""
    file = Path(folder) / f"attack-{os.getpid()}"
    file.write_text("attack", encoding="ascii")
    file.unlink()
    return "written"


def write_own() -> bool:
    """Control: the workspace and the private /tmp can be written."""
    return {write_into(folder) for folder in ("/workspace", "/outbox", "/tmp")} == {"written"}  # noqa: S108


def writable(*folders: str) -> list[str]:
    """List the folders in which a file could be written."""
    done = []
    for folder in folders:
        try:
            write_into(folder)
        except OSError:
            continue
        done.append(folder)
    return done


def change_extract() -> str:
    """Open a file of the extract for writing."""
    (file, *_) = sorted(Path("/data").rglob("*.parquet"))
    with file.open("r+b"):
        return "opened for writing"


def delete_extract() -> str:
    """Delete a file of the extract."""
    (file, *_) = sorted(Path("/data").rglob("*.parquet"))
    file.unlink()
    return "deleted"


def permit_extract() -> str:
    """Change the permissions of the extract, to what they are."""
    (file, *_) = sorted(Path("/data").rglob("*.parquet"))
    file.chmod(stat.S_IMODE(file.stat().st_mode))
    return "changed"


def open_to_write(path: str) -> str:
    """Open a setting of the machine for writing; nothing is written."""
    os.close(os.open(path, os.O_WRONLY))
    return "opened for writing"


def open_own_to_write() -> str:
    """Control: a file of this process is opened the same way."""
    return open_to_write("/proc/self/comm")


def secrets_of_the_machine(*paths: str) -> list[str]:
    """Read files that tell about the whole machine; list those that say anything."""
    told = []
    for path in paths:
        try:
            with Path(path).open("rb", buffering=0) as file:
                os.set_blocking(file.fileno(), False)
                if file.read(16):
                    told.append(path)
        except OSError:
            continue
    return told


def strange_devices() -> list[str]:
    """List what is in /dev beside the harmless ones that every sandbox has."""
    return sorted({one.name for one in Path("/dev").iterdir()} - ORDINARY)


def own_devices() -> bool:
    """Control: /dev is there, and its zeros are zeros."""
    return Path("/dev/zero").open("rb").read(4) == b"\0" * 4


def make_device(folder: str) -> str:
    """Make a device file for the machine's first disk (mknod)."""
    file = Path(folder) / "disk"
    os.mknod(file, 0o600 | stat.S_IFBLK, os.makedev(8, 0))
    file.unlink()
    return "made"


def set_user_id(folder: str) -> str:
    """Leave a program that runs as its owner when somebody outside starts it."""
    file = Path(folder) / "runs-as-owner"
    file.write_text("#!/bin/sh\n", encoding="ascii")
    try:
        file.chmod(0o4755)
        return oct(file.stat().st_mode)
    finally:
        file.unlink()


def permit_own(folder: str) -> bool:
    """Control: the permissions of one's own file can be changed."""
    file = Path(folder) / "own"
    file.touch()
    file.chmod(0o700)
    mode = file.stat().st_mode
    file.unlink()
    return stat.S_IMODE(mode) == 0o700


def hard_link(source: str, folder: str) -> str:
    """Give a file that may only be read a second name where one may write."""
    sources = sorted(Path(source).rglob("*.parquet")) if Path(source).is_dir() else [Path(source)]
    target = Path(folder) / "linked"
    os.link(sources[0], target)
    target.unlink()
    return "linked"


def hard_link_own(folder: str) -> bool:
    """Control: hard links inside the workspace can be made."""
    first, second = Path(folder) / "first", Path(folder) / "second"
    first.touch()
    os.link(first, second)
    first.unlink()
    second.unlink()
    return True


def names_of_mounts() -> list[str]:
    """Tell which folders of the machine the list of mounts names."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return sorted({line.split()[3] for line in lines} - {"/"})


def leave_by_dots(path: str) -> list[str]:
    """Climb out of every folder of the session by `..`."""
    climbs = [f"{start}{'/..' * 12}{path}" for start in ("/workspace", "/data", "/proc/self/cwd")]
    return [climb for climb in climbs if os.path.lexists(climb)]


def user_map() -> str:
    """Map the machine's root into this session (uid_map)."""
    with Path("/proc/self/uid_map").open("w", encoding="ascii") as file:
        file.write("0 0 1\n")
    return "mapped"


def environment() -> dict[str, Any]:
    """Tell what the kernel finds in its environment."""
    return dict(os.environ)
