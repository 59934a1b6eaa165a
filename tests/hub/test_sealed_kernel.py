"""A kernel, really sealed: what it may do, and every way out that is closed."""

import pytest

from tests.hub.sealed import a_session, say, sealed_kernel

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("sealed")


@pytest.fixture(scope="module")
def kernel(sealable, place):
    (place / "home" / "tre.sqlite").parent.mkdir()
    (place / "home" / "tre.sqlite").write_text("the hub's secrets")
    (place / "home" / "extracts" / "other-study").mkdir(parents=True)
    spec = a_session(place / "home")
    with sealed_kernel(spec, place / "session") as client:
        say(client, "import os")
        yield client


def test_it_computes_in_the_workspace(kernel, place):
    assert say(kernel, "import os; print(os.getcwd(), 6 * 7)").strip() == "/workspace 42"
    say(kernel, "open('note.txt', 'w').write('mine')")
    workspace = place / "home" / "workspaces" / "early-onset-psychosis"
    assert (workspace / "note.txt").read_text() == "mine"


def test_it_reads_its_extract_and_cannot_change_it(kernel):
    assert "an extract" in say(kernel, "print(open('/data/linked.parquet').read())")
    assert "Read-only file system" in say(kernel, "open('/data/linked.parquet', 'w')")
    assert "Read-only file system" in say(kernel, "os.remove('/data/linked.parquet')")


def test_it_writes_to_its_outbox_and_only_reads_replies(kernel):
    assert say(kernel, "open('/outbox/a', 'w').close()") == ""
    assert "Read-only file system" in say(kernel, "open('/replies/a', 'w')")


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        # Addresses of this machine and outside it, and names.
        ("socket.create_connection(('127.0.0.1', 22), 1)", "Connection refused"),
        ("socket.create_connection(('192.0.2.1', 80), 1)", "Network is unreachable"),
        ("socket.getaddrinfo('example.org', 80)", "gaierror"),
        # Sockets that no network namespace holds.
        ("socket.socket(40, socket.SOCK_STREAM)", "Address family not supported"),
        ("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "Address family not supported"),
        ("socket.socket(38, socket.SOCK_SEQPACKET)", "Address family not supported"),
        ("print(socket.if_nameindex())", "[(1, 'lo')]"),
    ],
)
def test_it_reaches_no_network(kernel, attempt, said):
    assert said in say(kernel, f"import socket\n{attempt}")


def test_it_sees_no_other_project_and_nothing_of_the_hub(kernel, place):
    home = place / "home"
    for path in (home, home / "tre.sqlite", home / "extracts" / "other-study", place / "session"):
        assert "False" in say(kernel, f"print(os.path.exists({str(path)!r}))")
    assert say(kernel, "print(os.listdir('/data'))").strip() == "['linked.parquet']"


def test_its_environment_holds_no_token_and_no_path_of_the_host(kernel, place):
    found = say(kernel, "print(dict(os.environ)); print(open('/proc/1/environ').read())")
    assert "TRE_PROJECT" in found
    for secret in ("JUPYTERHUB", "TOKEN", str(place)):
        assert secret not in found
    assert str(place) not in say(kernel, "print(open('/proc/1/cmdline').read())")


def test_it_imports_the_session_and_not_the_environment_around_it(kernel):
    assert say(kernel, "import tre.session, output_checks") == ""
    assert "ModuleNotFoundError" in say(kernel, "import tre.steps")
    assert "ModuleNotFoundError" in say(kernel, "import tre.store")


def test_it_sees_its_own_processes_alone_and_none_of_the_hosts_settings(kernel):
    pids = say(kernel, "print([p for p in os.listdir('/proc') if p.isdigit()])")
    assert pids.strip() == "['1', '2']"
    write = "open('/proc/sys/kernel/core_pattern', 'r+')"
    assert "Read-only file system" in say(kernel, write)


def test_it_has_no_privilege_and_gains_none(kernel):
    status = say(kernel, "print(open('/proc/self/status').read())")
    for line in ("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2", "Uid:\t1000"):
        assert line in status
    unshare = "import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"
    assert "-1 1" in say(kernel, f"{unshare}print(libc.unshare(0x10000000), ctypes.get_errno())")
    planted = "import os; open('s', 'w').close(); os.chmod('s', 0o4755)"
    assert "Operation not permitted" in say(kernel, planted)


def test_its_limits_hold(kernel):
    assert "MemoryError" in say(kernel, "bytearray(6 * 2**30)")
    big = "open('/tmp/big', 'wb').truncate(3 * 2**30)"
    assert "File too large" in say(kernel, big)
    raised = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))"
    assert "not allowed to raise maximum limit" in say(kernel, raised)


def test_it_is_interrupted(kernel):
    # what follows a failed cell at once is aborted by default: that would be the next line's
    asleep = "import time; print('asleep', flush=True); time.sleep(60)"
    number = kernel.execute(asleep, stop_on_error=False)
    while kernel.get_iopub_msg(timeout=90)["msg_type"] != "stream":
        pass
    kernel.control_channel.send(kernel.session.msg("interrupt_request", {}))
    reply = kernel.get_shell_msg(timeout=90)
    assert reply["parent_header"]["msg_id"] == number
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert "42" in say(kernel, "print(42)")


def test_two_projects_are_apart(sealable, tmp_path):
    one = a_session(tmp_path / "home", "first-study")
    two = a_session(tmp_path / "home", "second-study")
    (two.workspace / "secret.txt").write_text("second")
    with sealed_kernel(one, tmp_path / "one") as kernel:
        assert say(kernel, "import os; print(os.listdir('/workspace'))").strip() == "[]"
        tops = "[t for t in os.listdir('/') if t not in ('proc', 'usr', 'dev')]"
        find = f"print([f for t in {tops} for f, _, n in os.walk('/' + t) if 'secret.txt' in n])"
        assert say(kernel, find).strip() == "[]"
