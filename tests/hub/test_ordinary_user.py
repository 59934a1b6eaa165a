"""The hub as an ordinary user, and on a machine that lets nobody make a sandbox."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.hub.browser import Browser
from tests.hub.conftest import ROOT, free_ports
from tests.hub.fake_gate import CODE, OTHER, PASSWORD
from tre.hub import processes

pytestmark = [pytest.mark.sealed, pytest.mark.slow, pytest.mark.xdist_group("hub that fails")]
NOBODY = 65534

SHOW_PYTHON = """
set -e
mkdir "$3/python"
mount --bind "$2" "$3/python"
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir -p "$2"
mount --move "$3/python" "$2"
rmdir "$3/python"
shift 3
exec "$@"
"""
"""Hides a closed folder behind an empty one, and shows the Python in it again."""


def as_nobody(command: list[str], beside: Path) -> list[str]:
    """Have root run a command as nobody, who must be able to read the Python that runs this."""
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    base = Path(sys.base_prefix).resolve()
    closed = [each for each in base.parents if not each.stat().st_mode & 0o001]
    if not closed:
        return drop
    show = ["sh", "-c", SHOW_PYTHON, "show", str(closed[-1]), str(base), str(beside)]
    return ["unshare", "--mount", "--propagation", "private", *show, *drop]


@pytest.fixture
def place():
    """A folder that is nobody's: those of pytest are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="tre-nobody-"))
    folder.chmod(0o755)
    (folder / "home").mkdir()
    os.chown(folder / "home", NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def started(sealable, place):
    """`tre up` of an ordinary user, ready; and its port."""
    if os.geteuid() != 0:
        pytest.skip("every other test of the hub is run by an ordinary user already")
    if not all(each.stat().st_mode & 0o001 for each in Path(sys.prefix).parents):
        pytest.skip(f"an ordinary user cannot read {sys.prefix}: a folder above it is closed")
    port, log = free_ports(), place / "up.log"
    command = [sys.executable, "-m", "tests.hub.serve_fake", str(place / "home"), str(port)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(place / "home")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            as_nobody(command, place),
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    until = time.monotonic() + 150
    while "Ctrl-C" not in log.read_text() and time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    yield process, port
    process.send_signal(signal.SIGINT)
    assert process.wait(90) == 0


def test_hub_server_and_kernel_run_without_root(started):
    process, port = started
    browser = Browser(f"http://127.0.0.1:{port}")
    browser.sign_in("ada", PASSWORD, CODE)
    assert browser.open("ada", OTHER).status_code == 200
    kernel = browser.kernel("ada", OTHER)
    assert kernel.run("print(6 * 7)").strip() == "42"
    assert "refused" in kernel.run("import socket; socket.create_connection(('127.0.0.1', 80), 1)")
    owners = {_owner(one.pid) for one in processes.descendants(process.pid)}
    owners.add(_owner(process.pid))
    assert owners == {NOBODY}
    kernel.close()
    browser.close()


def _owner(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


FORBID = """
echo 0 > /proc/sys/user/max_user_namespaces
exec "$@"
"""


def test_where_no_sandbox_can_be_made_nothing_is_served(sealable, tmp_path):
    """As on a machine whose administrator switched user namespaces off."""
    port = free_ports()
    command = [sys.executable, "-m", "tests.hub.serve_fake", str(tmp_path / "home"), str(port)]
    answer = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", FORBID, "forbid", *command],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert answer.returncode != 0
    said = answer.stdout + answer.stderr
    assert "namespace" in said
    assert "Ctrl-C" not in said
    assert "Traceback" not in said
