"""`tre ingress …` and `tre packages …`: what they print, and how they end."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.hub.wheels import write_wheel
from tre import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_one(*words: str | Path) -> tuple[int, str, str]:
        status = cli.main(["--home", str(demo.tre.config.home), *map(str, words)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


def bring(run: Run, *files: Path, person: str = "ada") -> tuple[int, str, str]:
    said = ("--purpose", "The models", "--source", "Ours", "--json", "--as", person)
    return run("ingress", "bring", STUDY, *files, *said)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "model.py"
    file.write_text("x = 1\n")
    return file


def test_a_script_is_brought_listed_shown_and_accepted(run: Run, demo: Demo, script: Path):
    status, told, _ = bring(run, script)
    assert status == 1
    assert json.loads(told)["state"] == "waiting"
    (row,) = json.loads(run("ingress", "list", "--as", "cora", "--json")[1])
    assert row["id"] == 1
    assert "Early-onset psychosis" in run("ingress", "show", "1", "--as", "cora")[1]
    status, told, _ = run("ingress", "accept", "1", "--as", "cora")
    assert (status, told.strip()) == (0, "/workspace/ingress/1/model.py")
    there = demo.tre.folders.workspace(STUDY) / "ingress" / "1" / "model.py"
    assert there.read_text() == "x = 1\n"
    status, _, errors = run("ingress", "accept", "1", "--as", "cora")
    assert status == 3
    assert "none of its files waits" in errors


def test_a_blocked_file_ends_with_2_and_says_why(run: Run, tmp_path: Path):
    bad = tmp_path / "bad.py"
    bad.write_text("# 943 476 5919\n")
    assert bring(run, bad)[0] == 2
    assert "NHS number" in run("ingress", "show", "1", "--as", "ada")[1]


def test_a_file_is_read_with_its_findings_and_steers_no_terminal(run: Run, tmp_path: Path):
    evil = tmp_path / "evil.py"
    evil.write_text("x = '\x1b[2J\u202e'\nimport requests\n")
    bring(run, evil)
    status, told, _ = run("ingress", "read", "1", "1", "--as", "cora")
    assert status == 0
    assert "    1  x = '<U+001B>[2J<U+202E>'" in told
    assert "^ look: a module that asks the network" in told
    assert "\x1b" not in told
    assert run("ingress", "read", "1", "2", "--as", "cora")[0] == 3
    (row,) = json.loads(run("ingress", "list", "--mine", "--as", "ada", "--json")[1])
    assert row["state"] == "refused"
    assert json.loads(run("ingress", "list", "--as", "cora", "--json")[1]) == []


def test_files_are_refused_and_withdrawn(run: Run, script: Path):
    bring(run, script)
    words = ("ingress", "refuse", "1", "--reason", "No source.", "--as")
    assert run(*words, "ada")[0] == 3
    assert run(*words, "cora")[0] == 0
    assert "No source." in run("ingress", "show", "1", "--as", "ada")[1]
    bring(run, script)
    assert run("ingress", "withdraw", "2", "--as", "ada")[0] == 0


def test_the_manager_does_not_bring_code(run: Run, script: Path):
    status, _, errors = bring(run, script, person="mia")
    assert status == 3
    assert "Safe P" in errors


def test_a_scan_needs_no_world(run: Run, tmp_path: Path, script: Path):
    look, bad = tmp_path / "look.py", tmp_path / "bad.py"
    look.write_text("import requests\n")
    bad.write_text("x = 1 # \u202e\n")
    assert run("--home", tmp_path / "none", "ingress", "scan", script)[0] == 0
    assert run("ingress", "scan", look)[0] == 1
    status, told, _ = run("ingress", "scan", script, look, bad, "--json")
    assert status == 2
    assert [file["blocked"] for file in json.loads(told)] == [False, False, True]


def test_a_link_a_folder_or_a_pipe_is_not_read(run: Run, tmp_path: Path, script: Path):
    link, pipe = tmp_path / "link.py", tmp_path / "pipe.py"
    link.symlink_to(script)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path, tmp_path / "none.py"):
        status, _, errors = bring(run, path)
        assert status == 3, path
        assert str(path) in errors


def test_packages_are_added_listed_and_removed(run: Run, demo: Demo, tmp_path: Path):
    assert "No packages yet" in run("packages", "list")[1]
    status, told, _ = run("packages", "add", write_wheel(tmp_path, requires=["polars"]))
    assert (status, "install tinything 1.0; it asks for polars" in told) == (0, True)
    (seen,) = json.loads(run("packages", "list", "--json")[1])
    assert (seen["added_by"], seen["standing"]) == ("mia", "as added")
    write_wheel(demo.tre.config.package_folder, "stray")
    assert run("packages", "list")[0] == 1
    there = demo.tre.config.package_folder / seen["file"]
    there.unlink()
    there.write_bytes(b"another")
    status, told, _ = run("packages", "list")
    assert (status, "changed since" in told) == (2, True)
    assert run("packages", "remove", seen["file"])[0] == 0
    status, _, errors = run("packages", "remove", seen["file"])
    assert (status, "tre packages list names them" in errors) == (3, True)
    status, _, errors = run("packages", "add", tmp_path / "none-1-py3-none-any.whl")
    assert (status, "Nothing was added" in errors) == (3, True)
