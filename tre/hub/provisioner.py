"""Starts every kernel sealed, and none unsealed."""

import shutil
import signal
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Unicode

from tre.hub import processes
from tre.hub.kernel_log import KernelLog
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.memory_watch import MemoryWatch
from tre.hub.processes import Process
from tre.hub.sealing import file_in_memory
from tre.hub.session_file import Session, read_session, write_accounts
from tre.hub.session_folders import open_folders
from tre.hub.session_limits import close, enter
from tre.safe_settings.sealed_sandbox import (
    KERNELS,
    WORKSPACE,
    KernelRuntime,
    Machine,
    kernel_command,
    kernel_environment,
    kernel_seal,
    r_command,
)
from tre.safe_settings.seccomp import seccomp_filter
from tre.safe_settings.session_spec import Limits

NO_GROUP = (
    "the kernel could not enter this session's control group, so that nothing would limit it. "
    "Save your work, close the session, and open the project again"
)


class SealedProvisioner(LocalProvisioner):
    """Puts a kernel into the sandbox that its session's description asks for.

    Whatever is missing (the description, bubblewrap, a folder, the filter) stops the kernel from
    starting: there is no way through here to an unsealed one.
    """

    session = Unicode(help="The file written by `write_session`.").tag(config=True)
    language = Unicode("python", help="Which kernel of the machine: python or R.").tag(config=True)
    _private: Path | None = None
    _fillable: Path | None = None
    _said: KernelLog | None = None
    _open: tuple[int, ...] = ()
    _entrances: tuple[int, ...] = ()
    _memory_bytes = 0
    _watch: MemoryWatch | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel sockets of its own, and put the seal before its command."""
        try:
            return await self._prepared(**kwargs)
        except BaseException:
            self._forget()
            raise

    async def _prepared(self, **kwargs: Any) -> dict[str, Any]:
        session, machine = read_session(Path(str(self.session))), this_machine()
        self._entrances = session.entrances
        self._memory_bytes = session.spec.limits.memory_bytes
        private, fillable = self._folders()
        manager: Any = self.parent
        manager.transport = "ipc"
        manager.ip = str(fillable / "sockets" / "k")
        manager.cache_ports = False
        notebook = kwargs.get("env", {}).get("JPY_SESSION_NAME", "")
        kwargs = await super().pre_launch(**kwargs)
        folders = open_folders(session.spec)
        self._open = folders.numbers
        runtime = KernelRuntime(
            folders=folders,
            sockets=fillable / "sockets",
            connection_file=Path(manager.connection_file).resolve(),
            accounts=private,
            seccomp_fd=file_in_memory("seccomp", seccomp_filter(machine.processor)),
        )
        self._open = (*self._open, runtime.seccomp_fd)
        environment = kernel_environment(session.spec, machine, desk_url=session.desk_url)
        environment["JPY_SESSION_NAME"] = _inside(notebook, session)
        return kwargs | self._sealed(session, machine, runtime, environment)

    def _sealed(
        self,
        session: Session,
        machine: Machine,
        runtime: KernelRuntime,
        environment: dict[str, str],
    ) -> dict[str, Any]:
        """Say how to start bubblewrap; its arguments go by an open file, not for `ps` to show."""
        seal = kernel_seal(session.spec, machine, runtime)
        variables = [word for item in environment.items() for word in ("--setenv", *item)]
        arguments = file_in_memory("arguments", "\0".join([*seal, *variables]).encode() + b"\0")
        self._open = (*self._open, arguments)
        command = self._command(machine, session.spec.limits)
        return {
            "cmd": [str(machine.bwrap), "--args", str(arguments), "--", *command],
            "env": {},
            "cwd": "/",
            "pass_fds": self._open,
        }

    def _command(self, machine: Machine, limits: Limits) -> list[str]:
        if self.language != "R":
            return kernel_command(machine, limits)
        if machine.r is None:
            message = "R or its package IRkernel is not installed on this machine any more"
            raise NotSealableError(message)
        return r_command(machine, machine.r, limits)

    async def send_signal(self, signum: int) -> None:
        """Send an interrupt to the kernel itself; bubblewrap, which stands before it, would end."""
        if signum == signal.SIGINT and self.pid:
            processes.signal_all(_kernel_below(self.pid), "SIGINT")
        else:
            await super().send_signal(signum)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start it, with a log of its own in place of the server's terminal."""
        said = self._said = KernelLog()
        try:
            kwargs |= {
                "stdin": subprocess.DEVNULL,
                "stdout": said.entrance,
                "stderr": said.entrance,
            }
            kwargs["preexec_fn"] = partial(enter, self._entrances)
            found = await super().launch_kernel(cmd, **kwargs)
        except subprocess.SubprocessError as error:  # what `enter` raised is not said here
            self._forget()
            raise NotSealableError(NO_GROUP) from error
        except BaseException:
            self._forget()
            raise
        finally:
            said.close_entrance()
            self._close()
        if not self._entrances and self.pid:
            self._stop_watching()
            self._watch = MemoryWatch(self._kernels_beside, self.pid, self._memory_bytes)
        return found

    def _kernels_beside(self) -> set[int]:
        """The processes of this server's kernels: it serves one session."""
        manager: Any = self.parent
        others = dict(getattr(manager.parent, "_kernels", {})).values()
        provisioners = (self, *(getattr(other, "provisioner", None) for other in others))
        return {each.pid for each in provisioners if each is not None and each.pid}

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - jupyter_client's signature
        """Remove the kernel's private folder when it will not start again."""
        await super().cleanup(restart=restart)
        self._stop_watching()
        if not restart:
            self._forget()

    def _forget(self) -> None:
        self._close()
        if self._said:
            self.log.debug("kernel said: %s", self._said.tail)
            self._said = None
        for folder in (self._private, self._fillable):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        self._private = self._fillable = None

    def _folders(self) -> tuple[Path, Path]:
        """Two folders of this kernel: one that it only reads, and one that it may fill.

        A session's server has memory set apart for the second, so that a kernel that fills it
        keeps no other from starting.
        """
        if self._private is None or self._fillable is None:
            apart = KERNELS if Path(KERNELS).is_dir() else None
            self._private = Path(tempfile.mkdtemp(prefix="tre-kernel-"))
            self._fillable = Path(tempfile.mkdtemp(prefix="tre-kernel-", dir=apart))
            (self._fillable / "sockets").mkdir(mode=0o700)
            write_accounts(self._private)
        return self._private, self._fillable

    def _close(self) -> None:
        close(self._open)
        self._open = ()


def _kernel_below(bubblewrap: int) -> set[Process]:
    """Find the kernel: bubblewrap starts a first process inside, and that one the kernel."""
    started = sorted(processes.descendants(bubblewrap), key=lambda one: (one.started, one.pid))
    return set(started[1:2])


def _inside(notebook: str, session: Session) -> str:
    path = Path(notebook)
    if path.is_absolute() and path.is_relative_to(session.spec.workspace):
        path = path.relative_to(session.spec.workspace)
    return f"{WORKSPACE}/{path}" if notebook and not path.is_absolute() else ""
