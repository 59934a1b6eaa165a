"""Proves on the machine at hand that the seal holds, with the same seal that sessions get."""

import socket
import subprocess
import tempfile
from pathlib import Path

from tre.hub.sealing import in_memory
from tre.hub.session_file import write_accounts
from tre.safe_settings.sealed_sandbox import (
    KernelRuntime,
    Machine,
    kernel_environment,
    kernel_seal,
)
from tre.safe_settings.seccomp import seccomp_filter
from tre.safe_settings.session_spec import SessionSpec

PATIENCE_SECONDS = 30

NAMESPACES_OFF = (
    "bubblewrap cannot make a sandbox here: {said}. Unprivileged user namespaces may be switched "
    "off. Ubuntu 23.10 and later: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or "
    "an AppArmor profile for bwrap; in a container: --security-opt seccomp=unconfined "
    "--security-opt systempaths=unconfined; user.max_user_namespaces must not be 0"
)


def prove_seal(machine: Machine) -> tuple[str, ...]:
    """Try every exit from inside a sandbox; gives back what stands against sealing here.

    Empty where the seal holds.
    """
    with tempfile.TemporaryDirectory(prefix="tre-proof-") as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        done = _try_exits(machine, Path(folder), listener.getsockname()[1])
    said = done.stdout.split()
    if done.returncode or not said or said[0] != "proved":
        return (NAMESPACES_OFF.format(said=done.stderr.strip() or f"status {done.returncode}"),)
    return tuple(f"a sealed session still {name.replace('_', ' ')}" for name in said[1:])


def _try_exits(machine: Machine, folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    spec = _trial(folder)
    write_accounts(folder)
    for name in ("connection.json", "beside"):
        (folder / name).touch()
    script = machine.start.with_name("prove.py")
    with in_memory("seccomp", seccomp_filter(machine.processor)) as calls:
        runtime = KernelRuntime(
            sockets=spec.outbox,
            connection_file=folder / "connection.json",
            accounts=folder,
            seccomp_fd=calls,
        )
        variables = kernel_environment(spec, machine, desk_url="").items()
        command = [
            str(machine.bwrap),
            *kernel_seal(spec, machine, runtime),
            *(word for item in variables for word in ("--setenv", *item)),
            *("--", str(machine.python), "-I", "-c", script.read_text(encoding="utf-8")),
            *(str(port), str(folder / "beside")),
        ]
        return subprocess.run(  # noqa: S603 - our own program, with arguments of our own
            command,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            pass_fds=(calls,),
            env={},
        )


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
    )
