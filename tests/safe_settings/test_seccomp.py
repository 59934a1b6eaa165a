"""The call filter, asked call by call; numbers from the Linux headers, by hand."""

import pytest

from tests.safe_settings.bpf import answer_of
from tre.safe_settings.seccomp import (
    ALLOW,
    KILL_PROCESS,
    PROCESSORS,
    UnknownMachineError,
    answer,
    seccomp_filter,
)

X86, ARM = 0xC000003E, 0xC00000B7
EPERM, ENOSYS, EAFNOSUPPORT = answer(1), answer(38), answer(97)
EPROTONOSUPPORT, ESOCKTNOSUPPORT = answer(93), answer(94)


def on_x86(number: int, *arguments: int) -> int:
    return answer_of(seccomp_filter("x86_64"), X86, number, *arguments)


def on_arm(number: int, *arguments: int) -> int:
    return answer_of(seccomp_filter("aarch64"), ARM, number, *arguments)


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        # What Python and ZeroMQ open by themselves: unix, IPv4, IPv6, netlink.
        (1, ALLOW),
        (2, ALLOW),
        (10, ALLOW),
        (16, ALLOW),
        # Families that no network namespace holds: packet, key, ALG, vsock, and one of tomorrow.
        (17, EAFNOSUPPORT),
        (15, EAFNOSUPPORT),
        (38, EAFNOSUPPORT),
        (40, EAFNOSUPPORT),
        (99, EAFNOSUPPORT),
        (0, EAFNOSUPPORT),
    ],
)
def test_sockets_are_of_the_named_families_alone(family, expected):
    assert on_x86(41, family, 1, 0) == expected
    assert on_arm(198, family, 1, 0) == expected


@pytest.mark.parametrize(
    ("family", "kind", "protocol", "expected"),
    [
        # Streams and datagrams, also when they close on exec and do not block (0o2004000).
        (1, 5, 0, ALLOW),
        (2, 1, 0, ALLOW),
        (2, 1, 6, ALLOW),
        (2, 2, 17, ALLOW),
        (10, 0o2004001, 6, ALLOW),
        # Kinds and protocols that load parts of the machine's kernel: SCTP, DCCP, MPTCP, UDP-Lite.
        (2, 5, 0, ESOCKTNOSUPPORT),
        (2, 5, 132, ESOCKTNOSUPPORT),
        (2, 1, 132, EPROTONOSUPPORT),
        (10, 6, 33, ESOCKTNOSUPPORT),
        (2, 1, 262, EPROTONOSUPPORT),
        (10, 2, 136, EPROTONOSUPPORT),
        # Netlink lists interfaces (0); netfilter (12), audit (9), xfrm (6) are for administrators.
        (16, 3, 0, ALLOW),
        (16, 0o2000003, 0, ALLOW),
        (16, 3, 12, EPROTONOSUPPORT),
        (16, 3, 9, EPROTONOSUPPORT),
        (16, 3, 6, EPROTONOSUPPORT),
    ],
)
def test_of_each_family_what_python_uses_is_left(family, kind, protocol, expected):
    assert on_x86(41, family, kind, protocol) == expected
    assert on_arm(198, family, kind, protocol) == expected


@pytest.mark.parametrize(
    ("family", "expected"), [(1, ALLOW), (2, EAFNOSUPPORT), (30, EAFNOSUPPORT)]
)
def test_pairs_of_sockets_are_unix_ones(family, expected):
    # TIPC (30) makes pairs too.
    assert on_x86(53, family, 1, 0) == expected
    assert on_arm(199, family, 1, 0) == expected


@pytest.mark.parametrize(
    ("x86", "arm", "expected"),
    [
        (0, 63, ALLOW),  # read
        (59, 221, ALLOW),  # execve
        (202, 98, ALLOW),  # futex
        (444, 444, ALLOW),  # landlock: a session may bind itself further
        (101, 117, EPERM),  # ptrace
        (310, 270, EPERM),  # process_vm_readv
        (165, 40, EPERM),  # mount
        (272, 97, EPERM),  # unshare
        (308, 268, EPERM),  # setns
        (321, 280, EPERM),  # bpf
        (298, 241, EPERM),  # perf_event_open
        (250, 219, EPERM),  # keyctl
        (246, 104, EPERM),  # kexec_load
        (304, 265, EPERM),  # open_by_handle_at
        (438, 438, EPERM),  # pidfd_getfd
        (428, 428, EPERM),  # open_tree
        (425, 425, ENOSYS),  # io_uring_setup
        (435, 435, ENOSYS),  # clone3
        (437, 437, ENOSYS),  # openat2
        (434, 434, ALLOW),  # pidfd_open: of one's own processes
        (424, 424, ALLOW),  # pidfd_send_signal
        (319, 279, ALLOW),  # memfd_create
        (157, 167, ALLOW),  # prctl
        (317, 277, ALLOW),  # seccomp: a session may filter itself further
        (311, 271, EPERM),  # process_vm_writev
        (312, 272, EPERM),  # kcmp
        (323, 282, EPERM),  # userfaultfd
        (248, 217, EPERM),  # add_key
        (249, 218, EPERM),  # request_key
        (303, 264, EPERM),  # name_to_handle_at
        (300, 262, EPERM),  # fanotify_init
        (301, 263, EPERM),  # fanotify_mark
        (166, 39, EPERM),  # umount2
        (155, 41, EPERM),  # pivot_root
        (161, 51, EPERM),  # chroot
        (320, 294, EPERM),  # kexec_file_load
        (175, 105, EPERM),  # init_module
        (313, 273, EPERM),  # finit_module
        (176, 106, EPERM),  # delete_module
        (167, 224, EPERM),  # swapon
        (168, 225, EPERM),  # swapoff
        (169, 142, EPERM),  # reboot
        (163, 89, EPERM),  # acct
        (179, 60, EPERM),  # quotactl
        (103, 116, EPERM),  # syslog
        (159, 171, EPERM),  # adjtimex
        (164, 170, EPERM),  # settimeofday
        (227, 112, EPERM),  # clock_settime
        (305, 266, EPERM),  # clock_adjtime
        (135, 92, EPERM),  # personality
        (256, 238, EPERM),  # migrate_pages
        (279, 239, EPERM),  # move_pages
        (237, 235, EPERM),  # mbind
        (238, 237, EPERM),  # set_mempolicy
        (278, 75, EPERM),  # vmsplice
        (170, 161, EPERM),  # sethostname
        (171, 162, EPERM),  # setdomainname
        (153, 58, EPERM),  # vhangup
        (212, 18, EPERM),  # lookup_dcookie
        (180, 42, EPERM),  # nfsservctl
        (429, 429, EPERM),  # move_mount
        (430, 430, EPERM),  # fsopen
        (431, 431, EPERM),  # fsconfig
        (432, 432, EPERM),  # fsmount
        (433, 433, EPERM),  # fspick
        (440, 440, EPERM),  # process_madvise
        (442, 442, EPERM),  # mount_setattr
        (443, 443, EPERM),  # quotactl_fd
        (447, 447, EPERM),  # memfd_secret
        (448, 448, EPERM),  # process_mrelease
        (450, 450, EPERM),  # set_mempolicy_home_node
        (460, 460, EPERM),  # lsm_set_self_attr
        (467, 467, EPERM),  # open_tree_attr
        (451, 451, EPERM),  # cachestat
        (253, 26, ENOSYS),  # inotify_init, inotify_init1
        (294, 26, ENOSYS),  # inotify_init1
        (254, 27, ENOSYS),  # inotify_add_watch
        (426, 426, ENOSYS),  # io_uring_enter
        (427, 427, ENOSYS),  # io_uring_register
        (457, 457, ENOSYS),  # statmount
        (458, 458, ENOSYS),  # listmount
        (470, 470, ENOSYS),  # listns
    ],
)
def test_calls_that_reach_round_the_namespaces_are_refused(x86, arm, expected):
    assert on_x86(x86) == expected
    assert on_arm(arm) == expected


def test_threads_are_made_and_namespaces_are_not():
    thread = 0x3D0F00
    new_user, new_network, new_time = 0x10000000, 0x40000000, 0x00000080
    assert on_x86(56, thread) == ALLOW
    assert on_arm(220, thread) == ALLOW
    for flag in (new_user, new_network, new_time):
        assert on_x86(56, thread | flag) == EPERM
        assert on_arm(220, thread | flag) == EPERM


def test_nothing_is_typed_into_another_terminal():
    window_size, inject, linux = 0x5413, 0x5412, 0x541C
    assert on_x86(16, 0, window_size) == ALLOW
    assert on_x86(16, 0, inject) == EPERM
    assert on_arm(29, 0, linux) == EPERM


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (1, ALLOW),  # F_GETFD
        (6, ALLOW),  # F_SETLK: databases lock their files
        (37, ALLOW),  # F_OFD_SETLK
        (1024, EPERM),  # F_SETLEASE
        (1026, EPERM),  # F_NOTIFY
        (1040, EPERM),  # F_SETDELEG
        (1030, ALLOW),  # F_DUPFD_CLOEXEC
    ],
)
def test_nobody_is_held_up_at_a_shared_file_or_watched_there(command, expected):
    assert on_x86(72, 3, command) == expected
    assert on_arm(25, 3, command) == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    # Allocate; punch a hole; behind the end (KEEP_SIZE), zeros there, unshared there.
    [(0, ALLOW), (3, ALLOW), (1, answer(95)), (0x11, answer(95)), (0x41, answer(95))],
)
def test_no_room_is_taken_behind_the_end_of_a_file(mode, expected):
    assert on_x86(285, 3, mode, 0, 4096) == expected
    assert on_arm(47, 3, mode, 0, 4096) == expected


@pytest.mark.parametrize(
    ("number", "before"),
    # open, creat, chmod, fchmod, openat, fchmodat: the mode comes after so many arguments
    [(2, 2), (85, 1), (90, 1), (91, 1), (257, 3), (268, 2), (452, 2)],
)
def test_no_file_is_made_to_run_as_its_owner(number, before):
    assert on_x86(number, *(0,) * before, 0o644) == ALLOW
    assert on_x86(number, *(0,) * before, 0o4755) == EPERM
    assert on_x86(number, *(0,) * before, 0o2755) == EPERM


def test_calls_of_another_architecture_end_the_process():
    i386 = 0x40000003
    assert answer_of(seccomp_filter("x86_64"), i386, 1) == KILL_PROCESS
    assert answer_of(seccomp_filter("aarch64"), X86, 63) == KILL_PROCESS


def test_calls_of_the_x32_convention_are_absent():
    assert on_x86(0x40000000 | 41, 40) == ENOSYS


def test_an_unknown_processor_is_refused():
    with pytest.raises(UnknownMachineError, match="s390x"):
        seccomp_filter("s390x")


@pytest.mark.parametrize("machine", PROCESSORS)
def test_a_filter_fits_the_kernel(machine):
    # At most 4096 instructions of 8 bytes (BPF_MAXINSNS), and no jump past the end.
    program = seccomp_filter(machine)
    assert len(program) % 8 == 0
    assert len(program) <= 4096 * 8
    for number in range(500):
        answer_of(program, PROCESSORS[machine].audit_architecture, number)
