"""The call filter in a kernel that is really sealed: the calls are made, and refused."""

import platform

import pytest

from tests.hub.sealed import a_session, say, sealed_kernel

pytestmark = [
    pytest.mark.sealed,
    pytest.mark.xdist_group("sealed kernel"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86_64"),
]

EPERM, ENOSYS = 1, 38


@pytest.fixture(scope="module")
def kernel(sealable, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calls")
    with sealed_kernel(a_session(folder / "home"), folder / "session") as client:
        say(client, "import ctypes; libc = ctypes.CDLL(None, use_errno=True)")
        yield client


def call(kernel, number: int, *arguments: int) -> int:
    """What errno a call leaves; 0 where it worked."""
    words = ", ".join(f"ctypes.c_long({word})" for word in (number, *arguments))
    return int(say(kernel, f"print(ctypes.get_errno() if libc.syscall({words}) < 0 else 0)"))


@pytest.mark.parametrize(
    ("name", "number", "arguments", "error"),
    [
        ("ptrace (TRACEME)", 101, (0, 0, 0, 0), EPERM),
        ("kcmp", 312, (1, 1, 0, 0, 0), EPERM),
        ("process_vm_readv", 310, (1, 0, 0, 0, 0, 0), EPERM),
        ("process_madvise", 440, (0, 0, 0, 0, 0), EPERM),
        ("pidfd_getfd", 438, (0, 0, 0), EPERM),
        ("userfaultfd", 323, (1,), EPERM),
        ("perf_event_open", 298, (0, 0, -1, -1, 0), EPERM),
        ("bpf", 321, (0, 0, 0), EPERM),
        ("add_key", 248, (0, 0, 0, 0, -3), EPERM),
        ("request_key", 249, (0, 0, 0, -3), EPERM),
        ("keyctl", 250, (0, -3, 1), EPERM),
        ("name_to_handle_at", 303, (-100, 0, 0, 0, 0), EPERM),
        ("open_by_handle_at", 304, (-100, 0, 0), EPERM),
        ("fanotify_init", 300, (0x200, 0), EPERM),
        ("mount", 165, (0, 0, 0, 0, 0), EPERM),
        ("fsopen", 430, (0, 0), EPERM),
        ("open_tree", 428, (-100, 0, 1), EPERM),
        ("move_mount", 429, (0, 0, 0, 0, 0), EPERM),
        ("mount_setattr", 442, (-100, 0, 0, 0, 0), EPERM),
        ("chroot", 161, (0,), EPERM),
        ("unshare (user)", 272, (0x10000000,), EPERM),
        ("setns", 308, (0, 0), EPERM),
        ("clone (new user namespace)", 56, (0x10000011, 0, 0, 0, 0), EPERM),
        ("clone3", 435, (0, 0), ENOSYS),
        ("io_uring_setup", 425, (1, 0), ENOSYS),
        ("io_uring_register", 427, (0, 0, 0, 0), ENOSYS),
        ("openat2", 437, (-100, 0, 0, 0), ENOSYS),
        ("statmount", 457, (0, 0, 0, 0), ENOSYS),
        ("listmount", 458, (0, 0, 0, 0), ENOSYS),
        ("memfd_secret", 447, (0,), EPERM),
        ("quotactl", 179, (0, 0, 0, 0), EPERM),
        ("swapon", 167, (0, 0), EPERM),
        ("reboot", 169, (0, 0, 0, 0), EPERM),
        ("syslog", 103, (3, 0, 0), EPERM),
        ("personality (no randomisation)", 135, (0x0040000,), EPERM),
        ("modify_ldt", 154, (0, 0, 0), EPERM),
        ("iopl", 172, (3,), EPERM),
        ("vmsplice", 278, (1, 0, 0, 0), EPERM),
        ("mbind", 237, (0, 0, 0, 0, 0, 0), EPERM),
        ("finit_module", 313, (0, 0, 0), EPERM),
        ("kexec_load", 246, (0, 0, 0, 0), EPERM),
        ("clock_settime", 227, (0, 0), EPERM),
        ("inotify_init1", 294, (0,), ENOSYS),
        ("fcntl (F_SETLEASE of standard input)", 72, (0, 1024, 0), EPERM),
        ("fcntl (F_NOTIFY of standard input)", 72, (0, 1026, 1), EPERM),
        ("fallocate behind the end of standard output", 285, (1, 1, 0, 4096), 95),
        ("cachestat", 451, (0, 0, 0, 0), EPERM),
        ("the same by the x32 convention: socket", 0x40000000 | 41, (40, 1, 0), ENOSYS),
        # What a session may well do.
        ("pidfd_open of itself", 434, (2, 0), 0),
        ("landlock: its version", 444, (0, 0, 1), 0),
    ],
)
def test_a_call_is_answered(kernel, name, number, arguments, error):
    assert call(kernel, number, *arguments) == error, name


@pytest.mark.parametrize("family", [3, 4, 5, 9, 15, 17, 21, 26, 28, 29, 30, 31, 33, 38, 40, 43, 44])
def test_no_other_family_of_sockets_is_had(kernel, family):
    # ax25, ipx, appletalk, x25, key, packet, rds, llc, mpls, can, tipc, bluetooth, rxrpc, alg,
    # vsock, smc, xdp
    assert call(kernel, 41, family, 2, 0) == 97  # EAFNOSUPPORT
    assert call(kernel, 53, family, 1, 0, 0) == 97


@pytest.mark.parametrize(
    ("family", "kind", "protocol", "error"),
    [
        (2, 5, 0, 94),  # SCTP by its kind: ESOCKTNOSUPPORT
        (2, 1, 132, 93),  # by its number: EPROTONOSUPPORT
        (2, 1, 262, 93),  # MPTCP
        (16, 3, 12, 93),  # netfilter
        (16, 3, 9, 93),  # audit
        (16, 3, 16, 93),  # generic
        (2, 3, 0, 93),  # raw, left to the kernel of the machine, which has no such protocol
        (2, 3, 1, 93),  # raw ICMP
        (16, 3, 0, 0),
        (1, 1, 0, 0),
        (2, 1, 6, 0),
    ],
)
def test_of_the_families_that_are_left_only_the_usual_is_had(kernel, family, kind, protocol, error):
    assert call(kernel, 41, family, kind, protocol) == error


def test_calls_of_the_old_architecture_end_the_process(kernel):
    # int 0x80 asks as i386: mov eax,20 (getpid); int 0x80; ret
    run = (
        "import mmap, os\n"
        "if (pid := os.fork()) == 0:\n"
        "    page = mmap.mmap(-1, 4096, prot=7)\n"
        "    page.write(bytes.fromhex('b814000000cd80c3'))\n"
        "    at = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
        "    ctypes.CFUNCTYPE(ctypes.c_int)(at)()\n"
        "    os._exit(0)\n"
        "print(os.WTERMSIG(os.waitpid(pid, 0)[1]))\n"
    )
    assert say(kernel, run) == "31\n"  # SIGSYS


def test_python_still_does_its_daily_work(kernel):
    work = (
        "import asyncio, concurrent.futures, multiprocessing, socket, subprocess, tempfile\n"
        "a, b = socket.socketpair(); a.send(b'1'); print(b.recv(1))\n"
        "print(subprocess.run(['/bin/echo', 'run'], capture_output=True).stdout)\n"
        "pool = concurrent.futures.ThreadPoolExecutor(4)\n"
        "print(sum(pool.map(abs, [-1, 2])))\n"
        "context = multiprocessing.get_context('fork')\n"
        "with context.Pool(2) as pool: print(pool.map(abs, [-3, 4]))\n"
        "with tempfile.NamedTemporaryFile() as file: print(file.write(b'12'))\n"
        "import polars, numpy\n"
        "print(polars.DataFrame({'a': [1, 2]}).select(polars.col('a').sum()).item())\n"
        "print(float(numpy.linalg.norm(numpy.ones((9, 9)) @ numpy.ones((9, 9)))))\n"
    )
    said = say(kernel, work)
    assert said == "b'1'\nb'run\\n'\n3\n[3, 4]\n2\n3\n81.0\n"
