"""Files of a workspace, which its members write as they like: none leads anywhere else."""

import os
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import FileKind
from tre.steps.add_workspace_file import add_workspace_file
from tre.steps.create_request import create_request
from tre.steps.request_file import request_file
from tre.steps.workspace_files import workspace_files

CSV = b"sex,people\nFemale,94\nMale,106\n"


def draft(demo: Demo) -> int:
    return create_request(demo.tre, "ada", STUDY, "By hand")


@pytest.fixture
def workspace(demo: Demo) -> Path:
    folder = demo.tre.folders.workspace(STUDY)
    (folder / "results").mkdir(parents=True)
    (folder / "results" / "sex.csv").write_bytes(CSV)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    return folder


def test_a_workspace_is_listed_and_a_file_of_it_frozen(demo: Demo, workspace: Path) -> None:
    assert [file.path for file in workspace_files(demo.tre, "ada", STUDY)] == ["results/sex.csv"]
    request = draft(demo)
    number = add_workspace_file(demo.tre, "ada", request, "results/sex.csv", FileKind.OUTPUT)
    (workspace / "results" / "sex.csv").write_bytes(b"changed afterwards")
    assert request_file(demo.tre, "ada", request, number).bytes == CSV


def test_no_link_leads_out_of_a_workspace(demo: Demo, workspace: Path) -> None:
    secret = demo.tre.folders.keys / "ledger.key"
    (workspace / "key.txt").symlink_to(secret)
    (workspace / "keys").symlink_to(secret.parent)
    (workspace / "inside.csv").symlink_to("results/sex.csv")
    assert [file.path for file in workspace_files(demo.tre, "ada", STUDY)] == ["results/sex.csv"]
    request = draft(demo)
    for path in ("key.txt", "keys/ledger.key", "inside.csv"):
        with pytest.raises(UnusableRequestError, match="cannot be read"):
            add_workspace_file(demo.tre, "ada", request, path, FileKind.OUTPUT)


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../../keys/ledger.key", "results/../../x", "results", "gone", "a\0b", "."],
)
def test_paths_that_are_no_file_inside_are_refused(demo: Demo, workspace: Path, path: str) -> None:
    with pytest.raises(UnusableRequestError, match=r"path inside|cannot be read|no regular"):
        add_workspace_file(demo.tre, "ada", draft(demo), path, FileKind.OUTPUT)


def test_a_pipe_is_no_file_and_blocks_nobody(demo: Demo, workspace: Path) -> None:
    os.mkfifo(workspace / "pipe.csv")
    with pytest.raises(UnusableRequestError, match="no regular file"):
        add_workspace_file(demo.tre, "ada", draft(demo), "pipe.csv", FileKind.OUTPUT)


def test_a_file_too_large_is_not_read_whole(demo: Demo, workspace: Path) -> None:
    with (workspace / "large.csv").open("wb") as large:
        large.truncate(2**40)
    with pytest.raises(UnusableRequestError, match="16 MiB"):
        add_workspace_file(demo.tre, "ada", draft(demo), "large.csv", FileKind.OUTPUT)


def test_a_project_without_a_workspace_has_an_empty_list(demo: Demo) -> None:
    assert workspace_files(demo.tre, "ada", STUDY) == ()
