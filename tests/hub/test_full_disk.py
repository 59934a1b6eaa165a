"""A workspace's disk that is full is an error in its notebook, and nobody else's trouble."""

import os
import subprocess
import time

import pytest

from tests.hub.browser import Browser
from tests.hub.conftest import free_ports, serving
from tests.hub.fake_gate import CODE, OTHER, PASSWORD, STUDY

pytestmark = [
    pytest.mark.long,
    pytest.mark.sealed,
    pytest.mark.xdist_group("hub that fails"),
    pytest.mark.timeout(600),
]
BASE, BESIDE = f"/user/ada/{STUDY}", f"/user/ada/{OTHER}"
NOTES = {"type": "file", "format": "text", "content": "notes " * 2000}


@pytest.fixture
def small(sealable, tmp_path):
    """A hub on which one project's workspace is a disk of 16 MiB."""
    workspace = tmp_path / "home" / "workspaces" / STUDY
    workspace.mkdir(parents=True)
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(workspace)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine lets nobody mount a small disk: {done.stderr.strip()}")
    try:
        running = serving(tmp_path / "home", free_ports(), ROUND_SECONDS=1)
        try:
            yield running
        finally:
            assert running.stop() == 0
    finally:
        subprocess.run(["umount", str(workspace)], check=True)


def test_a_full_disk_is_an_error_where_it_is_full_and_nowhere_else(small):
    ada = Browser(small.hub)
    ada.sign_in("ada", PASSWORD, CODE)
    for project in (STUDY, OTHER):
        assert ada.open("ada", project).status_code == 200
    kernel = ada.kernel("ada", STUDY)
    assert "No space left on device" in kernel.run(
        "open('/workspace/large.bin', 'wb').write(bytes(32 * 2**20))"
    )
    # The bar says so; saving here is refused, and what is on the disk stays.
    wait_for(lambda: any("disk is full" in said for said in warnings(ada)))
    refused = ada.ask("PUT", f"{BASE}/api/contents/notes.md", json=NOTES)
    assert refused.status_code >= 400
    assert kernel.run("print(6 * 7)").strip() == "42"
    # The hub, and the session beside it, do not notice.
    assert ada.http.get("/hub/home").status_code == 200
    saved = ada.ask("PUT", f"{BESIDE}/api/contents/notes.md", json=NOTES)
    assert saved.status_code in (200, 201)
    beside = ada.kernel("ada", OTHER)
    assert beside.run("print(open('/workspace/notes.md').read()[:5])").strip() == "notes"
    beside.close()
    assert not warnings(ada, BESIDE)
    # Files are deleted, and all is well again.
    kernel.run("import os; os.remove('/workspace/large.bin')")
    wait_for(lambda: not warnings(ada))
    assert ada.ask("PUT", f"{BASE}/api/contents/notes.md", json=NOTES).status_code in (200, 201)
    kernel.close()
    ada.close()


def warnings(browser, base=BASE):
    return browser.http.get(f"{base}/api/tre/notice").json()["warnings"]


def wait_for(asked, seconds=60):
    until = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < until
        time.sleep(0.2)
