"""`make up` on a machine that lacks something says what, and how to get it."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tracked import ROOT


def load(name: str, path: Path):
    """Import a script that is in no package."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


install = load("install", ROOT / "deploy" / "install.py")


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_supported_python_is_taken(version):
    install.check_python(version)


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_another_python_is_named_with_what_would_do(version):
    with pytest.raises(install.CannotInstallError) as refused:
        install.check_python(version)
    assert f"Python {version[0]}.{version[1]}" in str(refused.value)
    assert "3.11, 3.12 or 3.13" in str(refused.value)


def test_another_python_of_this_machine_is_offered(monkeypatch):
    only_newer = {"python3.12": "somewhere"}
    monkeypatch.setattr(install.shutil, "which", only_newer.get)
    with pytest.raises(install.CannotInstallError, match=r"make up PYTHON=python3\.12"):
        install.check_python((3, 9))


def test_a_python_without_venv_says_which_package_has_it(monkeypatch):
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: name != "ensurepip")
    with pytest.raises(install.CannotInstallError, match="apt-get install python3-venv"):
        install.check_venv_module()


def test_another_system_is_told_that_it_needs_linux(monkeypatch):
    monkeypatch.setattr(install.sys, "platform", "darwin")
    with pytest.raises(install.CannotInstallError, match="Linux"):
        install.check_system()


def test_a_failing_command_shows_what_it_said_without_the_chatter():
    chatter = f"WARNING: Location 'x' {install.NOISE}"
    program = "import sys; print(sys.argv[1]); print('ERROR: no such package'); sys.exit(1)"
    with pytest.raises(install.CannotInstallError) as failed:
        install.run([sys.executable, "-c", program, chatter])
    said = str(failed.value).partition("This failed")[0]
    assert "ERROR: no such package" in said
    assert install.NOISE not in said


def test_a_failed_installation_leaves_no_stamp(tmp_path, monkeypatch):
    (tmp_path / ".installed").write_text("", encoding="utf-8")

    def breaks(_title, _command):
        message = "disk full"
        raise install.CannotInstallError(message)

    monkeypatch.setattr(install, "stage", breaks)
    assert install.main(tmp_path) == 3
    assert not (tmp_path / ".installed").exists()


@pytest.mark.parametrize(
    ("executable", "made_in", "same"),
    [
        ("/usr/bin/python3.12", "here", True),
        ("/usr/bin/python3.11", "here", False),  # another Python
        ("/usr/bin/python3.12", "elsewhere", False),  # moved
    ],
)
def test_an_environment_of_another_python_or_folder_is_made_anew(
    tmp_path, executable, made_in, same
):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    folder = tmp_path if made_in == "here" else "/another/folder"
    settings = f"executable = {executable}\ncommand = {executable} -m venv {folder}\n"
    (tmp_path / "pyvenv.cfg").write_text(settings, encoding="utf-8")
    assert install.was_made_by("/usr/bin/python3.12", tmp_path) is same


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to("/nowhere/python3")
    settings = f"executable = /nowhere/python3\ncommand = x -m venv {tmp_path}\n"
    (tmp_path / "pyvenv.cfg").write_text(settings, encoding="utf-8")
    assert not install.was_made_by("/nowhere/python3", tmp_path)


def test_pip_with_an_index_of_its_own_is_asked_to_install(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "file:///somewhere/simple")
    assert install.pip_has_its_own_index([sys.executable, "-m", "pip"])


@pytest.mark.parametrize(
    ("listing", "has"),
    [
        ("global.index-url='file:///mirror'\n", True),
        ("global.no-index='true'\n", True),
        ("global.find-links='/wheels'\nglobal.extra-index-url='file:///more'\n", False),
        ("", False),
    ],
)
def test_pip_s_settings_say_whether_it_has_an_index_of_its_own(monkeypatch, listing, has):
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    answer = [sys.executable, "-c", f"print({listing!r}, end='')"]
    assert install.pip_has_its_own_index(answer) is has


def test_missing_system_packages_never_fail_a_test_run():
    script = ROOT / "deploy" / "system_packages.sh"
    result = subprocess.run(
        ["bash", str(script), "no-such-program"],
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
        executable="/bin/bash",
    )
    assert result.returncode == 0
    assert "no-such-program" in result.stdout


def test_the_shell_scripts_are_well_formed():
    for script in (ROOT / ".ci" / "run", ROOT / "deploy" / "system_packages.sh"):
        subprocess.run(["bash", "-n", str(script)], check=True)
