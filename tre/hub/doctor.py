"""Examines the machine: what a session needs, whether it is there, and what to do if not."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tre.config import Config
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.preflight import CannotServeError, must_have_ports
from tre.hub.proof import prove_seal
from tre.hub.proxy_program import NoProxyError, node, proxy_program
from tre.safe_settings.seccomp import UnknownMachineError

FREE_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; remedy: what to do, "" where nothing is to be done."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


def examine(config: Config | None = None) -> tuple[Check, ...]:
    """Look at everything, and stop at nothing: one broken thing does not hide the next."""
    settings = config or Config.load()
    return tuple(look(settings) for look in EXAMINATIONS)


def _python(_config: Config) -> Check:
    version = ".".join(str(number) for number in sys.version_info[:3])
    return Check(name="Python", ok=True, message=f"{version} in {sys.prefix}")


def _bubblewrap(_config: Config) -> Check:
    try:
        machine = this_machine()
    except (NotSealableError, UnknownMachineError) as error:
        return Check(name="bubblewrap", ok=False, message="not usable", remedy=str(error))
    return Check(name="bubblewrap", ok=True, message=str(machine.bwrap))


def _seal(_config: Config) -> Check:
    """A sandbox like a session's, in which every exit of `inside/prove.py` was tried."""
    try:
        failures = prove_seal(this_machine())
    except (NotSealableError, UnknownMachineError) as error:
        return Check(name="seal", ok=False, message="not tried", remedy=str(error))
    if failures:
        remedy = "; ".join(failures)
        return Check(
            name="seal", ok=False, message="does not hold: no session starts", remedy=remedy
        )
    return Check(name="seal", ok=True, message="holds: every exit that was tried is closed")


def _account(_config: Config) -> Check:
    if os.geteuid() != 0:
        return Check(name="account", ok=True, message="an ordinary user")
    message = (
        "root: sessions hold, but the limit on processes does not, and servers see the machine's "
        "process list; an ordinary user is better"
    )
    return Check(name="account", ok=True, message=message)


def _node(_config: Config) -> Check:
    try:
        return Check(name="Node.js", ok=True, message=str(node()))
    except NoProxyError as error:
        return Check(name="Node.js", ok=False, message="missing", remedy=str(error))


def _proxy(_config: Config) -> Check:
    try:
        return Check(name="proxy", ok=True, message=str(proxy_program().parents[1]))
    except NoProxyError as error:
        return Check(name="proxy", ok=False, message="missing", remedy=str(error))


def _ports(config: Config) -> Check:
    try:
        must_have_ports(config)
    except CannotServeError as error:
        return Check(name="ports", ok=False, message="in use", remedy=str(error))
    return Check(name="ports", ok=True, message=f"{config.port} and those after it are free")


def _home(config: Config) -> Check:
    there = next(path for path in (config.home, *config.home.parents) if path.exists())
    if not os.access(there, os.W_OK):
        remedy = f"choose a folder that you may write to: tre --home DIRECTORY (not {there})"
        return Check(name="data home", ok=False, message=f"{there} is read-only", remedy=remedy)
    return _room(there)


def _room(there: Path) -> Check:
    free = shutil.disk_usage(there).free
    message = f"{there}, {free / 2**30:.0f} GiB free"
    if free < FREE_BYTES:
        remedy = f"free {FREE_BYTES / 2**30:.0f} GiB there, or choose another: tre --home DIRECTORY"
        return Check(name="data home", ok=False, message=message, remedy=remedy)
    return Check(name="data home", ok=True, message=message)


EXAMINATIONS: tuple[Callable[[Config], Check], ...] = (
    _python,
    _account,
    _bubblewrap,
    _seal,
    _node,
    _proxy,
    _home,
    _ports,
)
