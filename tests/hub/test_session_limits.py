"""What a whole session may use: each limit is exceeded in kernels that are really sealed."""

import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.hub.sealed import a_session, one_kernel, say
from tre.hub.control_groups import Groups, groups_of_this_machine
from tre.hub.kernels import write_kernel
from tre.hub.memory_watch import keep_within
from tre.hub.session_file import Session, write_session
from tre.hub.session_limits import make_group, open_entrances
from tre.safe_settings.session_spec import Limits

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]

MIB = 2**20
LIMITS = {
    "memory_bytes": 512 * MIB,
    "file_bytes": 8 * MIB,
    "tmp_bytes": 16 * MIB,
    "shm_bytes": 12 * MIB,
    "open_files": 128,
    "processes": 80,
    "cpu_percent": 50,
}


@pytest.fixture(scope="module")
def grouped(sealable):
    """Skips, with the reason, where a session cannot be limited as a whole."""
    groups = groups_of_this_machine()
    if not groups.version:
        pytest.skip(groups.why_not)
    return groups


@contextmanager
def session(folder, groups=None, **limits: int):
    """A described session with its group; kernels are started in it with `one_kernel`."""
    spec = replace(a_session(folder / "home"), limits=Limits(**(LIMITS | limits)))
    group = make_group(spec.limits, groups=groups)
    try:
        with open_entrances(group) as entrances:
            file = folder / "session.json"
            write_session(Session(spec=spec, desk_url="", entrances=entrances), file)
            write_kernel(folder / "kernels", file)
            yield group
    finally:
        assert group.remove()


@pytest.fixture(scope="module")
def kernel(sealable, tmp_path_factory):
    folder = tmp_path_factory.mktemp("limited")
    with session(folder), one_kernel(folder) as client:
        yield client


@pytest.mark.parametrize(("folder", "mib"), [("/tmp", 16), ("/dev/shm", 12), ("/home", 12)])
def test_private_folders_take_what_they_were_given(kernel, folder, mib):
    fill = (
        "import os\n"
        "names, size = [], 0\n"
        "try:\n"
        "    while size < 64:\n"
        f"        names.append('{folder}/fill' + str(size))\n"
        "        with open(names[-1], 'wb') as file: file.write(bytes(2**20))\n"
        "        size += 1\n"
        "except OSError as error: print(error.strerror)\n"
        "for name in names: os.remove(name)\n"
        "print(size)\n"
    )
    said, size = say(kernel, fill).splitlines()
    assert said == "No space left on device"
    assert mib - 2 <= int(size) <= mib


def test_a_file_has_a_largest_size_wherever_it_is(kernel):
    for folder in ("/workspace", "/outbox"):
        assert "File too large" in say(kernel, f"open('{folder}/big', 'wb').truncate(9 * 2**20)")


def test_so_many_files_are_open_and_no_more(kernel):
    open_them = (
        "held = []\n"
        "try:\n"
        "    for n in range(200): held.append(open('/dev/null'))\n"
        "except OSError as error: print(error.strerror)\n"
        "print(len(held) < 128); del held\n"
    )
    said = say(kernel, open_them)
    assert "Too many open files" in said
    assert said.endswith("True\n")


def test_one_process_is_told_when_memory_is_out(kernel):
    assert "MemoryError" in say(kernel, "bytearray(600 * 2**20)")
    assert say(kernel, "print('still here')") == "still here\n"


def test_limits_are_not_raised_from_inside(kernel):
    for name in ("AS", "DATA", "FSIZE", "NOFILE", "NPROC"):
        raised = f"import resource; resource.setrlimit(resource.RLIMIT_{name}, (2**40, 2**40))"
        assert "ValueError" in say(kernel, raised) or "PermissionError" in say(kernel, raised)


def test_nothing_of_the_group_is_seen_inside(kernel):
    look = (
        "import os\n"
        "print(os.path.exists('/sys'), ' - cgroup' in open('/proc/self/mountinfo').read())\n"
        "print(open('/proc/self/cgroup').read().count('tre-'))\n"
        "print([os.readlink('/proc/self/fd/' + n) for n in os.listdir('/proc/self/fd')"
        " if 'cgroup' in os.readlink('/proc/self/fd/' + n)])\n"
    )
    said = say(kernel, look.replace("os.readlink('/proc/self/fd/' + n) for", "n for")).splitlines()
    assert said[0] == "False False"
    assert said[1] == "0"


HOLD = """
import os, signal, time
def holding(count, mib):
    '''How many of so many processes still hold so much, when all have tried and none ends.'''
    pids, calm = [pid for _ in range(count) if (pid := hold(mib))], 0
    while calm < 6:
        time.sleep(0.5)
        left = [pid for pid in pids if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG) is None]
        calm = calm + 1 if left == pids else 0
        pids = left
    return len(pids)
def hold(mib):
    ours, theirs = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            open('/proc/self/oom_score_adj', 'w').write('1000')
            held = bytearray(mib * 2**20)
            for page in range(0, len(held), 4096): held[page] = 1
            os.write(theirs, b'1')
            signal.pause()
        finally:
            os._exit(1)
    os.close(theirs)
    return pid if os.read(ours, 1) == b'1' else 0
"""

STILL = """
import glob
print(sum('sleeping' in open(file).read() for file in glob.glob('/proc/[0-9]*/status')
          if 'VmRSS' in open(file).read()
          and int(open(file).read().split('VmRSS:')[1].split()[0]) > 130 * 1024))
"""


def test_processes_of_one_session_share_its_memory(grouped, tmp_path):
    # Four of 200 MiB: each is below the limit of 512, three together are not.
    with session(tmp_path), one_kernel(tmp_path) as kernel:
        assert say(kernel, HOLD + "print(holding(4, 200))") in ("1\n", "2\n")
        assert say(kernel, "print('still here')") == "still here\n"


def test_two_kernels_of_one_session_share_its_memory(grouped, tmp_path):
    with session(tmp_path), one_kernel(tmp_path) as first, one_kernel(tmp_path) as second:
        assert say(first, HOLD + "print(holding(2, 130))") == "2\n"
        left = say(second, HOLD + "print(holding(2, 130))"), say(first, STILL)
        assert sum(int(number) for number in left) <= 3


def test_what_fills_tmp_counts_as_memory(grouped, tmp_path):
    fill = "for n in range(30): open('/tmp/f' + str(n), 'wb').write(bytes(6 * 2**20))"
    with session(tmp_path, tmp_bytes=400 * MIB), one_kernel(tmp_path) as kernel:
        say(kernel, fill)
        assert say(kernel, HOLD + "print(holding(2, 200))") in ("0\n", "1\n")


def test_a_fork_bomb_ends_with_its_session_and_harms_nobody_else(grouped, tmp_path):
    bomb = "import subprocess; subprocess.Popen(['/bin/sh', '-c', 'b() { b | b & }; b'], stderr=-3)"
    with session(tmp_path) as group, one_kernel(tmp_path) as kernel:
        say(kernel, f"{bomb}; print('lit')")
        seen = []
        until = time.monotonic() + 2
        while time.monotonic() < until:
            seen.append(len(group.processes()))
            time.sleep(0.05)
        assert max(seen) <= LIMITS["processes"]
        assert say(kernel, "print(6 * 7)") == "42\n"
    assert group.processes() == set()


def test_no_more_processes_than_allowed(grouped, tmp_path):
    many = (
        "import subprocess\n"
        "started = []\n"
        "try:\n"
        "    while len(started) < 200: started.append(subprocess.Popen(['/bin/sleep', '60']))\n"
        "except OSError as error: print(error.strerror)\n"
        "print(len(started) < 80)\n"
        "for one in started: one.kill()\n"
    )
    with session(tmp_path), one_kernel(tmp_path) as kernel:
        assert say(kernel, many) == "Resource temporarily unavailable\nTrue\n"


def test_processor_time_is_shared_out(grouped, tmp_path):
    # Two processes that want a whole core each, for a second, of half a core: 0.5 s and a bit.
    if "cpu" not in grouped.folders:
        pytest.skip("this machine delegates no processor time")
    burn = (
        "import os, time\n"
        "def burn():\n"
        "    until = time.monotonic() + 1\n"
        "    while time.monotonic() < until: pass\n"
        "started = os.times()\n"
        "pids = []\n"
        "for _ in range(2):\n"
        "    if (pid := os.fork()) == 0:\n"
        "        burn(); os._exit(0)\n"
        "    pids.append(pid)\n"
        "for pid in pids: os.waitpid(pid, 0)\n"
        "ended = os.times()\n"
        "print(ended.children_user + ended.children_system"
        " - started.children_user - started.children_system)\n"
    )
    with session(tmp_path), one_kernel(tmp_path) as kernel:
        assert float(say(kernel, burn)) < 0.8


def test_without_a_group_the_memory_of_all_processes_is_watched(sealable, tmp_path):
    # Three of 200 MiB are more than 512: one of them is ended.
    with session(tmp_path, groups=Groups()) as group, one_kernel(tmp_path) as kernel:
        assert group.folders == ()
        assert say(kernel, HOLD + "print(holding(4, 200))") in ("1\n", "2\n")
        assert say(kernel, "print('still here')") == "still here\n"


def test_without_a_group_what_processes_share_is_counted_once(sealable, tmp_path):
    # 250 MiB that five processes share are 250, not 1250.
    share = (
        "held = bytearray(250 * 2**20)\n"
        "for page in range(0, len(held), 4096): held[page] = 1\n"
        "def wait():\n"
        "    if (pid := os.fork()) == 0:\n"
        "        sum(held[::4096]); signal.pause()\n"
        "    return pid\n"
        "pids = [wait() for _ in range(5)]\n"
        "time.sleep(1.5)\n"
        "print(sum(os.waitid(os.P_PID, p, os.WEXITED | os.WNOHANG) is None for p in pids))\n"
    )
    with session(tmp_path, groups=Groups()), one_kernel(tmp_path) as kernel:
        assert say(kernel, "import os, signal, time\n" + share) == "5\n"


def test_a_session_within_its_memory_is_left_alone():
    assert keep_within(set(), 0) is None
