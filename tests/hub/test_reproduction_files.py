"""A run's workspace, once it is hostile: found, read and removed without following anything."""

import json
import os
from pathlib import Path

import pytest

from tre.decision import UnusableRequestError
from tre.hub import reproduction_files
from tre.hub.reproduction_files import (
    as_notebook,
    fresh_workspace,
    lay,
    left_under,
    read_left,
    remove_left_over,
)
from tre.safe_outputs.request_limits import STANDARD


def test_files_are_found_by_name_the_shallowest_first(tmp_path: Path) -> None:
    for path in ("deep/er/a.csv", "a.csv", "deep/a.csv", "deep/b.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    assert left_under(tmp_path, {"a.csv"}) == {"a.csv": ("a.csv", "deep/a.csv", "deep/er/a.csv")}


def test_links_pipes_and_folders_of_that_name_are_not_found(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.csv").write_text("not of the run")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "a.csv").symlink_to(outside / "a.csv")
    (workspace / "elsewhere").symlink_to(outside)
    os.mkfifo(workspace / "b.csv")
    (workspace / "c.csv").mkdir()
    assert left_under(workspace, {"a.csv", "b.csv", "c.csv"}) == {}
    assert read_left(workspace, "a.csv") is None
    assert read_left(workspace, "elsewhere/a.csv") is None
    assert read_left(workspace, "b.csv") is None


def test_what_is_larger_than_may_leave_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(STANDARD.file_bytes + 1)
    assert read_left(tmp_path, "large.csv") is None
    assert read_left(tmp_path, "none.csv") is None


def test_no_more_is_looked_at_than_a_bound(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(reproduction_files, "MOST_ENTRIES", 10)
    for number in range(30):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "a.csv").touch()
    assert left_under(tmp_path, {"a.csv"}) == {}


def test_of_one_name_only_some_are_compared(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "a.csv").touch()
    assert len(left_under(tmp_path, {"a.csv"})["a.csv"]) == reproduction_files.MOST_OF_A_NAME


@pytest.mark.parametrize("name", ["../a.py", "/etc/a.py", "b/a.py", "..", ".", "", "a\0.py"])
def test_code_is_laid_under_plain_names_alone(tmp_path: Path, name: str) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    with pytest.raises(UnusableRequestError, match="no plain file name"):
        lay(workspace, {name: b"x = 1"})
    assert [each.name for each in tmp_path.rglob("*")] == ["workspace"]


def test_a_workspace_is_removed_however_deep_and_closed(tmp_path: Path) -> None:
    with fresh_workspace(tmp_path) as workspace:
        lay(workspace, {"a.py": b"x = 1"})
        here = os.open(workspace, os.O_RDONLY)
        for _ in range(1_500):  # deeper than a path can name
            os.mkdir("d" * 20, dir_fd=here)
            below = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(here)
        (workspace / "closed").mkdir()
        (workspace / "closed" / "a.csv").touch()
        (workspace / "closed").chmod(0)
    assert list((tmp_path / "runs").iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    remove_left_over(tmp_path)  # nothing has ever run
    (tmp_path / "runs" / "left").mkdir(parents=True)
    (tmp_path / "runs" / "left" / "a.csv").write_text("left")
    remove_left_over(tmp_path)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_script_becomes_a_notebook_of_its_language_and_a_notebook_stays() -> None:
    assert as_notebook("a.ipynb", b"whatever") == b"whatever"
    python = json.loads(as_notebook("it's.py", b"x = 1"))
    assert [cell["source"] for cell in python["cells"]] == [
        '__file__ = "/workspace/it\'s.py"',
        "x = 1",
    ]
    r = json.loads(as_notebook("model.R", b"x <- 1"))
    assert r["metadata"]["kernelspec"]["name"] == "ir"
    assert [cell["source"] for cell in r["cells"]] == ["x <- 1"]
