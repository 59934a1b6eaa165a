"""The desk and the courier as processes of their own, as `tre up` starts them, on any database."""

import shutil
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.sessions.hubs import CannotMeasureError, free_ports, running
from benchmarks.sessions.processor import processor_seconds
from tests import postgresql
from tre.config import Config
from tre.hub.processes import process
from tre.hub.services import service_environment

READY_SECONDS = 60
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a process has used so far: seconds of all processors, and its memory's peak, MiB."""

    processor_seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What runs. processes: their numbers, by name."""

    config: Config
    processes: dict[str, int]

    def used(self) -> dict[str, Used]:
        """What each has used, by name; raises CannotMeasureError where one has ended."""
        return {name: _used(name, pid) for name, pid in self.processes.items()}


def databases() -> tuple[str, ...]:
    """Those that can be had on this machine."""
    return (SQLITE, POSTGRESQL) if postgresql.programs() else (SQLITE,)


@contextmanager
def installation(database: str, folder: Path) -> Generator[Config]:
    """An empty installation on a database; nothing of it is left afterwards."""
    config = Config(home=folder / "home", port=free_ports())
    try:
        if database == SQLITE:
            yield config
            return
        programs = postgresql.programs()
        if programs is None:
            message = "there are no PostgreSQL server programs (initdb, postgres) here"
            raise CannotMeasureError(message)
        with postgresql.running(programs, durable=True) as server, server.new_database() as url:
            yield replace(config, database_url=url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(config: Config) -> Generator[Served]:
    """Run desk and courier until it is over; raises CannotMeasureError where the desk is silent."""
    environment = service_environment(config)
    log = config.home.with_suffix(".log")
    with (
        running(["-m", "benchmarks.load.desk"], environment, log) as desk,
        running(["-m", "tre.courier"], environment, log.with_suffix(".courier")) as courier,
    ):
        _wait_for(config, log)
        yield Served(config=config, processes={"desk": desk.pid, "courier": courier.pid})


def _wait_for(config: Config, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while not _is_healthy(config):
        if time.monotonic() > until:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            message = "the desk does not answer:\n" + "\n".join(said)
            raise CannotMeasureError(message)
        time.sleep(0.2)


def _is_healthy(config: Config) -> bool:
    try:
        with urllib.request.urlopen(f"{config.desk_address}/health", timeout=2):  # noqa: S310
            return True
    except OSError:
        return False


def _used(name: str, pid: int) -> Used:
    found = process(pid)
    if found is None:
        message = f"the {name} ended by itself"
        raise CannotMeasureError(message)
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return Used(
        processor_seconds=processor_seconds({found}),
        peak_mib=int(peak.split()[1]) / 1024,
    )
