"""Ways of reaching a network, this machine or another kernel from inside a session."""

import json
import os
import socket
import stat
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from tre.attack.inside.calls import call

SECONDS = 2


def own_loopback() -> bool:
    """Control: sockets work where they lead nowhere, inside the session."""
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        client.settimeout(SECONDS)
        client.connect(server.getsockname())
        return True


def own_pair() -> bool:
    """Control: two connected sockets can be had."""
    one, other = socket.socketpair()
    one.close()
    other.close()
    return True


def connect(host: str, port: int, family: int = socket.AF_INET) -> str:
    """Connect to an address by TCP."""
    with socket.socket(family) as trial:
        trial.settimeout(SECONDS)
        trial.connect((host, port))
        return f"{host}:{port} answered"


def send_datagram(host: str, port: int) -> str:
    """Send a datagram by UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        trial.sendto(b"attack", (host, port))
        return f"sent to {host}:{port}"


def resolve(name: str) -> str:
    """Ask for a name's address."""
    try:
        return str(socket.getaddrinfo(name, 80)[0][4])
    except socket.gaierror as error:
        raise OSError(error.errno or 0, str(error)) from error


def resolve_a_number() -> bool:
    """Control: what needs no name server is understood."""
    return bool(socket.getaddrinfo("127.0.0.1", 80))


def open_socket(family: int, kind: int, protocol: int = 0) -> str:
    """Open a socket of a family that leads past the network namespace."""
    socket.socket(family, kind, protocol).close()
    return "opened"


RARE = (3, 4, 5, 9, 17, 19, 21, 23, 26, 29, 30, 31, 32, 33, 34, 35, 37, 38, 39, 40, 41, 42, 43, 44)
"""AF_AX25, IPX, APPLETALK, X25, PACKET, ECONET, RDS, IRDA, LLC, CAN, TIPC, BLUETOOTH, IUCV, RXRPC,
ISDN, PHONET, CAIF, ALG, NFC, VSOCK, KCM, QIPCRTR, SMC, XDP (linux/socket.h)."""


def rare_families() -> list[int]:
    """Try every family that a filter may have forgotten; list those that can be opened."""
    opened = []
    for family in RARE:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, 5):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            opened.append(family)
            break
    return opened


def interfaces() -> list[str]:
    """List the network interfaces beside the session's own loopback."""
    return [name for _, name in socket.if_nameindex() if name != "lo"]


def new_interface() -> str:
    """Ask the machine by netlink for a new network interface (RTM_NEWLINK, kind dummy)."""
    kind = struct.pack("HH6s2x", 10, 1, b"dummy\0")
    information = struct.pack("HH", 4 + len(kind), 18) + kind
    body = struct.pack("BxHiII", 0, 0, 0, 0, 0) + information
    return _netlink(16, 0x0605, body)


def own_links() -> str:
    """Control: netlink answers a question that everybody may ask (RTM_GETLINK)."""
    return _netlink(18, 0x0301, struct.pack("BxHiII", 0, 0, 0, 0, 0))


def _netlink(kind: int, flags: int, body: bytes) -> str:
    with socket.socket(16, socket.SOCK_RAW, 0) as asked:
        asked.settimeout(SECONDS)
        asked.send(struct.pack("IHHII", 16 + len(body), kind, flags, 1, 0) + body)
        answer = asked.recv(65_536)
    _, answered, _, _, _ = struct.unpack("IHHII", answer[:16])
    if answered == 2:
        (error,) = struct.unpack("i", answer[16:20])
        if error:
            raise OSError(-error, os.strerror(-error))
    return "done"


def abstract_socket(name: str) -> str:
    """Connect to a socket that has a name and no file."""
    with socket.socket(socket.AF_UNIX) as trial:
        trial.settimeout(SECONDS)
        trial.connect(f"\0{name}")
        return "connected"


def own_abstract_socket() -> bool:
    """Control: an abstract socket of the session's own can be met."""
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("\0own-control")
        server.listen(1)
        client.connect("\0own-control")
        return True


def socket_file(path: str) -> str:
    """Connect to a socket by its file."""
    with socket.socket(socket.AF_UNIX) as trial:
        trial.settimeout(SECONDS)
        trial.connect(path)
        return "connected"


def reachable_sockets(*own: str) -> list[str]:
    """Look for socket files everywhere and connect to each, but for those of this kernel."""
    ours = (*own, _own_folder())
    found: list[str] = []
    waiting = ["/"]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting += [entry.path] if entry.path not in ("/proc", "/usr", "/sys") else []
            elif not entry.is_file(follow_symlinks=False) and not entry.is_symlink():
                found += [entry.path] if _is_socket(entry.path) else []
    return [path for path in found if not path.startswith(ours)]


def own_sockets() -> int:
    """Control: the search finds the sockets of the kernel that searches."""
    return len([one for one in Path(_own_folder()).iterdir() if _is_socket(str(one))])


def _own_folder() -> str:
    from ipykernel.connect import get_connection_file  # noqa: PLC0415 - in a kernel alone

    told = json.loads(Path(get_connection_file()).read_text(encoding="utf-8"))
    return str(Path(told["ip"]).parent)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(Path(path).lstat().st_mode)
    except OSError:
        return False


def connection_files() -> list[str]:
    """Look for the connection files of other kernels where Jupyter keeps them."""
    from ipykernel.connect import get_connection_file  # noqa: PLC0415 - in a kernel alone

    own = Path(get_connection_file()).resolve()
    places = ("/tmp", "/run", "/home", "/workspace", "/outbox", "/replies", "/data")  # noqa: S108
    found = [
        file
        for place in places
        for pattern in ("**/kernel-*.json", "**/connection*.json")
        for file in Path(place).glob(pattern)
    ]
    return [str(file) for file in found if file.resolve() != own]


def own_connection_file() -> str:
    """Control: this kernel's own connection file is found and read."""
    from ipykernel.connect import get_connection_file  # noqa: PLC0415 - in a kernel alone

    file = Path(get_connection_file())
    return str(bool(json.loads(file.read_text(encoding="utf-8"))["key"]))


def fetch(address: str) -> str:
    """Open an address as a program would that clones or downloads."""
    import urllib.error  # noqa: PLC0415 - sent as source
    import urllib.request  # noqa: PLC0415

    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310
            return str(answer.status)
    except urllib.error.URLError as error:
        if isinstance(error.reason, OSError):
            raise error.reason from error
        raise


def pip(*words: str) -> dict[str, Any]:
    """Run pip; its status and the end of what it said."""
    ran = subprocess.run(  # noqa: S603 - a probe
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return {"status": ran.returncode, "said": (ran.stdout + ran.stderr)[-400:]}


def shared_memory(key: int) -> int:
    """Look for a System V shared memory segment by its key."""
    return call("shmget", key, 0, 0)


def own_shared_memory() -> bool:
    """Control: a segment of the session's own can be had and found."""
    call("shmget", 0x7E57, 4096, 0o1600)
    return call("shmget", 0x7E57, 0, 0) >= 0
