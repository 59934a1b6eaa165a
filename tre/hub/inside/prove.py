"""Runs inside the sandbox and tries to get out; prints what it could do. Standard library alone.

Called with: the limits of a process, `together` or `apart` (whether a control group counts all
processes of the session), a port of the host that listens, a file of the host.
"""

import ctypes
import errno
import fcntl
import os
import runpy
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)
NEW_USER_NAMESPACE = 0x10000000
KEEP_SIZE = 1
VSOCK = 40
LIMITS = dict(pair.split("=") for pair in sys.argv[1].split(","))
TOGETHER = sys.argv[2] == "together"
PORT, BESIDE = int(sys.argv[3]), sys.argv[4]
MEMORY, FILE, OPEN, PROCESSES = (int(LIMITS[name]) for name in ("DATA", "FSIZE", "NOFILE", "NPROC"))


def reaches_the_network() -> bool:
    """Whether an address outside, or one of this machine, answers."""
    for address in (("192.0.2.1", 80), ("127.0.0.1", PORT)):
        with socket.socket() as trial:
            trial.settimeout(1)
            if trial.connect_ex(address) not in (errno.ENETUNREACH, errno.ECONNREFUSED):
                return True
    return len(socket.if_nameindex()) > 1


def reaches_the_hypervisor() -> bool:
    """Whether a socket to the machine's hypervisor can be had."""
    try:
        socket.socket(VSOCK, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno != errno.EAFNOSUPPORT
    return True


def writes_data() -> bool:
    """Whether the extract, Python or the system can be changed."""
    folders = ("/data", sys.prefix, "/usr", "/etc", "/", "/proc/sys/kernel")
    return any(_creates(Path(folder)) for folder in folders)


def _creates(folder: Path) -> bool:
    try:
        (folder / "proof").touch()
    except OSError:
        return False
    return True


def changes_the_machine() -> bool:
    """Whether a setting of the machine's kernel can be opened for writing."""
    try:
        with Path("/proc/sys/kernel/core_pattern").open("r+", encoding="utf-8"):
            return True
    except OSError:
        return False


def sees_the_data_home() -> bool:
    """Whether a file beside the session's folders is visible."""
    return Path(BESIDE).exists()


def sees_other_processes() -> bool:
    """Whether there is more than bubblewrap and this."""
    return len([one for one in Path("/proc").iterdir() if one.name.isdigit()]) > 2


def makes_namespaces() -> bool:
    """Whether a new user namespace can be had, with all capabilities in it."""
    return libc.unshare(NEW_USER_NAMESPACE) == 0


def has_capabilities() -> bool:
    """Whether any capability is left."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    held = [line.split()[1] for line in status if line.startswith(("CapEff", "CapBnd"))]
    return any(int(mask, 16) for mask in held)


def runs_unfiltered() -> bool:
    """Whether no call filter is on."""
    return "Seccomp:\t2" not in Path("/proc/self/status").read_text(encoding="ascii")


def finds_tokens() -> bool:
    """Whether the environment holds anything of the hub."""
    return any("JUPYTERHUB" in name or "TOKEN" in name for name in os.environ)


def holds_a_folder_of_the_host() -> bool:
    """Whether an open file leads to a folder: from there, `..` would lead out of the sandbox."""
    for one in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if one.readlink().is_absolute() and stat.S_ISDIR(one.stat().st_mode):
                return True
    return False


def sees_control_groups() -> bool:
    """Whether a control group can be found, and so its limits."""
    return Path("/sys").exists() or " - cgroup" in Path("/proc/self/mountinfo").read_text("utf-8")


def exceeds_its_memory() -> bool:
    """Whether more memory than allowed can be had: by several processes, where those are counted.

    Each takes half of the limit; of four, the machine must refuse or end at least two.
    """
    if not TOGETHER:
        return _has(MEMORY)
    children = [_forked(_hold_memory) for _ in range(4)]
    holding = [child for child in children if _says_ready(child)]
    until = time.monotonic() + 2  # one that is being ended takes a moment to be gone
    while (held := sum(_lives(child) for child in holding)) > 2 and time.monotonic() < until:
        time.sleep(0.02)
    _end(children)
    return held > 2


def _has(size: int) -> bool:
    try:
        return bool(bytearray(size))
    except MemoryError:
        return False


def _hold_memory(ready: int) -> None:
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # not the one who proves
    held = bytearray(MEMORY // 2)
    for page in range(0, len(held), os.sysconf("SC_PAGE_SIZE")):
        held[page] = 1
    os.write(ready, b"1")
    signal.pause()


def exceeds_its_processes() -> bool:
    """Whether more processes than allowed can be had."""
    children = []
    with suppress(OSError):
        while len(children) < 2 * PROCESSES:
            children.append(_forked(_wait))
    _end(children)
    return len(children) >= PROCESSES


def _wait(_ready: int) -> None:
    signal.pause()


def _forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Start a process; gives back its number and a pipe from it."""
    ours, theirs = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(ours)
        os.close(theirs)
        raise
    if pid == 0:
        os.close(ours)
        with suppress(BaseException):
            work(theirs)
        os._exit(1)
    os.close(theirs)
    return pid, ours


def _says_ready(child: tuple[int, int]) -> bool:
    return os.read(child[1], 1) == b"1"


def _lives(child: tuple[int, int]) -> bool:
    """Leaves a dead child for `_end` to collect."""
    return os.waitid(os.P_PID, child[0], os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _end(children: list[tuple[int, int]]) -> None:
    for pid, ours in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(ours)


def holds_others_up_at_shared_files() -> bool:
    """Whether a lease can be had, at which whoever opens the same file outside has to wait."""
    with Path("/etc/passwd").open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError:
            return False
    return True


def watches_what_others_open() -> bool:
    """Whether a session is told of files that are opened outside it."""
    return libc.inotify_init1(0) >= 0


def exceeds_its_file_size() -> bool:
    """Whether a file larger than allowed can be made, or room be taken behind its end."""
    big = Path("/workspace/big")
    try:
        with big.open("wb") as file:
            if (
                libc.fallocate(file.fileno(), KEEP_SIZE, ctypes.c_long(FILE), ctypes.c_long(2**16))
                == 0
            ):
                return True
            file.truncate(FILE + 1)
    except OSError:
        return False
    return True


def exceeds_its_open_files() -> bool:
    """Whether more files than allowed can be open."""
    held: list[int] = []
    try:
        held.extend(os.open("/dev/null", os.O_RDONLY) for _ in range(OPEN + 1))
    except OSError:
        return False
    finally:
        for number in held:
            os.close(number)
    return True


def fills_the_machines_memory() -> bool:
    """Whether the private folders in memory take more than they were given."""
    return any(_takes(Path(folder), 32 * 2**20) for folder in ("/tmp", "/dev/shm", "/home"))  # noqa: S108


def _takes(folder: Path, size: int) -> bool:
    piece, files = bytes(2**20), []
    try:
        for number in range(size // len(piece)):
            files.append(folder / f"fill{number}")
            files[-1].write_bytes(piece)
    except OSError:
        return False
    finally:
        for file in files:
            file.unlink(missing_ok=True)
    return True


EXITS = (
    reaches_the_network,
    reaches_the_hypervisor,
    writes_data,
    changes_the_machine,
    sees_the_data_home,
    sees_other_processes,
    holds_a_folder_of_the_host,
    sees_control_groups,
    makes_namespaces,
    has_capabilities,
    runs_unfiltered,
    finds_tokens,
    holds_others_up_at_shared_files,
    watches_what_others_open,
    exceeds_its_file_size,
    fills_the_machines_memory,
    exceeds_its_memory,
    exceeds_its_processes,
    exceeds_its_open_files,
)

if __name__ == "__main__":
    runpy.run_path("/opt/tre/start_kernel.py")["limit"](sys.argv[1])
    print("proved", *(way.__name__ for way in EXITS if way()))  # noqa: T201 - read by the prover
