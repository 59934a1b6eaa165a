"""Files that every session and the machine itself use, as a way to hold up or to watch others."""

import ctypes
import errno
import fcntl
import os
import sys
import tempfile
from pathlib import Path

from tre.attack.inside.calls import LIBC, call

KEEP_SIZE = 1
NEW_FILE = 0x100


def of_everybody() -> str:
    """A file of the Python that all sessions and their servers run, read-only here."""
    return str(Path(sys.prefix) / "pyvenv.cfg")


def lease() -> str:
    """Take a lease, at which everybody who opens the file to change it waits 45 seconds."""
    with Path(of_everybody()).open("rb") as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return "taken"


def lock_own() -> bool:
    """Control: a file of one's own is locked by the same call, as databases do."""
    with tempfile.TemporaryFile() as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
    return True


def watch() -> int:
    """Be told whenever anybody opens a file of a folder that all sessions see (inotify)."""
    watching = LIBC.inotify_init1(0)
    if watching < 0:
        raise OSError(ctypes.get_errno(), "inotify_init1")
    try:
        return LIBC.inotify_add_watch(watching, sys.prefix.encode(), 0x20)
    finally:
        os.close(watching)


def watch_by_signal() -> str:
    """The same by the older way (F_NOTIFY), whose news come as a signal."""
    folder = os.open(sys.prefix, os.O_RDONLY)
    try:
        fcntl.fcntl(folder, fcntl.F_NOTIFY, NEW_FILE)
    finally:
        os.close(folder)
    return "watching"


def pages_in_memory() -> int:
    """Learn which pages of a shared file somebody has just read (cachestat)."""
    wanted, told = (ctypes.c_uint64 * 2)(0, 0), (ctypes.c_uint64 * 5)()
    with Path(of_everybody()).open("rb") as file:
        call("cachestat", file.fileno(), wanted, told, 0)
    return told[0]


def lock(path: str) -> bool:
    """Lock a file that may only be read, and keep it locked."""
    globals()["_held"] = held = os.open(path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def unlock() -> bool:
    """Let go of it."""
    os.close(globals().pop("_held"))
    return True


def is_locked(path: str) -> bool:
    """Whether somebody else has locked it: one bit of a message."""
    with Path(path).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno != errno.EWOULDBLOCK:
                raise
            return True
    return False


def take_room_behind_the_end(folder: str, size: int) -> int:
    """Have the disk set room apart behind the end of an empty file, whose size stays 0."""
    with tempfile.TemporaryFile(dir=folder) as file:
        _allocate(file.fileno(), KEEP_SIZE, size)
        return os.fstat(file.fileno()).st_blocks * 512


def take_room(folder: str) -> bool:
    """Control: room inside a file is set apart by the same call."""
    with tempfile.TemporaryFile(dir=folder) as file:
        _allocate(file.fileno(), 0, 2**16)
        return os.fstat(file.fileno()).st_size == 2**16


def _allocate(file: int, mode: int, size: int) -> None:
    if LIBC.fallocate(file, mode, ctypes.c_long(0), ctypes.c_long(size)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
