"""A workspace whose files change under the server's hands, and one that is full."""

import errno
import os
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from tornado import web

from tre.hub.server.workspace import Workspace

SECONDS = 1.5


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "workspace"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "file.txt").write_text("inside")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file.txt").write_text("outside")
    return Workspace(root)


@contextmanager
def swapping(workspace, name):
    """Make an entry of the workspace a link that leads out, and back, as fast as it goes."""
    real, kept = workspace.root / name, workspace.root.parent / "kept"
    link = workspace.root.parent / "link"
    target = workspace.root.parent / "outside" / name.removeprefix("folder").strip("/")
    link.symlink_to(target)
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            real.rename(kept)
            link.rename(real)
            real.rename(link)
            kept.rename(real)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("name", ["folder", "folder/file.txt"])
def test_a_link_that_is_swapped_in_is_never_followed(workspace, name):
    outside = workspace.root.parent / "outside" / "file.txt"
    read, missed = 0, 0
    with swapping(workspace, name):
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                assert workspace.read("folder/file.txt", 100) in (b"inside", b"new")
                read += 1
            except web.HTTPError:
                missed += 1
            with suppress(web.HTTPError):
                workspace.write("folder/file.txt", b"new")
    # Both happened, or nothing was tried.
    assert read
    assert missed
    assert outside.read_text() == "outside"
    assert [one.name for one in outside.parent.iterdir()] == ["file.txt"]


def test_nothing_outside_is_deleted_or_moved_by_a_swap(workspace):
    outside = workspace.root.parent / "outside"
    with swapping(workspace, "folder"):
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with suppress(web.HTTPError):
                workspace.rename("folder/file.txt", "folder/other.txt")
            with suppress(web.HTTPError):
                workspace.delete("folder/other.txt")
            with suppress(web.HTTPError):
                workspace.make_folder("folder/new")
            with suppress(web.HTTPError):
                workspace.write("folder/file.txt", b"again")
    assert [one.name for one in outside.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("failing", ["replace", "open"])
def test_a_full_workspace_keeps_what_was_there(workspace, monkeypatch, failing):
    real = getattr(os, failing)

    def full(path, *args, **more):
        if failing == "replace" or str(path).startswith(".tre-"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *args, **more)

    monkeypatch.setattr(f"tre.hub.server.workspace.os.{failing}", full)
    with pytest.raises(web.HTTPError) as refused:
        workspace.write("folder/file.txt", b"new")
    assert refused.value.status_code == 507
    assert "full" in (refused.value.log_message or "")
    monkeypatch.undo()
    assert workspace.read("folder/file.txt", 100) == b"inside"
    assert [one.name for one in (workspace.root / "folder").iterdir()] == ["file.txt"]


@pytest.mark.parametrize("name", ["", "/", "..", "folder/..", "../outside/file.txt", ".hidden"])
def test_no_path_is_the_workspace_itself_or_above_it(workspace, name):
    for act in (
        lambda: workspace.read(name, 10),
        lambda: workspace.write(name, b""),
        lambda: workspace.delete(name),
        lambda: workspace.rename(name, "x"),
        lambda: workspace.rename("folder", name),
    ):
        with pytest.raises(web.HTTPError):
            act()
    assert (workspace.root / "folder" / "file.txt").read_text() == "inside"


def test_a_file_that_grows_while_it_is_read_is_refused(workspace):
    (workspace.root / "large.txt").write_bytes(b"x" * 100)
    assert len(workspace.read("large.txt", 100)) == 100
    with pytest.raises(web.HTTPError, match="larger than 99 bytes"):
        workspace.read("large.txt", 99)


def test_a_moved_file_takes_no_others_place(workspace):
    (workspace.root / "other.txt").write_text("other")
    with pytest.raises(web.HTTPError) as refused:
        workspace.rename("folder/file.txt", "other.txt")
    assert refused.value.status_code == 409
    assert (workspace.root / "other.txt").read_text() == "other"
