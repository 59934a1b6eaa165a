"""What every probe stands on: system calls by number, and a report of how one went."""

import ctypes
import errno
import json
import os
import platform
import resource
from collections.abc import Callable
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)

X86_64 = {
    "ptrace": 101,
    "process_vm_readv": 310,
    "kcmp": 312,
    "userfaultfd": 323,
    "perf_event_open": 298,
    "bpf": 321,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "mount": 165,
    "umount2": 166,
    "pivot_root": 155,
    "chroot": 161,
    "unshare": 272,
    "setns": 308,
    "clone": 56,
    "kexec_load": 246,
    "init_module": 175,
    "finit_module": 313,
    "delete_module": 176,
    "acct": 163,
    "swapon": 167,
    "reboot": 169,
    "quotactl": 179,
    "syslog": 103,
    "settimeofday": 164,
    "clock_settime": 227,
    "adjtimex": 159,
    "iopl": 172,
    "ioperm": 173,
    "modify_ldt": 154,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "fanotify_init": 300,
    "migrate_pages": 256,
    "move_pages": 279,
    "personality": 135,
    "getpid": 39,
    "shmget": 29,
    "capset": 126,
}
AARCH64 = {
    "ptrace": 117,
    "process_vm_readv": 270,
    "kcmp": 272,
    "userfaultfd": 282,
    "perf_event_open": 241,
    "bpf": 280,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "mount": 40,
    "umount2": 39,
    "pivot_root": 41,
    "chroot": 51,
    "unshare": 97,
    "setns": 268,
    "clone": 220,
    "kexec_load": 104,
    "init_module": 105,
    "finit_module": 273,
    "delete_module": 106,
    "acct": 89,
    "swapon": 224,
    "reboot": 142,
    "quotactl": 60,
    "syslog": 116,
    "settimeofday": 170,
    "clock_settime": 112,
    "adjtimex": 171,
    "name_to_handle_at": 264,
    "open_by_handle_at": 265,
    "fanotify_init": 262,
    "migrate_pages": 238,
    "move_pages": 239,
    "personality": 92,
    "getpid": 172,
    "shmget": 194,
    "capset": 91,
}
BOTH = {
    "io_uring_setup": 425,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "clone3": 435,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "cachestat": 451,
}
"""Numbers of asm/unistd_64.h and asm-generic/unistd.h of Linux 6.1."""

NUMBERS = {"x86_64": X86_64, "aarch64": AARCH64}


def call(name: str, *arguments: Any) -> int:
    """Make a system call past the C library's own wrappers; raises OSError where it fails."""
    numbers = BOTH | NUMBERS[platform.machine()]
    ctypes.set_errno(0)
    answer = LIBC.syscall(numbers[name], *arguments)
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def own_process() -> int:
    """Control: a system call that everybody may make works by number."""
    return call("getpid")


def reported(probe: Callable[..., Any], *arguments: Any) -> str:
    """Run a probe and tell how it went: its value, the errno that it met, or another error."""
    try:
        told = {"value": probe(*arguments)}
    except OSError as error:
        number = error.errno or 0
        told = {"errno": errno.errorcode.get(number, str(number)), "said": str(error)}
    except Exception as error:  # noqa: BLE001 - the judge outside decides what it means
        told = {"error": type(error).__name__, "said": str(error)}
    return json.dumps(told, default=str)


def in_a_child(probe: Callable[[], Any], seconds: float = 10) -> dict[str, Any]:
    """Run a probe in a process of its own, which may be killed; tell its report or its end."""
    import select  # noqa: PLC0415 - sent as source, and only here needed

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.write(writing, reported(probe).encode())
        os._exit(0)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], seconds)
    said = os.read(reading, 65_536) if ready else b""
    os.close(reading)
    if not ready:
        os.kill(child, 9)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return json.loads(said) if said else {"signal": 0}
