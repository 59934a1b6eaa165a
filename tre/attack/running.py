"""Finds the world that is running in a data home, with the settings that it was started with."""

from pathlib import Path

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.hub.processes import left_over
from tre.hub.up import answers


class NothingRunsError(UnusableRequestError):
    """There is no running world to attack; the message says how to start one."""


def running_world(config: Config) -> Config:
    """The settings of the hub that serves this data home now.

    They are read from the hub's own process, since `tre up --port` is written down nowhere else.
    Raises NothingRunsError.
    """
    for process in sorted(left_over(config.home / "hub" / "processes.json")):
        environment = _environment(process.pid)
        if environment.get("TRE_HOME") == str(config.home) and "TRE_PORT" in environment:
            started = Config.load(config.home, environment)
            if answers(f"{started.url}/hub/health"):
                return started
    message = (
        f"no world is running in {config.home}: start one with `make up` in another terminal "
        "(or name its data home with --home), then ask again"
    )
    raise NothingRunsError(message)


def _environment(pid: int) -> dict[str, str]:
    try:
        text = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return {}
    pairs = (each.partition("=") for each in text.split("\0") if "=" in each)
    return {name: value for name, _, value in pairs if name.startswith("TRE_")}
