"""Packages in a session of the hub, whose server is in a sandbox of its own around the kernel's."""

import hashlib
import shutil

import pytest

from tests.hub.fake_gate import OTHER
from tests.hub.wheels import write_wheel
from tre.safe_settings.wheels import index_page

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub that fails")]


def test_pip_installs_from_the_folder_in_a_session_of_the_hub(ada, served):
    folder = served.home / "packages"
    folder.mkdir()
    wheel = write_wheel(folder)
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "index.html").write_text(index_page([(wheel.name, sha256)]), encoding="utf-8")
    ada.stop("ada", OTHER)
    assert ada.open("ada", OTHER).status_code == 200
    kernel = ada.kernel("ada", OTHER)
    try:
        assert "Successfully installed tinything-1.0" in kernel.run("%pip install tinything")
        assert kernel.run("import tinything; print(tinything.ANSWER)").strip() == "42"
        assert "ask the TRE manager" in kernel.run("!pip install nosuchthing")
        assert "Read-only file system" in kernel.run("open('/packages/x', 'w')")
    finally:
        kernel.close()
        ada.stop("ada", OTHER)
        shutil.rmtree(folder)
