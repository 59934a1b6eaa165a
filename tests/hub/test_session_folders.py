"""Folders that are not what they should be: refused with the reason, and nothing is mounted."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hub.sealed import a_session, say, sealed_kernel
from tre.hub.session_folders import open_folders, open_without_links, opened_folders
from tre.safe_settings.sealed_sandbox import UnsealableError

FOLDERS = ("extract", "workspace", "outbox", "replies")


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_a_link_is_refused(tmp_path, name):
    spec = a_session(tmp_path / "home")
    (tmp_path / "elsewhere").mkdir()
    folder = getattr(spec, name)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.symlink_to(tmp_path / "elsewhere")
    before = open_files()
    with pytest.raises(UnsealableError, match=f"the session's {name} .* is a symbolic link"):
        open_folders(spec)
    assert open_files() == before


@pytest.mark.parametrize("name", FOLDERS)
def test_a_link_anywhere_above_it_is_refused(tmp_path, name):
    spec = a_session(tmp_path / "home")
    above = getattr(spec, name).parent
    above.rename(tmp_path / "moved")
    above.symlink_to(tmp_path / "moved")
    with pytest.raises(UnsealableError, match=f"{above} is a symbolic link"):
        open_folders(spec)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (os.mkfifo, "a FIFO"),
        (lambda path: path.write_text("no folder"), "a file"),
        (lambda path: None, "No such file or directory"),
    ],
)
def test_what_is_no_folder_is_refused_at_once(tmp_path, make, what):
    spec = a_session(tmp_path / "home")
    spec.workspace.rmdir()
    make(spec.workspace)
    before = open_files()
    with pytest.raises(UnsealableError, match=what):
        open_folders(spec)
    assert open_files() == before


def test_a_project_without_an_extract_is_refused(tmp_path):
    spec = replace(a_session(tmp_path / "home"), extract=tmp_path / "home" / "extracts" / "none")
    with pytest.raises(UnsealableError, match=r"the session's extract .*none: No such file"):
        open_folders(spec)


@pytest.mark.parametrize("path", ["relative/folder", "/tmp/../etc"])
def test_a_path_with_steps_back_is_refused(path):
    with pytest.raises(UnsealableError, match="no plain path"):
        open_without_links(Path(path), "workspace")


def test_what_is_open_is_the_folder_that_was_looked_at(tmp_path):
    spec = a_session(tmp_path / "home")
    with opened_folders(spec) as folders:
        spec.workspace.rename(tmp_path / "aside")
        spec.workspace.symlink_to("/etc")
        (tmp_path / "aside" / "mine").touch()
        shown = Path(f"/proc/self/fd/{folders.workspace}")
        assert [path.name for path in shown.iterdir()] == ["mine"]
    assert not any(Path(f"/proc/self/fd/{number}").exists() for number in folders.numbers)


@pytest.mark.sealed
@pytest.mark.xdist_group("sealed kernel")
def test_a_link_inside_a_workspace_leads_nowhere(sealable, tmp_path):
    spec = a_session(tmp_path / "home")
    (tmp_path / "secret.txt").write_text("of the host")
    (spec.workspace / "link").symlink_to(tmp_path / "secret.txt")
    (spec.extract / "link").symlink_to(tmp_path / "secret.txt")
    with sealed_kernel(spec, tmp_path / "session") as kernel:
        for link in ("/workspace/link", "/data/link"):
            assert "FileNotFoundError" in say(kernel, f"open('{link}')")


@pytest.mark.sealed
@pytest.mark.xdist_group("sealed kernel")
def test_no_open_file_of_a_kernel_leads_out(sealable, tmp_path):
    # A folder of the host, held open, would lead out of the sandbox by `..`.
    look = (
        "import os, stat\n"
        "for pid in (p for p in os.listdir('/proc') if p.isdigit()):\n"
        "    try: names = os.listdir(f'/proc/{pid}/fd')\n"
        "    except PermissionError: continue\n"
        "    for name in names:\n"
        "        try: mode = os.stat(f'/proc/{pid}/fd/{name}').st_mode\n"
        "        except FileNotFoundError: continue\n"
        "        if stat.S_ISDIR(mode): print(pid, name, os.readlink(f'/proc/{pid}/fd/{name}'))\n"
        "import glob; print(len(glob.glob('/proc/self/fd/*')) > 3)\n"
    )
    with sealed_kernel(a_session(tmp_path / "home"), tmp_path / "session") as kernel:
        assert say(kernel, look) == "True\n"
