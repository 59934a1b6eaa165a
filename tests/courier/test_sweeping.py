"""Whatever a session makes can be removed, however deep and however much of it there is."""

import os
from pathlib import Path

from tre.courier.sweeping import sweep


def sweep_all(rubbish: Path) -> int:
    rounds = 0
    while any(rubbish.iterdir()):
        sweep(rubbish, 500)
        rounds += 1
        assert rounds < 5_000
    return rounds


def test_nothing_is_nothing_to_sweep(tmp_path: Path):
    assert sweep(tmp_path / "none") == 0


def test_files_pipes_links_and_folders_go(tmp_path: Path):
    rubbish = tmp_path / "rubbish"
    (rubbish / "letter" / "files").mkdir(parents=True)
    (rubbish / "letter" / "files" / "0").write_text("x")
    os.mkfifo(rubbish / "letter" / "pipe")
    (rubbish / "file").write_text("x")
    sweep_all(rubbish)
    assert list(rubbish.iterdir()) == []


def test_a_link_goes_and_its_target_stays(tmp_path: Path):
    rubbish, target = tmp_path / "rubbish", tmp_path / "target"
    target.mkdir()
    (target / "kept").write_text("kept")
    (rubbish / "letter").mkdir(parents=True)
    (rubbish / "letter" / "inside").symlink_to(target)
    (rubbish / "outside").symlink_to(target)
    sweep_all(rubbish)
    assert (target / "kept").read_text() == "kept"


def test_folders_deeper_than_the_stack_go(tmp_path: Path):
    rubbish = tmp_path / "rubbish"
    rubbish.mkdir()
    deepest = os.open(rubbish, os.O_RDONLY)
    for _ in range(3_000):
        os.mkdir("d", dir_fd=deepest)
        deeper = os.open("d", os.O_RDONLY, dir_fd=deepest)
        os.close(deepest)
        deepest = deeper
    os.close(deepest)
    sweep_all(rubbish)
    assert list(rubbish.iterdir()) == []


def test_a_folder_its_writer_locked_goes(tmp_path: Path):
    rubbish = tmp_path / "rubbish"
    (rubbish / "locked" / "inner").mkdir(parents=True)
    (rubbish / "locked" / "inner").chmod(0o000)
    (rubbish / "locked").chmod(0o000)
    sweep_all(rubbish)
    assert list(rubbish.iterdir()) == []


def test_one_round_removes_no_more_than_it_was_told(tmp_path: Path):
    rubbish = tmp_path / "rubbish"
    rubbish.mkdir()
    for number in range(30):
        (rubbish / str(number)).write_text("x")
    assert sweep(rubbish, 10) == 10
    assert len(list(rubbish.iterdir())) == 20
