"""Calls to the kernel of the machine that no analysis needs, each made as an attacker would."""

import ctypes
import fcntl
import mmap
import os
import platform
import pty
import struct
from pathlib import Path
from typing import Any

from tre.attack.inside.calls import LIBC, call, in_a_child

NEW_USER = 0x10000000
NEW_NET = 0x40000000
NEW_MOUNTS = 0x00020000


def ptrace() -> int:
    """Trace process 1 (PTRACE_ATTACH)."""
    return call("ptrace", 16, 1, 0, 0)


def read_memory() -> int:
    """Read memory of process 1 (process_vm_readv)."""
    buffer = ctypes.create_string_buffer(8)
    here = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
    there = (ctypes.c_size_t * 2)(0x400000, 8)
    return call("process_vm_readv", 1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)


def take_descriptor() -> int:
    """Take an open file out of process 1 (pidfd_getfd)."""
    holder = call("pidfd_open", 1, 0)
    try:
        return call("pidfd_getfd", holder, 0, 0)
    finally:
        os.close(holder)


def compare_processes() -> int:
    """Compare memory of two processes (kcmp)."""
    return call("kcmp", 1, os.getpid(), 0, 0, 0)


def load_program() -> int:
    """Load a program into the machine's kernel (bpf)."""
    attributes = ctypes.create_string_buffer(struct.pack("IIII", 1, 4, 4, 1).ljust(128, b"\0"))
    return call("bpf", 0, attributes, 128)


def measure_the_machine() -> int:
    """Count events of the whole machine (perf_event_open)."""
    wanted = ctypes.create_string_buffer(struct.pack("II", 1, 112).ljust(112, b"\0"))
    return call("perf_event_open", wanted, -1, 0, -1, 0)


def fault_handler() -> int:
    """Handle page faults of the kernel (userfaultfd), which makes races reliable."""
    return call("userfaultfd", 0)


def io_ring() -> int:
    """Set up io_uring, whose calls no filter sees."""
    return call("io_uring_setup", 4, ctypes.create_string_buffer(120))


def read_keys() -> int:
    """Read the session keyring of the machine's kernel (keyctl)."""
    return call("keyctl", 0, -3, 1)


def add_key() -> int:
    """Put a key where other processes would find it (add_key)."""
    return call("add_key", b"user", b"attack", b"x", 1, -3)


def new_user_namespace() -> dict[str, Any]:
    """Become root of a new user namespace (unshare)."""
    return in_a_child(lambda: call("unshare", NEW_USER))


def new_network() -> dict[str, Any]:
    """Get a network namespace of one's own (unshare)."""
    return in_a_child(lambda: call("unshare", NEW_NET))


def clone_namespace() -> dict[str, Any]:
    """Start a process in a new user namespace (clone)."""
    return in_a_child(_clone)


def _clone() -> int:
    child = call("clone", NEW_USER | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    return child


def newer_clone() -> int:
    """Start a process by the call whose flags no filter can read (clone3)."""
    return call("clone3", ctypes.create_string_buffer(88), 88)


def join_namespace() -> int:
    """Join the namespace of process 1 (setns)."""
    descriptor = os.open("/proc/self/ns/user", os.O_RDONLY)
    try:
        return call("setns", descriptor, 0)
    finally:
        os.close(descriptor)


def mount() -> int:
    """Mount a file system of one's own."""
    import tempfile  # noqa: PLC0415 - sent as source

    return call("mount", b"none", tempfile.mkdtemp().encode(), b"tmpfs", 0, 0)


def mount_anew() -> int:
    """Make the read-only data writable (MS_REMOUNT and MS_BIND)."""
    return call("mount", b"none", b"/data", 0, 0x1020, 0)


def unmount() -> int:
    """Take the mount over the data away."""
    return call("umount2", b"/data", 2)


def new_mount_calls() -> list[str]:
    """Try the newer calls for mounts; list those that were not refused."""
    tried = {
        "fsopen": (b"tmpfs", 0),
        "open_tree": (-100, b"/", 1),
        "move_mount": (-100, b"/data", -100, b"/tmp", 0),
        "mount_setattr": (-100, b"/data", 0, ctypes.create_string_buffer(32), 32),
    }
    done = []
    for name, arguments in tried.items():
        try:
            call(name, *arguments)
        except PermissionError:
            continue
        except OSError as error:
            done.append(f"{name}: {error.strerror}")
            continue
        done.append(name)
    return done


def change_root() -> dict[str, Any]:
    """Make another folder the root."""
    return in_a_child(lambda: call("chroot", b"/tmp"))


def pivot_root() -> dict[str, Any]:
    """Exchange the root for another mount."""
    return in_a_child(lambda: call("pivot_root", b"/tmp", b"/tmp"))


def load_module() -> int:
    """Load a module into the machine's kernel."""
    return call("init_module", ctypes.create_string_buffer(16), 16, b"")


def load_kernel() -> int:
    """Load another kernel (kexec)."""
    return call("kexec_load", 0, 0, 0, 0)


def restart_machine() -> int:
    """Ask to restart the machine; with wrong magic numbers, so that it is not if allowed."""
    return call("reboot", 0, 0, 0, 0)


def swap() -> int:
    """Let the machine write its memory to a file (swapon)."""
    return call("swapon", b"/workspace/none", 0)


def set_clock() -> int:
    """Set the machine's clock, to the time that it has."""
    import time  # noqa: PLC0415 - sent as source

    now = (ctypes.c_long * 2)(int(time.time()), 0)
    return call("clock_settime", 0, ctypes.byref(now))


def open_by_handle() -> int:
    """Open a file by its number on the disk, past every mount (open_by_handle_at)."""
    handle = ctypes.create_string_buffer(struct.pack("IiQ", 8, 1, 2))
    root = os.open("/", os.O_RDONLY)
    try:
        return call("open_by_handle_at", root, handle, os.O_RDONLY)
    finally:
        os.close(root)


def watch_the_disk() -> int:
    """Watch every file of a disk (fanotify_init)."""
    return call("fanotify_init", 0, 0)


def disk_quota() -> int:
    """Read or change disk quotas (quotactl)."""
    return call("quotactl", 0x800007 << 8, b"/dev/none", 0, ctypes.create_string_buffer(64))


def read_kernel_log() -> int:
    """Read the log of the machine's kernel (syslog)."""
    return call("syslog", 3, ctypes.create_string_buffer(64), 64)


def fixed_addresses() -> int:
    """Switch off address randomisation (personality), which makes exploits easier."""
    return call("personality", 0x0040000)


def type_for_others() -> int:
    """Type into a terminal as if somebody else did (TIOCSTI)."""
    ours, theirs = pty.openpty()
    try:
        return fcntl.ioctl(theirs, 0x5412, b"x")[0]
    finally:
        os.close(ours)
        os.close(theirs)


def look_at_terminal() -> bool:
    """Control: another question to a terminal is answered (TIOCGWINSZ)."""
    ours, theirs = pty.openpty()
    try:
        return len(fcntl.ioctl(theirs, 0x5413, b"\0" * 8)) == 8
    finally:
        os.close(ours)
        os.close(theirs)


def other_convention() -> int:
    """Make a call by the numbers of another convention (x32), which a filter may not know."""
    ctypes.set_errno(0)
    answer = LIBC.syscall(0x40000000 + 39)
    if answer == -1:
        raise OSError(ctypes.get_errno(), "x32")
    return answer


def old_convention() -> dict[str, Any]:
    """Make a call as a 32-bit program would (int 0x80), with numbers that mean other calls."""
    if platform.machine() != "x86_64":
        return {"error": "other processor", "said": platform.machine()}
    return in_a_child(_int_80)


def _int_80() -> int:
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    return function()


def own_machine_code() -> bool:
    """Control: memory that can be run can be had, and a child that ends is heard of."""
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
    return in_a_child(lambda: 1) == {"value": 1}


def become_root() -> None:
    """Become the user root."""
    os.setuid(0)


def take_capabilities() -> int:
    """Ask for every capability (capset)."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    wanted = (ctypes.c_uint32 * 6)(*([0xFFFFFFFF, 0xFFFFFFFF, 0] * 2))
    return call("capset", ctypes.byref(header), ctypes.byref(wanted))


def status() -> dict[str, str]:
    """Tell what is left of this process's rights: capabilities, the filter, new privileges."""
    wanted = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return {name: told[name] for name in wanted}


def allow_new_privileges() -> int:
    """Take back that no program may gain rights (PR_SET_NO_NEW_PRIVS)."""
    ctypes.set_errno(0)
    if LIBC.prctl(38, 0, 0, 0, 0) == -1:
        raise OSError(ctypes.get_errno(), "prctl")
    return 0


def run_from_memory() -> dict[str, Any]:
    """Run a program that lies in no file (memfd), and tell which rights it has."""
    import shutil  # noqa: PLC0415 - sent as source
    import subprocess  # noqa: PLC0415

    descriptor = os.memfd_create("attack", 0)
    with Path(shutil.which("cat") or "/bin/cat").open("rb") as program:
        os.write(descriptor, program.read())
    ran = subprocess.run(  # noqa: S603 - a probe
        [f"/proc/self/fd/{descriptor}", "/proc/self/status"],
        pass_fds=[descriptor],
        capture_output=True,
        text=True,
        check=True,
    )
    os.close(descriptor)
    lines = (line.split(":\t", 1) for line in ran.stdout.splitlines() if ":\t" in line)
    told = {name: value.strip() for name, value in lines}
    return {name: told[name] for name in ("Seccomp", "NoNewPrivs", "CapEff")}
