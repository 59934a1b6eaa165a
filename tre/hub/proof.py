"""Proves on the machine at hand that the seal holds, with the same seal that sessions get."""

import socket
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from tre.hub.control_groups import give_back, groups_of_this_machine, make_room
from tre.hub.namespace_advice import namespace_advice
from tre.hub.sealing import in_memory
from tre.hub.session_file import write_accounts
from tre.hub.session_folders import opened_folders
from tre.hub.session_limits import NoLimitsError, enter, in_group
from tre.safe_settings.sealed_sandbox import (
    KernelRuntime,
    Machine,
    kernel_environment,
    kernel_seal,
    process_limits,
)
from tre.safe_settings.seccomp import seccomp_filter
from tre.safe_settings.session_spec import Limits, SessionSpec

PATIENCE_SECONDS = 30

SMALL = Limits(
    memory_bytes=192 * 2**20,
    file_bytes=4 * 2**20,
    tmp_bytes=8 * 2**20,
    shm_bytes=8 * 2**20,
    open_files=64,
    processes=40,
)
"""Limits so low that trying to exceed them takes no time."""


def prove_seal(machine: Machine) -> tuple[str, ...]:
    """Try every exit, and to exceed every limit, from inside a sandbox.

    Gives back what stands against sealing here; empty where the seal holds. A limit that this
    machine has only for each process apart (`Machine.groups` is "") is tried as that.
    """
    try:
        done = _tried(machine)
    except (NoLimitsError, OSError) as error:
        return (f"no sandbox could be tried here: {error}",)
    except subprocess.TimeoutExpired:
        return (f"a trial in a sandbox took longer than {PATIENCE_SECONDS} seconds",)
    said = done.stdout.split()
    if done.returncode or not said or said[0] != "proved":
        said_why = done.stderr.strip() or f"status {done.returncode}"
        return namespace_advice(said_why, machine.bwrap, as_root=machine.as_root)
    return tuple(f"a sealed session still {name.replace('_', ' ')}" for name in said[1:])


def _tried(machine: Machine) -> subprocess.CompletedProcess[str]:
    groups = groups_of_this_machine()
    turned_on = make_room(groups)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="tre-proof-") as folder,
            socket.socket() as listener,
            in_group(SMALL, groups) as entrances,
        ):
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            return _try_exits(machine, Path(folder).resolve(), port, entrances)
    finally:
        if turned_on:
            give_back(groups)


def _try_exits(
    machine: Machine, folder: Path, port: int, entrances: tuple[int, ...]
) -> subprocess.CompletedProcess[str]:
    spec = _trial(folder)
    write_accounts(folder)
    for name in ("connection.json", "beside"):
        (folder / name).touch()
    with (
        in_memory("seccomp", seccomp_filter(machine.processor)) as calls,
        opened_folders(spec) as folders,
    ):
        runtime = KernelRuntime(
            folders=folders,
            sockets=spec.outbox,
            connection_file=folder / "connection.json",
            accounts=folder,
            seccomp_fd=calls,
        )
        return subprocess.run(  # noqa: S603 - our own program, with arguments of our own
            [*_command(machine, spec, runtime), str(port), str(folder / "beside")],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            pass_fds=(calls, *folders.numbers),
            preexec_fn=partial(enter, entrances),
            env={},
        )


def _command(machine: Machine, spec: SessionSpec, runtime: KernelRuntime) -> list[str]:
    script = machine.start.with_name("prove.py")
    variables = kernel_environment(spec, machine, desk_url="").items()
    return [
        str(machine.bwrap),
        *kernel_seal(spec, machine, runtime),
        *(word for item in variables for word in ("--setenv", *item)),
        *("--", str(machine.python), "-I", "-c", script.read_text(encoding="utf-8")),
        *(process_limits(spec.limits), "together" if machine.groups else "apart"),
    ]


def _trial(folder: Path) -> SessionSpec:
    names = ("extract", "workspace", "outbox", "replies")
    for name in names:
        (folder / name).mkdir()
    return SessionSpec(
        person="nobody",
        project="proof",
        title="",
        practice=True,
        policy="srs",
        extract=folder / "extract",
        workspace=folder / "workspace",
        outbox=folder / "outbox",
        replies=folder / "replies",
        limits=SMALL,
    )
