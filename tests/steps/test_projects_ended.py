"""The end of a project: requests, archive, extracts, and the register that stays."""

import hashlib
import json
import os
import tarfile
from datetime import date
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.demo_people import PRACTICE, STUDY
from tests.steps import projects_on_their_way as way
from tre.decision import RefusedError, UnusableRequestError
from tre.safe_outputs.release_request import State
from tre.safe_projects.project import ProjectState
from tre.steps.archive_project import finish_ending, finish_endings
from tre.steps.archive_workspace import archive_workspace
from tre.steps.create_request import create_request
from tre.steps.end_project import end_project
from tre.steps.end_session import end_session
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.register import public_register, years_in_words
from tre.steps.start_session import start_session
from tre.steps.suspend_project import suspend_project
from tre.steps.view_request import view_request
from tre.store.requests import read_request

WHY = "the paper is published"


@pytest.fixture
def small(demo: Demo) -> Demo:
    workspace = demo.tre.folders.workspace(STUDY)
    (workspace / "deep" / "er").mkdir(parents=True)
    (workspace / "study.py").write_text("print('hello')\n")
    (workspace / "deep" / "er" / ".hidden").write_bytes(b"\0" * 100)
    return demo


def entries(demo: Demo, tag: str):
    return [e for e in read_ledger(demo.tre, "omar", project=STUDY) if e.tag == tag]


def state_of(demo: Demo, request: int) -> State:
    with demo.tre.store.reading() as connection:
        found = read_request(connection, request)
    assert found is not None
    return found.state


def test_the_end_archives_the_workspace_and_destroys_the_extracts_with_proof(small: Demo):
    tre, extract = small.tre, small.extract
    hashes = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in extract.iterdir()
    }
    ending = end_project(tre, "mia", STUDY, WHY)
    assert (ending.open_sessions, ending.destroyed) == (0, (extract.name,))
    (file,) = tre.folders.archive(STUDY).iterdir()
    assert file.name == f"{hashlib.sha256(file.read_bytes()).hexdigest()}.tar"
    assert file.stat().st_mode & 0o777 == 0o400
    (kept,) = entries(small, "projects:workspace:archive")
    assert kept.details["sha256"] == file.stem
    assert kept.details["files"] == 2
    (gone,) = entries(small, "data:extract:destroy")
    assert gone.details["destroyed"] == hashes
    assert not extract.exists()
    assert not (tre.folders.extracts(STUDY) / "current").exists()
    assert not tre.folders.workspace(STUDY).exists()
    assert load_project(tre, STUDY).state is ProjectState.ENDED
    assert load_project(tre, STUDY).ends == small.clock().date()
    assert tre.store.verify_ledger().whole


def test_folders_nested_by_the_thousand_are_removed_with_the_workspace(small: Demo):
    workspace = small.tre.folders.workspace(STUDY)
    inner = os.open(workspace, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("n", dir_fd=inner)
        deeper = os.open("n", os.O_RDONLY, dir_fd=inner)
        os.close(inner)
        inner = deeper
    os.close(inner)
    end_project(small.tre, "mia", STUDY, WHY)
    assert not workspace.exists()


def test_nothing_is_archived_while_a_session_may_still_write(small: Demo):
    start_session(small.tre, "ada", STUDY)
    assert end_project(small.tre, "mia", STUDY, WHY).open_sessions == 1
    assert finish_endings(small.tre) == ()
    assert small.extract.exists()
    (small.tre.folders.workspace(STUDY) / "late.csv").write_text("written in the last minute")
    end_session(small.tre, "ada", STUDY, "the gate is closed")
    assert finish_endings(small.tre) == (STUDY,)
    assert finish_endings(small.tre) == ()  # once
    assert len(entries(small, "projects:workspace:archive")) == 1
    (file,) = small.tre.folders.archive(STUDY).iterdir()
    with tarfile.open(file) as archive:
        assert "workspace/late.csv" in archive.getnames()


def test_a_project_that_goes_on_is_not_finished(small: Demo):
    with pytest.raises(UnusableRequestError, match="has not ended"):
        finish_ending(small.tre, STUDY)


def test_a_project_ends_once_by_a_manager_with_a_reason(small: Demo):
    with pytest.raises(UnusableRequestError, match="say why"):
        end_project(small.tre, "mia", STUDY, " ")
    with pytest.raises(RefusedError, match="TRE manager"):
        end_project(small.tre, "ada", STUDY, WHY)
    end_project(small.tre, "mia", STUDY, WHY)
    with pytest.raises(UnusableRequestError, match="ended already"):
        end_project(small.tre, "mia", STUDY, WHY)


def test_a_practice_project_and_a_suspended_one_can_end(small: Demo):
    end_project(small.tre, "mia", PRACTICE, WHY)
    suspend_project(small.tre, "mia", STUDY, "A question is open.")
    end_project(small.tre, "mia", STUDY, WHY)


@pytest.mark.parametrize("how_far", ["draft", "submitted", "reviewed"])
def test_an_open_request_is_withdrawn_with_its_project(small: Demo, how_far: str):
    if how_far == "draft":
        request = create_request(small.tre, "ada", STUDY, "Half done")
    else:
        request = small.submitted() if how_far == "submitted" else small.reviewed()
    end_project(small.tre, "mia", STUDY, WHY)
    assert state_of(small, request) is State.WITHDRAWN
    (entry,) = entries(small, "projects:project:end")
    assert (entry.details["withdrawn"], entry.details["reason"]) == ([request], WHY)
    told = [e.tag for e in read_ledger(small.tre, "omar", request=request, limit=2)]
    assert told[0] == "outputs:request:withdraw"


def test_what_was_released_stays(small: Demo):
    request = small.released()
    end_project(small.tre, "mia", STUDY, WHY)
    assert state_of(small, request) is State.RELEASED
    assert view_request(small.tre, "mia", request).release is not None


# The archive


def archived(workspace: Path, into: Path) -> tuple[dict, dict[str, bytes], str]:
    made = archive_workspace(workspace, into, "study")
    with tarfile.open(made.file) as archive:
        members: dict[str, bytes] = {}
        for member in archive.getmembers():
            opened = archive.extractfile(member)
            assert opened is not None
            members[member.name] = opened.read()
    return json.loads(members.pop("manifest.json")), members, made.sha256


def test_the_same_files_give_the_same_archive(tmp_path: Path):
    hashes = set()
    for name in ("first", "second"):
        folder = tmp_path / name
        (folder / "b").mkdir(parents=True)
        (folder / "b" / "c.txt").write_text("c")
        (folder / "a.txt").write_text("a")
        os.utime(folder / "a.txt", (len(hashes) * 1000, 5))
        hashes.add(archived(folder, tmp_path / f"of-{name}")[2])
    assert len(hashes) == 1


def test_no_link_is_followed_and_what_is_left_out_is_named(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("secret")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "file").symlink_to(secret / "key")
    (workspace / "folder").symlink_to(secret)
    os.mkfifo(workspace / "pipe")
    (workspace / "real.txt").write_text("real")
    manifest, members, _ = archived(workspace, tmp_path / "into")
    assert members == {"workspace/real.txt": b"real"}
    assert {one["path"]: one["why"] for one in manifest["left_out"]} == {
        "file": "a symbolic link",
        "folder": "a symbolic link",
        "pipe": "a named pipe (FIFO)",
    }
    assert manifest["files"] == [
        {"path": "real.txt", "sha256": hashlib.sha256(b"real").hexdigest(), "size_bytes": 4}
    ]


def test_names_that_are_no_text_and_workspaces_that_are_not_there_are_archived(tmp_path: Path):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (Path(os.fsdecode(os.fsencode(workspace) + b"/\xff.txt"))).write_text("odd")
    manifest, members, _ = archived(workspace, tmp_path / "into")
    assert len(members) == len(manifest["files"]) == 1
    manifest, members, _ = archived(tmp_path / "nowhere", tmp_path / "of-nothing")
    assert (manifest["files"], members) == ([], {})


# The register


def test_the_register_has_projects_that_were_accredited_and_what_they_released(small: Demo):
    small.released()
    way.with_deciders(small.tre)
    waiting = way.with_panel(small.tre)
    new = way.accredited(small.tre, title="Another study")
    shown = {project.title: project for project in public_register(small.tre)}
    assert set(shown) == {
        "Early-onset psychosis and attainment",
        "Clinical and educational pathways before, during and after Covid-19",
        "Another study",
    }
    study = shown["Early-onset psychosis and attainment"]
    assert study.organisation == "King's College London"
    assert [(r.title, r.released_on, r.revoked) for r in study.results] == [
        ("Diagnosis by sex", date(2026, 3, 2), False)
    ]
    assert shown["Another study"].data[0].years == "2010 to 2019"
    for project in (waiting, new):
        assert project not in json.dumps([each.to_dict() for each in shown.values()])


def test_the_register_names_nobody(small: Demo):
    text = json.dumps([each.to_dict() for each in public_register(small.tre)])
    for name in ("ada", "Ada Mensah", "bola"):
        assert f'"{name}"' not in text
        assert "Mensah" not in text


def test_ended_and_suspended_projects_stay_in_the_register(small: Demo):
    suspend_project(small.tre, "mia", STUDY, "A question is open.")
    shown = {project.title: project.state for project in public_register(small.tre)}
    assert shown["Early-onset psychosis and attainment"] == "suspended"
    end_project(small.tre, "mia", STUDY, WHY)
    shown = {project.title: project.state for project in public_register(small.tre)}
    assert shown["Early-onset psychosis and attainment"] == "ended"


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (None, None, ""),
        (2010, None, "from 2010"),
        (None, 2010, "to 2010"),
        (2010, 2010, "2010"),
        (2010, 2019, "2010 to 2019"),
    ],
)
def test_years_are_said_as_people_say_them(since, until, words):
    assert years_in_words(since, until) == words
