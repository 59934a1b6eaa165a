"""The system calls that a sealed session may not make, as a program for the kernel of the machine.

Namespaces hide the machine; this filter also takes away the calls that reach round them: sockets
of families that no network namespace holds (AF_VSOCK leads to the hypervisor), io_uring (which
makes calls that no filter sees), new namespaces, mounts, other processes' memory, and files that
would run as their owner when somebody on the host starts them (set-user-id in the workspace).
A mount shares the file itself with the host: a lease on a file of /usr keeps everybody's programs
waiting 45 seconds at it, and whoever watches a folder learns what others open. Both are taken away.
What is left of sockets is what Python and ZeroMQ use: each other family and protocol is code of the
machine's kernel that a session could attack, and may be loaded by merely being asked for.
"""

import errno
import struct
from dataclasses import dataclass


class UnknownMachineError(Exception):
    """No filter is known for this kind of processor: a session cannot be sealed here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """How one kind of processor numbers its calls (Linux: AUDIT_ARCH_* and asm/unistd.h).

    foreign_calls_from: from this number on, calls belong to another convention (x32); 0 for none.
    refused: the calls answered with EPERM. absent: those answered as if the kernel had none.
    modes: calls that set a file's mode, each with the place of that argument, counted from 0.
    """

    audit_architecture: int
    foreign_calls_from: int
    socket: int
    socketpair: int
    clone: int
    ioctl: int
    fcntl: int
    fallocate: int
    refused: tuple[int, ...]
    absent: tuple[int, ...]
    modes: tuple[tuple[int, int], ...]


ALLOWED_FAMILIES = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: what Python and ZeroMQ open by themselves."""

UNIX, NETLINK = 1, 16

INTERNET_PROTOCOLS = (0, 6, 17)
"""The family's own, TCP, UDP; so no SCTP, MPTCP or DCCP."""

ODD_SOCKETS = 0b1100
"""Bits of a socket's kind that streams (1), datagrams (2) and raw ones (3) have not: with them
come reliable and sequenced packets (4, 5), DCCP (6) and the old packets (10)."""

NETLINK_ROUTE = 0
"""Lists interfaces and addresses; the other protocols configure the machine."""

NEW_NAMESPACES = 0x7E020080
"""CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET,TIME}: a thread needs none of them."""

OWNER_BITS = 0o6000
"""S_ISUID and S_ISGID."""

TERMINAL_INJECTIONS = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: typing into somebody else's terminal."""

HOLDS_AND_WATCHES = (1024, 1026, 1040)
"""F_SETLEASE, F_NOTIFY, F_SETDELEG: they hold up, or tell of, whoever else opens the same file."""

ALLOCATIONS = (0, 3)
"""Modes of fallocate: to allocate, and to punch a hole. Others allocate behind a file's end, where
no limit of its size holds (FALLOC_FL_KEEP_SIZE)."""

# Numbers: asm/unistd_64.h and asm-generic/unistd.h of Linux 6.1; 424 and above are the same on all.
_NEW_REFUSED = (428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 447, 448, 450, 451, 460, 467)
"""open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, process_madvise,
mount_setattr, quotactl_fd, memfd_secret (memory that the machine's own tools cannot see),
process_mrelease, set_mempolicy_home_node, cachestat (which pages of a shared file others read),
lsm_set_self_attr, open_tree_attr."""
_NEW_ABSENT = (425, 426, 427, 435, 437, 457, 458, 470)
"""io_uring_setup, io_uring_enter, io_uring_register, clone3 (glibc then takes clone),
openat2 (its mode lies behind a pointer, where a filter cannot look), statmount, listmount, listns
(they tell of mounts and namespaces more than /proc does)."""

X86_64 = Processor(
    audit_architecture=0xC000003E,
    foreign_calls_from=0x40000000,
    socket=41,
    socketpair=53,
    clone=56,
    ioctl=16,
    fcntl=72,
    fallocate=285,
    refused=(
        *(101, 310, 311, 312, 323, 298, 321),  # ptrace, process_vm_*, kcmp, userfaultfd, perf, bpf
        *(248, 249, 250),  # add_key, request_key, keyctl
        *(165, 166, 155, 161, 272, 308),  # mount, umount2, pivot_root, chroot, unshare, setns
        *(246, 320, 174, 175, 176, 313),  # kexec_load, kexec_file_load, create/init/delete_module
        *(163, 167, 168, 169, 179, 103),  # acct, swapon, swapoff, reboot, quotactl, syslog
        *(159, 164, 227, 305),  # adjtimex, settimeofday, clock_settime, clock_adjtime
        *(172, 173, 154, 134),  # iopl, ioperm, modify_ldt, uselib
        *(303, 304, 300, 301),  # name_to_handle_at, open_by_handle_at, fanotify_init and _mark
        *(256, 279, 237, 238, 135),  # migrate_pages, move_pages, mbind, set_mempolicy, personality
        *(278, 170, 171, 153),  # vmsplice, sethostname, setdomainname, vhangup
        # of earlier days: _sysctl, get_kernel_syms, query_module, nfsservctl, vserver,
        # lookup_dcookie, sysfs, ustat
        *(156, 177, 178, 180, 236, 212, 139, 136),
        *_NEW_REFUSED,
    ),
    absent=(253, 254, 255, 294, *_NEW_ABSENT),  # inotify_init, _add_watch, _rm_watch, _init1
    # open, creat, chmod, fchmod, mknod, openat, mknodat, fchmodat, fchmodat2
    modes=((2, 2), (85, 1), (90, 1), (91, 1), (133, 1), (257, 3), (259, 2), (268, 2), (452, 2)),
)

AARCH64 = Processor(
    audit_architecture=0xC00000B7,
    foreign_calls_from=0,
    socket=198,
    socketpair=199,
    clone=220,
    ioctl=29,
    fcntl=25,
    fallocate=47,
    refused=(
        # in the order of those above; this processor lacks those of earlier days
        *(117, 270, 271, 272, 282, 241, 280),
        *(217, 218, 219),
        *(40, 39, 41, 51, 97, 268),
        *(104, 294, 105, 106, 273),
        *(89, 224, 225, 142, 60, 116),
        *(171, 170, 112, 266),
        *(264, 265, 262, 263),
        *(238, 239, 235, 237, 92),
        *(75, 161, 162, 58),
        *(42, 18),  # nfsservctl, lookup_dcookie
        *_NEW_REFUSED,
    ),
    absent=(26, 27, 28, *_NEW_ABSENT),  # inotify_init1, _add_watch, _rm_watch
    # mknodat, fchmod, fchmodat, openat, fchmodat2
    modes=((33, 2), (52, 1), (53, 2), (56, 3), (452, 2)),
)

PROCESSORS = {"x86_64": X86_64, "aarch64": AARCH64}
"""By what `platform.machine()` says."""

_LOAD, _JUMP_EQUAL, _JUMP_FROM, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in struct seccomp_data; both processors are little-endian: the low half comes first."""

ALLOW = 0x7FFF0000
KILL_PROCESS = 0x80000000


def answer(error: int) -> int:
    """The filter's result that makes a call fail with this errno."""
    return 0x00050000 | error


def seccomp_filter(machine: str) -> bytes:
    """Write the filter for one kind of processor, as bubblewrap's --seccomp reads it.

    machine: what `platform.machine()` says. Returns classic BPF, eight bytes an instruction.
    Raises UnknownMachineError for a processor whose calls are not numbered here.
    """
    if machine not in PROCESSORS:
        known = ", ".join(PROCESSORS)
        message = f"no call filter is known for the processor {machine!r}, only for {known}"
        raise UnknownMachineError(message)
    return b"".join(struct.pack("<HBBI", *step) for step in _program(PROCESSORS[machine]))


_Step = tuple[int, int, int, int]


def _program(processor: Processor) -> list[_Step]:
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, processor.audit_architecture),
        (_RETURN, 0, 0, KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        *_foreign(processor.foreign_calls_from),
        *_each(processor.refused, answer(errno.EPERM)),
        *_each(processor.absent, answer(errno.ENOSYS)),
        *_sockets(processor.socket),
        *_only_for(processor.socketpair, [_argument(0), *_none_but((UNIX,), errno.EAFNOSUPPORT)]),
        *_clones(processor.clone),
        *_commands(processor.ioctl, TERMINAL_INJECTIONS),
        *_commands(processor.fcntl, HOLDS_AND_WATCHES),
        *_only_for(processor.fallocate, [_argument(1), *_none_but(ALLOCATIONS, errno.EOPNOTSUPP)]),
        *(step for number, place in processor.modes for step in _modes(number, place)),
        (_RETURN, 0, 0, ALLOW),
    ]


def _foreign(first: int) -> list[_Step]:
    if not first:
        return []
    return [(_JUMP_FROM, 0, 1, first), (_RETURN, 0, 0, answer(errno.ENOSYS))]


def _each(numbers: tuple[int, ...], result: int) -> list[_Step]:
    steps: list[_Step] = []
    for number in numbers:
        steps += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, result)]
    return steps


def _sockets(number: int) -> list[_Step]:
    """Judge a socket by family, then what is left of its kinds and protocols."""
    family, protocol = _argument(0), _argument(2)
    netlink = [protocol, *_none_but((NETLINK_ROUTE,), errno.EPROTONOSUPPORT)]
    internet = [
        _argument(1),
        *((_JUMP_ANY_BIT, 0, 1, ODD_SOCKETS), (_RETURN, 0, 0, answer(errno.ESOCKTNOSUPPORT))),
        protocol,
        *_none_but(INTERNET_PROTOCOLS, errno.EPROTONOSUPPORT),
    ]
    steps = [
        family,
        *_none_but(ALLOWED_FAMILIES, errno.EAFNOSUPPORT),
        *((_JUMP_EQUAL, 0, len(netlink), NETLINK), *netlink),
        family,
        *((_JUMP_EQUAL, len(internet) + 1, 0, UNIX), (_JUMP_EQUAL, len(internet), 0, NETLINK)),
        *internet,
    ]
    return _only_for(number, steps)


def _none_but(values: tuple[int, ...], error: int) -> list[_Step]:
    """Refuse what is loaded unless it is one of these: each jumps over the refusal."""
    count = len(values)
    tests = [(_JUMP_EQUAL, count - index, 0, value) for index, value in enumerate(values)]
    return [*tests, (_RETURN, 0, 0, answer(error))]


def _clones(number: int) -> list[_Step]:
    return _only_for(number, _without_bits(0, NEW_NAMESPACES))


def _modes(number: int, place: int) -> list[_Step]:
    return _only_for(number, _without_bits(place, OWNER_BITS))


def _without_bits(place: int, bits: int) -> list[_Step]:
    refusal = (_RETURN, 0, 0, answer(errno.EPERM))
    return [_argument(place), (_JUMP_ANY_BIT, 0, 1, bits), refusal]


def _argument(place: int) -> _Step:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * place)


def _commands(number: int, refused: tuple[int, ...]) -> list[_Step]:
    """Refuse some commands of a call that takes an open file and a command."""
    return _only_for(number, [_argument(1), *_each(refused, answer(errno.EPERM))])


def _only_for(number: int, steps: list[_Step]) -> list[_Step]:
    """Run the steps for one call alone; afterwards the call's number is loaded again."""
    return [(_JUMP_EQUAL, 0, len(steps), number), *steps, (_LOAD, 0, 0, _NUMBER)]
