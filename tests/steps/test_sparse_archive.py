"""A workspace of holes and many names: its archive stays small, and gives back the same bytes."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tre.steps import archive_workspace as archiving
from tre.steps.archive_workspace import DATA_ALONE, WHOLE, archive_workspace
from tre.steps.sparse_files import Piece, StoredFile, pieces_of

MIB = 2**20
AS_DATA: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python 3.11 before 3.11.4, as Debian 12 has it, knows no filter."""


def sparse(path: Path, size: int, **data: bytes) -> Path:
    """A file of this size with nothing but these data, by where they begin: at_4096=b"x"."""
    with path.open("wb") as file:
        file.truncate(size)
        for where, content in data.items():
            file.seek(int(where.removeprefix("at_")))
            file.write(content)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    trial = sparse(folder / "trial", 64 * MIB)
    if trial.stat().st_blocks > 100:
        pytest.skip("this disk keeps holes as zeros")
    trial.unlink()
    return folder


SHAPES = {
    "end": (3 * MIB, {"at_0": b"begin"}),
    "start": (3 * MIB, {f"at_{3 * MIB - 3}": b"end"}),
    "middle": (5 * MIB + 17, {"at_0": b"a" * 5000, f"at_{2 * MIB}": b"b" * 9000}),
    "nothing": (7 * MIB + 1, {}),
    "many": (9 * MIB, {f"at_{n * 65536}": bytes([n + 1]) * 4096 for n in range(100)}),
    "empty": (0, {}),
}


def manifest_of(file: Path) -> dict[str, dict]:
    with tarfile.open(file) as archive:
        opened = archive.extractfile("manifest.json")
        assert opened is not None
        return {one["path"]: one for one in json.loads(opened.read())["files"]}


def hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("way", ["python", "gnu tar"])
def test_what_is_restored_is_what_was_there(workspace: Path, tmp_path: Path, way: str):
    for name, (size, data) in SHAPES.items():
        sparse(workspace / name, size, **data)
    (workspace / "plain").write_bytes(os.urandom(3 * MIB + 11))
    made = archive_workspace(workspace, tmp_path / "into", "study")
    assert made.size_bytes < 5 * MIB  # of 31
    if way == "python":
        with tarfile.open(made.file) as archive:
            archive.extractall(tmp_path, members=archive.getmembers(), **AS_DATA)
    else:
        if not shutil.which("tar"):
            pytest.skip("no GNU tar on this machine")
        shutil.move(workspace, tmp_path / "before")
        subprocess.run(["tar", "-xf", made.file, "-C", tmp_path], check=True)
        shutil.rmtree(tmp_path / "before")
    listed = manifest_of(made.file)
    for name in (*SHAPES, "plain"):
        restored = tmp_path / "workspace" / name
        assert listed[name]["sha256"] == hash_of(restored), name
        assert listed[name]["size_bytes"] == restored.stat().st_size


def test_a_terabyte_of_nothing_takes_no_room_and_no_hour(workspace: Path, tmp_path: Path):
    sparse(workspace / "huge", 2**40, at_4096=b"data")
    made = archive_workspace(workspace, tmp_path / "into", "study")
    assert made.size_bytes < 64 * 1024
    huge = manifest_of(made.file)["huge"]
    assert (huge["size_bytes"], huge["hashed"]) == (2**40, DATA_ALONE)
    with tarfile.open(made.file) as archive:
        opened = archive.extractfile("workspace/huge")
        assert opened is not None
        opened.seek(4090)
        assert opened.read(12) == bytes(6) + b"data" + bytes(2)


def test_so_many_holes_are_hashed_and_of_the_rest_the_data(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archiving, "HASHED_HOLES_BYTES", 5 * MIB)
    for name in ("a", "b", "c"):
        sparse(workspace / name, 2 * MIB + 4096, at_0=b"x" * 4096)
    listed = manifest_of(archive_workspace(workspace, tmp_path / "into", "study").file)
    assert [listed[name]["hashed"] for name in "abc"] == [WHOLE, WHOLE, DATA_ALONE]
    assert listed["a"]["sha256"] == hash_of(workspace / "a")
    assert listed["c"]["sha256"] == hashlib.sha256(b"x" * 4096).hexdigest()


def test_a_file_of_many_names_is_kept_once(workspace: Path, tmp_path: Path):
    (workspace / "first").write_bytes(os.urandom(MIB))
    for n in range(50):
        (workspace / f"name{n:02}").hardlink_to(workspace / "first")
    made = archive_workspace(workspace, tmp_path / "into", "study")
    assert made.size_bytes < 2 * MIB
    listed = manifest_of(made.file)
    assert len(listed) == 51
    assert listed["name07"]["same_file_as"] == "first"
    with tarfile.open(made.file) as archive:
        archive.extractall(tmp_path / "out", **AS_DATA)
    assert hash_of(tmp_path / "out" / "workspace" / "name07") == listed["first"]["sha256"]


def test_a_disk_that_does_not_know_holes_gives_one_piece():
    reading, writing = os.pipe()
    os.close(writing)
    file = StoredFile(reading, 0, pieces_of(reading, 0))
    assert (file.pieces, file.is_sparse, file.read()) == ((), False, b"")
    os.close(reading)


def test_data_and_holes_are_told_apart_where_blocks_begin(workspace: Path):
    file = sparse(workspace / "file", 3 * MIB, **{f"at_{MIB}": b"x" * 65536})
    descriptor = os.open(file, os.O_RDONLY)
    assert pieces_of(descriptor, 3 * MIB) == (Piece(MIB, 65536),)
    os.close(descriptor)
