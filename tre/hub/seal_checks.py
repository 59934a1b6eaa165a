"""What a session's seal needs of the machine, one check for each thing."""

import os
import platform
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from tre.config import Config
from tre.hub.check import Check, bad, good, weak
from tre.hub.control_groups import Groups, groups_of_this_machine
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.namespace_advice import namespace_advice
from tre.hub.proof import prove_seal
from tre.safe_settings.control_groups import CONTROLLERS
from tre.safe_settings.sealed_sandbox import Machine
from tre.safe_settings.seccomp import PROCESSORS, UnknownMachineError

NOT_TRIED = "not tried"
_PATIENCE_SECONDS = 10

DELEGATE = (
    "have systemd leave a part of the control groups to it. As a service: "
    "/etc/systemd/system/tre.service.d/delegate.conf with the lines `[Service]` and "
    "`Delegate=memory pids cpu`, then sudo systemctl daemon-reload and restart. By hand: "
    "systemd-run --user --scope -p Delegate=yes tre up (as root without --user); for an account "
    "that nobody signs in to, first sudo loginctl enable-linger ACCOUNT. In a container only its "
    "root can have them, with /sys/fs/cgroup writable"
)


def processor(_config: Config) -> Check:
    """The call filter numbers the calls of two kinds of processors."""
    here = platform.machine()
    if here in PROCESSORS:
        return good("processor", here)
    remedy = f"run it on {' or '.join(PROCESSORS)}; for {here} nobody has numbered the calls yet"
    return bad("processor", f"{here}: no call filter is known for it", remedy)


def bubblewrap(_config: Config) -> Check:
    """Bubblewrap must be there, must run, and must mount folders that are open."""
    machine = _machine()
    if isinstance(machine, str):
        return bad("bubblewrap", "not usable", machine)
    if _is_noexec(machine.bwrap):
        remedy = f"mount what holds {machine.bwrap} without noexec, or install it elsewhere"
        return bad("bubblewrap", "its folder is mounted noexec: it cannot run", remedy)
    done = _run([str(machine.bwrap), "--help"])
    if "--bind-fd" not in done.stdout + done.stderr:
        remedy = "it must be 0.10 or later: `make clean install` puts back the one that is pinned"
        return bad("bubblewrap", f"{machine.bwrap} cannot mount open folders", remedy)
    return good("bubblewrap", str(machine.bwrap))


def namespaces(_config: Config) -> Check:
    """The machine must let this account make namespaces, and mount a fresh /proc in them."""
    machine = _machine()
    if isinstance(machine, str):
        return bad("namespaces", NOT_TRIED, machine)
    apart = ("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
    done = _run([str(machine.bwrap), *apart, "--ro-bind", "/", "/", "--proc", "/proc", "/bin/true"])
    if done.returncode == 0:
        return good("namespaces", "user, process, network, ipc and host name can be had apart")
    said = done.stderr.strip() or f"status {done.returncode}"
    first, *advice = namespace_advice(said, machine.bwrap, as_root=machine.as_root)
    return bad("namespaces", first, "; ".join(advice) or "ask whoever runs this machine")


def python_shown(_config: Config) -> Check:
    """The Python of a session is this one: its account must be able to read and run it."""
    machine = _machine()
    if isinstance(machine, str):
        return bad("Python in sessions", NOT_TRIED, machine)
    for folder in (*machine.prefixes, *machine.packages):
        if hidden := _unreadable(folder):
            remedy = (
                "build the environment from a Python that everybody may read, "
                "such as /usr/bin/python3: make clean install PYTHON=/usr/bin/python3"
            )
            return bad("Python in sessions", f"{hidden} is closed to this account", remedy)
        if _is_noexec(folder):
            remedy = f"mount what holds {folder} without noexec, or install it elsewhere"
            return bad("Python in sessions", f"{folder} is mounted noexec", remedy)
    return good("Python in sessions", ", ".join(str(folder) for folder in machine.prefixes))


def home_apart(config: Config) -> Check:
    """The data home must not lie in what every session reads."""
    machine = _machine()
    if isinstance(machine, str):
        return bad("data home apart", NOT_TRIED, machine)
    for shown in (Path("/usr"), *machine.prefixes, *machine.packages):
        if config.home.is_relative_to(shown):
            message = f"{config.home} lies inside {shown}, which every session may read"
            return bad("data home apart", message, "choose another: tre --home DIRECTORY")
    return good("data home apart", "no session sees more of it than its own project")


def limits(_config: Config) -> Check:
    """A session as a whole must be held to its limits."""
    return limits_with(groups_of_this_machine(), as_root=os.geteuid() == 0)


def limits_with(groups: Groups, *, as_root: bool) -> Check:
    """Say what these groups hold."""
    missing = [ours for name, ours in CONTROLLERS.items() if name not in groups.folders]
    if groups.version and not missing:
        message = f"{groups.kind}: memory, processes and processor time of a session together"
        return good("limits", message)
    if groups.version:
        message = f"{groups.kind}, but not of {' and '.join(missing)}"
        return weak("limits", message, DELEGATE)
    if as_root:
        message = f"{groups.why_not}; root has no other limit on processes: no session starts"
        remedy = f"run it as an ordinary user, or {DELEGATE}"
        return bad("limits", message, remedy)
    message = (
        f"{groups.why_not}: sessions start, and hold to their limit of processes; memory is "
        "limited for each process and watched for all together, processor time is not limited"
    )
    return weak("limits", message, DELEGATE)


def seal(_config: Config) -> Check:
    """A sandbox like a session's, in which every exit and every limit was tried."""
    machine = _machine()
    if isinstance(machine, str):
        return bad("seal", NOT_TRIED, machine)
    if failures := prove_seal(machine):
        return bad("seal", "does not hold: no session starts", "; ".join(failures))
    return good("seal", "holds: every exit that was tried is closed, every limit was kept")


def r_kernel(_config: Config) -> Check:
    """R is offered where it is installed; nobody needs it."""
    machine = _machine()
    if isinstance(machine, str) or machine.r is None:
        return good("R", "not installed: sessions offer Python alone (docs/how-to/run.md)")
    return good("R", f"{machine.r.program}: sessions offer it as a second kernel")


SEAL_CHECKS: tuple[Callable[[Config], Check], ...] = (
    processor,
    bubblewrap,
    namespaces,
    python_shown,
    home_apart,
    limits,
    seal,
    r_kernel,
)


def _machine() -> Machine | str:
    """The machine, or why there is none to seal on."""
    try:
        return this_machine()
    except (NotSealableError, UnknownMachineError) as error:
        return str(error)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - bubblewrap, with arguments of our own
            command,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
            env={},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def _is_noexec(path: Path) -> bool:
    return bool(os.statvfs(path).f_flag & os.ST_NOEXEC)


def _unreadable(folder: Path) -> Path | None:
    """The first folder on the way that a session could not pass.

    Root is judged as anybody: in a sandbox it has no privilege over the files of others.
    """
    mine = {os.getegid(), *os.getgroups()}
    for path in (*reversed(folder.resolve().parents), folder.resolve()):
        try:
            found = path.stat()
        except OSError:
            return path
        owner = found.st_uid == os.geteuid()
        bit = stat.S_IXUSR if owner else stat.S_IXGRP if found.st_gid in mine else stat.S_IXOTH
        if not found.st_mode & bit:
            return path
    return None
