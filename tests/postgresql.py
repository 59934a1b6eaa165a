"""Run a real PostgreSQL server for the tests, on a socket of its own and no network at all."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Server:
    """A running server; socket: the folder in which its socket lies."""

    socket: Path

    @contextmanager
    def new_database(self, *, like: str = "template1") -> Generator[str]:
        """Make a database and drop it afterwards; its SQLAlchemy address.

        like: the name of one to copy, to which nobody is connected; the usual one is empty.
        """
        name = f"tre_{secrets.token_hex(6)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {like}")
        try:
            yield f"postgresql+psycopg://postgres@/{name}?host={self.socket}"
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        address = f"host={self.socket} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def programs() -> Path | None:
    """The newest folder of PostgreSQL's server programs, or None where there is none."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    if found and (found[-1] / "initdb").exists():
        return found[-1]
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running(programs: Path, *, durable: bool = False) -> Generator[Server]:
    """Make a cluster in a folder that the server's account can reach, run it, and remove it.

    durable: what is committed is on the disk, as where it matters; tests need not wait for it.
    """
    folder = Path(tempfile.mkdtemp(prefix="tre-pg-", dir="/tmp"))
    try:
        _give_away(folder)
        data, log = folder / "data", folder / "log"
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        options += "" if durable else " -c fsync=off"
        pg_ctl = programs / "pg_ctl"
        _run(pg_ctl, "start", "-w", "-D", data, "-l", log, "-o", options)
        try:
            yield Server(folder)
        finally:
            _run(pg_ctl, "stop", "-w", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_away(folder: Path) -> None:
    """PostgreSQL refuses to run as root: another account owns the folder then."""
    folder.chmod(0o755)
    if account := _account():
        shutil.chown(folder, user=account)


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return next(account for account in _ACCOUNTS if account in known)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if account := _account():
        words = ["setpriv", f"--reuid={account}", "--clear-groups", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/")
