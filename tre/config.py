"""The settings of one installation, read once and then frozen."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from tre.decision import UnusableRequestError

DEFAULT_HOME = Path("var/tre")
"""The data home where none is named, seen from the folder in which the command is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One machine needs no file: these defaults serve the demonstration world.

    home: the data home. database_url: SQLAlchemy's, "" for SQLite in the data home.
    port: where the hub listens (TCP, 127.0.0.1); desk_port: the desk's, 0 for port + 1.
    people: simulated people in a new world. seed: the same seed gives the same world.
    place: the ONS access level of the room in which the sessions of this machine are used.
    hub_url, desk_url: as browsers reach them; "" for http://host:port.
    linkage_backend: where splink compares identifiers: duckdb, or spark past one machine.
    session_*: what one session may use (MiB, percent of one core, processes), how long it lives
    (minutes without a sign of life, hours in all), and how much of one project a person may be
    shown in 24 hours (MiB).
    rerun_minutes: how long the code of a request may take when it is run again, 0 for never.
    request_file_mib, request_mib, request_files: the most of one file of a release request (MiB),
    of all its files together (MiB), and how many there may be. request_table_cells: the most cells
    of one declared table that a person is asked to review, and the rows that are kept of a file.
    workspace_mib: how large a project's workspace may grow. packages: a folder of wheels that
    sessions may install from; "" for `packages` in the data home.
    checkpoint_folder: where the ledger's checkpoints are copied to, "" for nowhere.
    smtp_url: the mail server, smtp://host:25 or smtps://user:password@host; "" for a mailbox
    folder, `mail` in the data home. mail_from: the sender's address.
    oidc_*: an OpenID Connect provider that signs people in, "" for the hub's own passwords; as whom
    it knows this hub; and the word in its claims `amr` or `acr` that means a second factor.
    """

    home: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    desk_port: int = 0
    people: int = 20_000
    seed: int = 2026
    place: str = "safe room"
    hub_url: str = ""
    desk_url: str = ""
    linkage_backend: str = "duckdb"
    session_memory_mib: int = 4_096
    session_cpu_percent: int = 200
    session_processes: int = 256
    session_file_mib: int = 2_048
    session_tmp_mib: int = 512
    session_idle_minutes: int = 60
    session_hours: int = 12
    session_shown_mib: int = 256
    rerun_minutes: int = 10
    request_file_mib: int = 16
    request_mib: int = 64
    request_files: int = 50
    request_table_cells: int = 20_000
    workspace_mib: int = 10_240
    packages: str = ""
    checkpoint_folder: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: str = ""
    oidc_second_factor: str = "mfa"

    @classmethod
    def load(cls, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Self:
        """Read `tre.toml` in the data home, then TRE_* variables, which win.

        Raises UnusableRequestError for an unknown setting or a value of the wrong kind: a
        misspelt setting must never quietly mean the default.
        """
        where = home or Path(environ.get("TRE_HOME") or DEFAULT_HOME)
        config = cls(home=where.expanduser().resolve())
        settings: dict[str, Any] = {}
        file = config.home / "tre.toml"
        if file.exists():
            settings |= _read_toml(file)
        for name in _SETTINGS:
            if value := environ.get(f"TRE_{name.upper()}"):
                settings[name] = value
        return replace(config, **{name: _typed(name, value) for name, value in settings.items()})

    @property
    def url(self) -> str:
        """The hub's address, as a browser reaches it, without a slash at the end."""
        return (self.hub_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def desk_address(self) -> str:
        """The desk's address, as a browser reaches it, without a slash at the end."""
        return (self.desk_url or f"http://{self.host}:{self.desk_listens_on}").rstrip("/")

    @property
    def package_folder(self) -> Path:
        """The folder of wheels that sessions may install from; it need not exist."""
        return Path(self.packages).expanduser() if self.packages else self.home / "packages"

    @property
    def desk_listens_on(self) -> int:
        """The desk's TCP port."""
        return self.desk_port or self.port + 1

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the store."""
        return self.database_url or f"sqlite:///{self.home / 'tre.sqlite'}"


PLACES = ("safe room", "assured office", "assured home")
BACKENDS = ("duckdb", "spark")
_CHOICES = {"place": PLACES, "linkage_backend": BACKENDS}
_SETTINGS = {field.name: field.type for field in fields(Config) if field.name != "home"}


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = f"{file} is not valid TOML: {error}"
        raise UnusableRequestError(message) from error


def _typed(name: str, value: object) -> str | int:
    if name not in _SETTINGS:
        message = f"unknown setting {name!r}; known are {', '.join(sorted(_SETTINGS))}"
        raise UnusableRequestError(message)
    if name in _CHOICES and value not in _CHOICES[name]:
        message = f"setting {name!r} must be one of {', '.join(_CHOICES[name])}, not {value!r}"
        raise UnusableRequestError(message)
    if _SETTINGS[name] is not int:
        return str(value)
    try:
        number = int(str(value))
    except ValueError as error:
        message = f"setting {name!r} must be a whole number, not {value!r}"
        raise UnusableRequestError(message) from error
    return _in_range(name, number)


def _in_range(name: str, number: int) -> int:
    lowest, highest = _RANGES.get(name, (0, 2**63))
    if not lowest <= number <= highest:
        message = f"setting {name!r} must be from {lowest:,} to {highest:,}, not {number:,}"
        raise UnusableRequestError(message)
    return number


_RANGES = {
    "port": (1, 65_534),
    "desk_port": (0, 65_535),
    "people": (1_000, 3_000_000),
    "session_memory_mib": (512, 2**20),
    "session_cpu_percent": (10, 25_600),
    "session_processes": (16, 2**16),
    "session_file_mib": (1, 2**20),
    "session_tmp_mib": (16, 2**20),
    "session_idle_minutes": (1, 7 * 24 * 60),
    "session_hours": (1, 7 * 24),
    "session_shown_mib": (1, 2**20),
    "rerun_minutes": (0, 24 * 60),
    "request_file_mib": (1, 47),  # in base64 a third more: what the desk reads of one body
    "request_mib": (1, 1_024),
    "request_files": (1, 1_000),
    "request_table_cells": (100, 200_000),
    "workspace_mib": (16, 2**30),
}
