"""Examines the machine: what a session needs, whether it is there, and what to do if not."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tre.config import Config
from tre.hub.check import Check
from tre.hub.preflight import CannotServeError, must_have_ports
from tre.hub.proxy_program import NoProxyError, node, proxy_program
from tre.hub.seal_checks import SEAL_CHECKS

FREE_BYTES = 2 * 2**30


def examine(config: Config | None = None) -> tuple[Check, ...]:
    """Look at everything, and stop at nothing: one broken thing does not hide the next."""
    settings = config or Config.load()
    return tuple(look(settings) for look in EXAMINATIONS)


def _python(_config: Config) -> Check:
    version = ".".join(str(number) for number in sys.version_info[:3])
    return Check(name="Python", ok=True, message=f"{version} in {sys.prefix}")


def _account(_config: Config) -> Check:
    if os.geteuid() != 0:
        return Check(name="account", ok=True, message="an ordinary user")
    message = "root: servers see the machine's process list; an ordinary user is better"
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
    *SEAL_CHECKS,
    _node,
    _proxy,
    _home,
    _ports,
)
