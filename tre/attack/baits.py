"""Things of this machine, laid out so that reaching one of them proves a way out of a session.

Each is reached once from outside first: a bait that nobody can reach would prove nothing.
"""

import ctypes
import os
import secrets
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tre.attack.attack import CannotAttackError

_CREATE, _REMOVE = 0o1600, 0
"""IPC_CREAT with rights for the owner, and IPC_RMID, of shmget(2) and shmctl(2)."""


class Baits:
    """A TCP port, an abstract socket, a socket file, a file in /tmp, shared memory."""

    def __init__(self) -> None:
        self._kept = ExitStack()
        self.name = f"tre-attack-{secrets.token_hex(6)}"
        self.port = self._listening()
        self.abstract = self._abstract()
        folder = Path(self._kept.enter_context(tempfile.TemporaryDirectory(prefix=self.name)))
        self.file = str(folder / "file")
        Path(self.file).write_text("bait", encoding="ascii")
        self.socket_file = self._socket_file(folder / "socket")
        self.in_memory = self._in_memory()
        self.key = self._shared_memory()

    def close(self) -> None:
        """Take everything away."""
        self._kept.close()

    def _listening(self) -> int:
        server = self._kept.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        with socket.socket() as client:
            client.settimeout(2)
            client.connect(server.getsockname())
        return server.getsockname()[1]

    def _abstract(self) -> str:
        self._serve(f"\0{self.name}")
        return self.name

    def _socket_file(self, path: Path) -> str:
        self._serve(str(path))
        return str(path)

    def _serve(self, address: str) -> None:
        server = self._kept.enter_context(socket.socket(socket.AF_UNIX))
        server.bind(address)
        server.listen(8)
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(address)

    def _in_memory(self) -> str:
        file = Path("/dev/shm") / self.name  # noqa: S108 - the machine's own, on purpose
        file.write_text("bait", encoding="ascii")
        self._kept.callback(file.unlink, missing_ok=True)
        return str(file)

    def _shared_memory(self) -> int:
        """A System V segment; its key tells it from those of other programs."""
        libc = ctypes.CDLL(None, use_errno=True)
        key = secrets.randbelow(2**30) + 1
        number = libc.shmget(key, 4096, _CREATE)
        if number == -1:
            message = f"no shared memory to lay out: {os.strerror(ctypes.get_errno())}"
            raise CannotAttackError(message)
        self._kept.callback(libc.shmctl, number, _REMOVE, None)
        return key
