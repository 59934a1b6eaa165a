"""The same seed gives the same files, whoever counts the threads and whatever is interrupted."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tre.safe_data import building, world
from tre.safe_data.files import finished_folder, write_table

_SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from tre.safe_data import world
home = Path(sys.argv[1])
world.build(home / "parties", people=1_500, seed=5)
world.link(home / "parties", "npd", on=date(2026, 1, 5), seed=5)
variables = ("linked.sex", "linked.diagnosis_group", "absence.sessions_missed")
world.make_extract(
    home / "parties", project="p", variables=variables, key=b"k" * 32, on=date(2026, 1, 5),
    into=home / "extracts" / "1",
)
"""


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_bytes_depend_neither_on_the_process_nor_on_the_number_of_threads(tmp_path):
    for threads in ("1", "2"):
        environ = os.environ | {
            "POLARS_MAX_THREADS": threads,
            "OMP_NUM_THREADS": threads,
            "PYTHONHASHSEED": threads,
        }
        command = [sys.executable, "-W", "error", "-c", _SCRIPT, str(tmp_path / threads)]
        subprocess.run(command, check=True, env=environ, timeout=280)
    first, second = hashes(tmp_path / "1"), hashes(tmp_path / "2")
    assert len(first) > 15
    assert first == second


def test_another_seed_gives_another_world(tmp_path):
    world.build(tmp_path / "a", people=1_000, seed=1)
    world.build(tmp_path / "b", people=1_000, seed=2)
    a, b = hashes(tmp_path / "a"), hashes(tmp_path / "b")
    assert a.keys() == b.keys()
    # Among so few people a list of objections may be empty.
    assert all(a[name] != b[name] for name in a if "_objections" not in name)


def test_a_world_of_many_row_groups_is_written_the_same_twice(tmp_path):
    frame = pl.DataFrame({"n": range(600_000)})
    pieces = pl.concat([frame[:7], frame[7:400_000], frame[400_000:]], rechunk=False)
    assert write_table(frame, tmp_path / "a") == write_table(pieces, tmp_path / "b")


def test_a_build_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    def fails(*_):
        message = "no space left on device"
        raise OSError(message)

    monkeypatch.setattr(building, "fill", fails)
    with pytest.raises(OSError, match="no space"):
        world.build(tmp_path / "parties", people=1_000, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_behind_is_cleared_and_the_next_one_goes_on(tmp_path):
    (tmp_path / "parties.part" / "slam").mkdir(parents=True)
    (tmp_path / "parties.part" / "slam" / "stray").write_text("half")
    world.build(tmp_path / "parties", people=1_000, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["parties"]
    assert not (tmp_path / "parties" / "slam" / "stray").exists()


def test_an_old_folder_stays_until_the_new_one_is_whole(tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "old").touch()
    interrupted = finished_folder(folder)
    (interrupted.__enter__() / "new").touch()
    interrupted.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert [path.name for path in folder.iterdir()] == ["old"]
    with finished_folder(folder) as new:
        (new / "new").touch()
    assert [path.name for path in folder.iterdir()] == ["new"]


def test_progress_is_told_from_none_to_all(tmp_path):
    told = []
    world.build(
        tmp_path / "p", people=1_000, seed=1, progress=lambda stage, share: told.append(share)
    )
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
