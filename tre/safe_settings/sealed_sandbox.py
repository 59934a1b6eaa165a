"""The sandbox as a description: what bubblewrap is told for a sealed kernel, and for its server.

Pure: values in, an argument list out. What is not named here, the session does not see.
"""

from dataclasses import dataclass
from pathlib import Path

from tre.safe_settings.pip_inside import MODULES, PROGRAMS, pip_environment, pip_folders
from tre.safe_settings.session_spec import (
    DATA,
    OUTBOX,
    PACKAGES,
    REPLIES,
    WORKSPACE,
    Limits,
    SessionSpec,
)

HOME = "/home/researcher"
CONNECTION = "/run/tre/connection.json"
CODE = "/opt/tre/lib"
START = "/opt/tre/start_kernel.py"
KERNELS = "/run/kernels"
"""In a server's sandbox: memory apart for what kernels may fill, the folders of their sockets."""
KERNELS_BYTES = 16 * 2**20
UNPRIVILEGED_ID = "1000"

SYSTEM_LINKS = (
    ("usr/lib", "/lib"),
    ("usr/lib64", "/lib64"),
    ("usr/bin", "/bin"),
    ("usr/sbin", "/sbin"),
)
SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/mime.types",
)
"""World-readable parts of /etc without which libraries and fonts are not found; nothing secret."""

RESERVED_BYTES = 4 * 2**30
"""Addresses that a process reserves and does not use: 64 MiB for each thread, libraries it maps."""

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
"""Where libraries look for how many threads to start: one for each core that a session may use."""

LOCKED_BYTES = 8 * 2**20
"""What a process may keep from being swapped out, and hold in message queues."""

IN_A_KERNEL = {
    "extract": DATA,
    "workspace": WORKSPACE,
    "outbox": OUTBOX,
    "replies": REPLIES,
    "packages": PACKAGES,
}
"""Under which name a kernel finds each folder of its session."""

PROC_READ_ONLY = (
    "acpi",
    "asound",
    "bus",
    "driver",
    "fs",
    "irq",
    "mtrr",
    "scsi",
    "sys",
    "sysrq-trigger",
)
"""Parts of /proc that let the host's root change the machine, capabilities or none."""
PROC_HIDDEN = (
    *("kallsyms", "kcore", "keys", "kmsg", "kpagecgroup", "kpagecount", "kpageflags"),
    *("latency_stats", "pagetypeinfo", "sched_debug", "slabinfo", "timer_list", "vmallocinfo"),
    *("buddyinfo", "cmdline", "config.gz", "diskstats", "interrupts", "iomem", "ioports"),
    *("key-users", "partitions", "schedstat", "softirqs", "zoneinfo"),
)
"""Files of /proc that tell about the whole machine: its secrets, its build, and what others do just
now (each key that is pressed is an interrupt). What libraries ask for to choose how many threads
and how much memory to use stays (cpuinfo, meminfo, stat)."""


class UnsealableError(Exception):
    """These folders cannot be kept apart by mounts; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RLanguage:
    """R with its package IRkernel; folders: what it needs beside /usr, shown read-only."""

    program: Path
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The parts of the host from which a sandbox is built.

    bwrap: the bubblewrap program. python: the interpreter. prefixes: the folders that it needs
    (a virtual environment and the Python under it). packages: the folders of `tre` and
    `output_checks`. start: the script that limits itself and becomes the kernel.
    processor: what `platform.machine()` says. as_root: the host's root runs this.
    groups: by what a whole session is limited; "" where each process can only be limited apart.
    r: None where it is not installed.
    read_only_in_proc, hidden_in_proc: which of PROC_READ_ONLY and PROC_HIDDEN exist here.
    """

    bwrap: Path
    python: Path
    prefixes: tuple[Path, ...]
    packages: tuple[Path, ...]
    start: Path
    processor: str
    as_root: bool
    groups: str = ""
    r: RLanguage | None = None
    read_only_in_proc: tuple[str, ...] = ()
    hidden_in_proc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFolders:
    """A session's folders as open files (O_PATH): what is mounted is what was looked at.

    packages: None where the session has none.
    """

    extract: int
    workspace: int
    outbox: int
    replies: int
    packages: int | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them, to hand on and to close."""
        always = (self.extract, self.workspace, self.outbox, self.replies)
        return always if self.packages is None else (*always, self.packages)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelRuntime:
    """What one kernel has to itself.

    folders: those of its session, open. sockets: read-write, under the same name inside and
    outside; holds the kernel's five sockets. connection_file: read-only. accounts: a folder with
    the `passwd` and `group` seen inside. seccomp_fd: an open file with the filter of `seccomp.py`.
    """

    folders: OpenFolders
    sockets: Path
    connection_file: Path
    accounts: Path
    seccomp_fd: int


def kernel_seal(spec: SessionSpec, machine: Machine, runtime: KernelRuntime) -> list[str]:
    """List bubblewrap's arguments for a kernel, up to and without the command to run.

    Raises UnsealableError where a folder shown read-only would also show one of the project's.
    """
    _must_be_apart(spec, machine)
    return [
        *("--unshare-user", "--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
        *("--unshare-cgroup-try", "--disable-userns", "--cap-drop", "ALL"),
        *("--uid", UNPRIVILEGED_ID, "--gid", UNPRIVILEGED_ID, "--hostname", "session"),
        *("--die-with-parent", "--new-session", "--clearenv"),
        *_system(spec.limits),
        *pip_folders(spec.limits.installed_bytes),
        *_processes(machine),
        *_accounts(runtime.accounts),
        *_read_only((*machine.prefixes, *_r_folders(machine))),
        *_session_code(machine),
        *_folders(runtime.folders, IN_A_KERNEL),
        *("--bind", str(runtime.sockets), str(runtime.sockets)),
        *("--ro-bind", str(runtime.connection_file), CONNECTION),
        *("--seccomp", str(runtime.seccomp_fd)),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORKSPACE),
    ]


def server_seal(
    spec: SessionSpec, machine: Machine, folders: OpenFolders, *, private: Path, settings: Path
) -> list[str]:
    """List bubblewrap's arguments for the single-user server, which in turn seals its kernels.

    The server is trusted and keeps the network of the machine; it is shown nothing of the data
    home but its own project. private: its home, read-write. settings: read-only. Host paths keep
    their names, so that the server can describe a kernel's mounts in the same words. Its /tmp is
    no kernel's to fill; KERNELS is.
    Root may not hide parts of /proc, or the kernel of the machine lets no sandbox inside
    mount its own: root's server sees the machine's processes (and can touch none).
    """
    _must_be_apart(spec, machine)
    processes = (
        ("--bind", "/proc", "/proc") if machine.as_root else ("--unshare-pid", "--proc", "/proc")
    )
    return [
        *("--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--cap-drop", "ALL", "--uid", UNPRIVILEGED_ID, "--gid", UNPRIVILEGED_ID),
        *("--die-with-parent", "--new-session"),
        *_system(spec.limits),
        *processes,
        *_accounts(settings),
        *("--size", str(KERNELS_BYTES), "--tmpfs", KERNELS),
        *("--ro-bind-try", "/etc/hosts", "/etc/hosts"),
        *_read_only((*machine.prefixes, *machine.packages, *_r_folders(machine))),
        *_folders(folders, {name: str(getattr(spec, name)) for name in IN_A_KERNEL}),
        *("--ro-bind", str(settings), str(settings), "--bind", str(private), str(private)),
        *("--remount-ro", "/", "--chdir", str(private)),
    ]


def kernel_environment(spec: SessionSpec, machine: Machine, *, desk_url: str) -> dict[str, str]:
    """Name everything that a kernel finds in its environment: no token, no path of the host."""
    prefix = machine.prefixes[0]
    return {
        "HOME": HOME,
        "USER": "researcher",
        "LANG": "C.UTF-8",
        "PATH": f"{prefix}/bin:{PROGRAMS}:/usr/bin:/bin",
        "TMPDIR": "/tmp",  # noqa: S108 - a private tmpfs of the sandbox
        "IPYTHONDIR": f"{HOME}/.ipython",
        "MPLCONFIGDIR": f"{HOME}/.matplotlib",
        "PYTHONPATH": f"{CODE}:{MODULES}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        **pip_environment(has_packages=spec.packages is not None),
        **dict.fromkeys(THREADS, str(max(1, spec.limits.cpu_percent // 100))),
        "R_ENVIRON_USER": "/dev/null",
        "R_LIBS_USER": f"{HOME}/R",
        "TRE_PERSON": spec.person,
        "TRE_PROJECT": spec.project,
        "TRE_PROJECT_TITLE": spec.title,
        "TRE_POLICY": spec.policy,
        "TRE_PRACTICE": "1" if spec.practice else "",
        "TRE_DESK_URL": desk_url,
    }


def kernel_command(machine: Machine, limits: Limits) -> list[str]:
    """Name the program inside: it takes its limits and becomes an IPython kernel."""
    return [str(machine.python), START, process_limits(limits), "-f", CONNECTION]


def r_command(machine: Machine, r: RLanguage, limits: Limits) -> list[str]:
    """Name the program inside that takes its limits and becomes an R kernel.

    R reads no settings from the workspace: there, a colleague's `.Rprofile` would run as this
    person.
    """
    quiet = ("--no-echo", "--no-save", "--no-restore", "--no-init-file")
    start = ("-e", "IRkernel::main()", "--args", CONNECTION)
    return [
        *(str(machine.python), START, process_limits(limits)),
        *(str(r.program), *quiet, *start),
    ]


def process_limits(limits: Limits) -> str:
    """Name what each process of a session may use, as `inside/start_kernel.py` reads it.

    They hold for whatever it starts. All processes together are limited by the session's control
    group; where there is none, these are all there is.
    """
    wanted = {
        "DATA": limits.memory_bytes,
        "AS": limits.memory_bytes + RESERVED_BYTES,
        "FSIZE": limits.file_bytes,
        "NOFILE": limits.open_files,
        "NPROC": limits.processes,
        "CORE": 0,
        "MEMLOCK": LOCKED_BYTES,
        "MSGQUEUE": LOCKED_BYTES,
        "RTPRIO": 0,
    }
    return ",".join(f"{name}={value}" for name, value in wanted.items())


def _system(limits: Limits) -> list[str]:
    links = [word for link in SYSTEM_LINKS for word in ("--symlink", *link)]
    files = [word for file in SYSTEM_FILES for word in ("--ro-bind-try", file, file)]
    return [
        *("--ro-bind", "/usr", "/usr"),
        *links,
        *("--dir", "/etc", *files),
        *("--dev", "/dev"),
        *("--size", str(limits.shm_bytes), "--tmpfs", "/dev/shm"),  # noqa: S108 - of the sandbox
        *("--size", str(limits.tmp_bytes), "--tmpfs", "/tmp"),  # noqa: S108 - of the sandbox
        *("--size", str(limits.shm_bytes), "--tmpfs", "/home", "--dir", HOME),
    ]


def _processes(machine: Machine) -> list[str]:
    words = ["--proc", "/proc"]
    for name in machine.read_only_in_proc:
        words += ["--ro-bind", f"/proc/{name}", f"/proc/{name}"]
    for name in machine.hidden_in_proc:
        words += ["--ro-bind", "/dev/null", f"/proc/{name}"]
    return words


def _r_folders(machine: Machine) -> tuple[Path, ...]:
    return machine.r.folders if machine.r else ()


def _accounts(folder: Path) -> list[str]:
    passwd, group = str(folder / "passwd"), str(folder / "group")
    return ["--ro-bind", passwd, "/etc/passwd", "--ro-bind", group, "/etc/group"]


def _read_only(paths: tuple[Path, ...]) -> list[str]:
    return [word for path in paths for word in ("--ro-bind", str(path), str(path))]


def _session_code(machine: Machine) -> list[str]:
    """Show `output_checks` and, of `tre`, the part that runs inside a session."""
    words = ["--ro-bind", str(machine.start), START]
    words += [
        "--ro-bind",
        str(machine.start.with_name("pip_advice.py")),
        f"{CODE}/sitecustomize.py",
    ]
    for package in machine.packages:
        whole = package.name != "tre"
        shown = (package,) if whole else (package / "__init__.py", package / "session")
        for path in shown:
            words += ["--ro-bind", str(path), f"{CODE}/{path.relative_to(package.parent)}"]
    return words


def _folders(folders: OpenFolders, names: dict[str, str]) -> list[str]:
    """Mount a session's open folders under these names."""
    words = ["--ro-bind-fd", str(folders.extract), names["extract"]]
    words += ["--bind-fd", str(folders.workspace), names["workspace"]]
    words += ["--bind-fd", str(folders.outbox), names["outbox"]]
    words += ["--ro-bind-fd", str(folders.replies), names["replies"]]
    if folders.packages is not None:
        words += ["--ro-bind-fd", str(folders.packages), names["packages"]]
    return words


def _must_be_apart(spec: SessionSpec, machine: Machine) -> None:
    for shown in (*machine.prefixes, *machine.packages, machine.start):
        for folder in (spec.extract, spec.workspace, spec.outbox, spec.replies):
            if folder.is_relative_to(shown):
                message = (
                    f"{folder} lies inside {shown}, which every session may read; "
                    "put the data home elsewhere (--home)"
                )
                raise UnsealableError(message)
