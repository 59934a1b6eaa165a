"""The proxy's lock file, and the command that installs it."""

import json

import pytest

from tre.hub import install_proxy
from tre.hub.proxy_program import FOLDER, NoProxyError, proxy_command


def test_the_lock_file_names_no_registry_and_every_hash():
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for entry in packages.values():
        assert "resolved" not in entry
        assert entry["integrity"].startswith("sha512-")


def test_the_version_is_pinned():
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    assert wanted == {"configurable-http-proxy": "5.3.0"}


def test_an_installed_proxy_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("TRE_PROXY", str(tmp_path))
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    ran = []
    monkeypatch.setattr(install_proxy, "_npm_ci", ran.append)
    assert install_proxy.install() is True
    assert install_proxy.install() is False
    (tmp_path / "package-lock.json").write_text("{ }")
    assert install_proxy.install() is True
    assert ran == [tmp_path, tmp_path]


def test_a_missing_proxy_says_how_to_get_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TRE_PROXY", str(tmp_path))
    with pytest.raises(NoProxyError, match=r"python.* -m tre\.hub\.install_proxy"):
        proxy_command()
    assert install_proxy.main() == 3
    assert "TRE_PROXY" in capsys.readouterr().err
