"""Other processes seen, read, signalled or survived from inside a session."""

import os
import resource
import signal
import time
from pathlib import Path
from typing import Any

from tre.attack.inside.calls import in_a_child


def own_memory() -> bool:
    """Control: a process reads its own memory by /proc."""
    text = Path("/proc/self/maps").read_text(encoding="ascii").splitlines()
    start = int(text[0].split("-")[0], 16)
    with Path("/proc/self/mem").open("rb") as memory:
        memory.seek(start)
        return len(memory.read(4)) == 4


def strange_processes(*words: str) -> list[str]:
    """List the processes whose command names a part of the environment."""
    return [line for line in _commands() if any(word in line for word in words)]


def own_processes() -> bool:
    """Control: the search reads the command of the kernel itself."""
    own = Path("/proc/self/cmdline").read_bytes().decode(errors="replace")
    return own in _commands()


def _commands() -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.append((entry / "cmdline").read_bytes().decode(errors="replace"))
            except OSError:
                continue
    return found


def secrets_in_environments(*words: str) -> list[str]:
    """Read every process's environment; list the names of variables that hold a secret."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = file.read_bytes().decode(errors="replace")
        except OSError:
            continue
        names = [each.partition("=")[0] for each in text.split("\0")]
        found += [name for name in names if any(word in name.upper() for word in words)]
    own = [name for name in os.environ if any(word in name.upper() for word in words)]
    return sorted({*found, *own})


def own_environment() -> bool:
    """Control: the kernel's own environment is there to be read."""
    return b"PATH=" in Path("/proc/self/environ").read_bytes()


def memory_of_first(flags: int) -> str:
    """Open the memory of process 1."""
    descriptor = os.open("/proc/1/mem", flags)
    os.close(descriptor)
    return "opened"


def rights_of_first() -> dict[str, Any]:
    """Tell whether process 1 has more rights than the kernel that looks, or lives elsewhere."""
    told: dict[str, Any] = {}
    for name in ("CapEff", "Seccomp", "NoNewPrivs"):
        told[name] = [_field(1, name), _field(os.getpid(), name)]
    for name in ("user", "net", "mnt", "pid", "ipc"):
        try:
            told[name] = [str(Path(f"/proc/{who}/ns/{name}").readlink()) for who in ("1", "self")]
        except OSError:
            told[name] = ["not shown"] * 2
    return told


def _field(process: int, name: str) -> str:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(name))


def root_of_first(*paths: str) -> list[str]:
    """Go through the root of process 1 to files of the machine."""
    return [path for path in paths if os.path.lexists(f"/proc/1/root{path}")]


def open_files(*words: str) -> list[str]:
    """List files that were left open for this kernel and belong to the machine."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if any(word in target for word in words):
            found.append(target)
    return found


def own_open_files() -> bool:
    """Control: a file that is open is listed."""
    with Path("/proc/self/status").open(encoding="ascii"):
        return any("status" in one for one in open_files("status"))


def signal_process(process: int, command: str) -> str:
    """Ask whether a process of the machine can be signalled (signal 0, which does nothing).

    command: what it runs, since the session may have a process of the same number.
    """
    own = Path(f"/proc/{process}/cmdline")
    if own.exists() and own.read_text(encoding="utf-8") != command:
        raise FileExistsError(17, "the session has a process of that number itself")
    os.kill(process, 0)
    return "could be signalled"


def signal_self() -> bool:
    """Control: the kernel may signal itself."""
    os.kill(os.getpid(), 0)
    return True


def stay_behind(file: str) -> bool:
    """Leave a process that no longer belongs to this one; it writes the time into a file."""
    if os.fork() == 0:
        try:
            os.setsid()
            if os.fork() == 0:
                _write_on(file)
        finally:
            os._exit(0)
    until = time.monotonic() + 5
    while not Path(file).exists() and time.monotonic() < until:
        time.sleep(0.02)
    return Path(file).exists()


def _write_on(file: str) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        Path(file).write_text(str(time.time()), encoding="ascii")
        time.sleep(0.05)


def rename_machine() -> None:
    """Change the machine's name."""
    import socket  # noqa: PLC0415 - sent as source

    socket.sethostname("attacked")


def raise_limit(name: str) -> dict[str, Any]:
    """Raise a limit of this process without end."""
    return in_a_child(lambda: _raised(getattr(resource, f"RLIMIT_{name}")))


def _raised(limit: int) -> str:
    try:
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:
        raise PermissionError(1, str(error)) from error
    return "raised"


def lower_limit() -> dict[str, Any]:
    """Control: lowering a limit is allowed, and a child tells of it."""
    return in_a_child(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))


def dump_core(folder: str) -> dict[str, Any]:
    """Crash, and look for the memory that was written to a file."""
    before = {one.name for one in Path(folder).iterdir()}
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.abort()
    _, status = os.waitpid(child, 0)
    left = sorted({one.name for one in Path(folder).iterdir()} - before)
    return {"aborted": os.WIFSIGNALED(status), "dumped": os.WCOREDUMP(status), "left": left}
