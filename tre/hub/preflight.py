"""What must hold before the hub starts; each refusal names the remedy."""

import fcntl
import os
import socket
from pathlib import Path

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.ports import Ports, ports_of
from tre.hub.proof import prove_seal
from tre.hub.proxy_program import NoProxyError, proxy_command
from tre.safe_settings.seccomp import UnknownMachineError
from tre.steps.tre import open_tre


class CannotServeError(UnusableRequestError):
    """`tre up` cannot start; nothing was started, nothing was changed."""


def must_be_ready(config: Config) -> None:
    """Raise CannotServeError with what is missing and how to get it."""
    must_have_ports(config)
    must_have_store(config)
    must_have_proxy()
    must_be_sealable()


def must_have_ports(config: Config) -> None:
    """Every port must be free on this machine."""
    ports = ports_of(config)
    _must_differ(ports)
    for name, port in (
        ("hub", ports.hub),
        ("desk", ports.desk),
        ("hub behind its proxy", ports.inner),
        ("proxy's own interface", ports.proxy),
    ):
        _must_be_free(config.host, port, name, config)


def _must_differ(ports: Ports) -> None:
    if ports.hub == ports.desk:
        message = (
            f"the hub and the desk cannot both listen on port {ports.hub}; choose another desk_port"
        )
        raise CannotServeError(message)


def _must_be_free(host: str, port: int, name: str, config: Config) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as error:
            message = f"port {port} (for the {name}) needs privileges; try {_other(config)}"
            raise CannotServeError(message) from error
        except OSError as error:
            message = (
                f"port {port} on {host} is taken, and the {name} needs it. Is another `make up` "
                f"running? Choose another port: {_other(config)}"
            )
            raise CannotServeError(message) from error


def _other(config: Config) -> str:
    other = config.port + 800 if config.port + 810 < 65_536 else 8000
    return f"make up PORT={other} (or tre up --port {other})"


def must_have_store(config: Config) -> None:
    """The database must answer before anything that needs it is started."""
    open_tre(config).close()


def must_have_proxy() -> None:
    """Node.js and the proxy must be installed."""
    try:
        proxy_command()
    except NoProxyError as error:
        raise CannotServeError(str(error)) from error


def must_be_sealable() -> None:
    """The seal must hold on this machine, or no session would start anyway."""
    try:
        failures = prove_seal(this_machine())
    except (NotSealableError, UnknownMachineError) as error:
        raise CannotServeError(str(error)) from error
    if failures:
        lines = "\n".join(f"  - {failure}" for failure in failures)
        message = f"sessions cannot be sealed on this machine:\n{lines}\n`tre doctor` says more."
        raise CannotServeError(message)


class HomeLock:
    """One `tre up` for one data home; the lock goes when its process goes, however it goes."""

    def __init__(self, home: Path):
        self._file = home / "hub" / "up.lock"
        self._open: int | None = None

    def __enter__(self) -> "HomeLock":
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.read(number, 20).decode("ascii", "replace").strip()
            os.close(number)
            message = (
                f"{self._file.parents[1]} is being served already (process {other}). Stop that one "
                "with Ctrl-C first, or name another data home: tre --home DIRECTORY up --port PORT"
            )
            raise CannotServeError(message) from error
        os.ftruncate(number, 0)
        os.write(number, str(os.getpid()).encode())
        self._open = number
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            os.close(self._open)
            self._open = None
