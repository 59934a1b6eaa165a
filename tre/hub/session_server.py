"""The processes of one session's server, from outside its sandbox."""

import asyncio
from pathlib import Path

from tre.hub import processes
from tre.hub.processes import Process

KEEPER = ("/bin/sh", "-c", '"$@"; exit $?', "tre-session")
"""Stands between the hub and bubblewrap, whose sandbox dies with the process that started it.

A hub that is killed then leaves the session running, and whoever ends the keeper ends all of it.
"""

SERVER = ("-I", "-m", "tre.hub.server")
"""Isolated: Python takes no module from the folder in which it starts, and no PYTHON variable."""

_PATIENCE_SECONDS = 2.0


def server_in(tree: set[Process]) -> Process | None:
    """Find the server itself among the processes of its sandbox; None before it is there."""
    for one in sorted(tree):
        if tuple(_command(one)[1:]) == SERVER:
            return one
    return None


def of_sessions(found: set[Process]) -> set[Process]:
    """Those of these processes that belong to some session: its keeper and all below it."""
    keepers = {one for one in found if tuple(_command(one)[: len(KEEPER)]) == KEEPER}
    below = (processes.descendants(keeper.pid) for keeper in keepers)
    return keepers.union(*below)


async def end_tree(tree: set[Process]) -> None:
    """Wait for what a stopped server leaves behind, then end it."""
    for _ in range(int(_PATIENCE_SECONDS / 0.05)):
        if not processes.alive(tree):
            return
        await asyncio.sleep(0.05)
    processes.signal_all(tree, "SIGKILL")


def _command(one: Process) -> list[str]:
    try:
        text = Path(f"/proc/{one.pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rstrip("\0").split("\0")
