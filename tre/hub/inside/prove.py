"""Runs inside the sandbox and tries to get out; prints what it could do. Standard library alone."""

import ctypes
import errno
import os
import socket
import sys
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)
NEW_USER_NAMESPACE = 0x10000000
VSOCK = 40


def reaches_the_network() -> bool:
    """Whether an address outside, or one of this machine, answers."""
    for address in (("192.0.2.1", 80), ("127.0.0.1", int(sys.argv[1]))):
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
    return Path(sys.argv[2]).exists()


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


EXITS = (
    reaches_the_network,
    reaches_the_hypervisor,
    writes_data,
    changes_the_machine,
    sees_the_data_home,
    sees_other_processes,
    makes_namespaces,
    has_capabilities,
    runs_unfiltered,
    finds_tokens,
)

if __name__ == "__main__":
    print("proved", *(way.__name__ for way in EXITS if way()))  # noqa: T201 - read by the prover
