"""What a command prints for people, it prints for programs too: asked of the whole tree."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.hub.wheels import write_wheel
from tests.steps import projects_on_their_way as way
from tre import cli

WITHOUT_JSON = {"up": "it serves until it is stopped, and what it prints is where"}
"""The commands that a program cannot read the result of, each with the reason."""

Run = Callable[..., Any]


def commands(found: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command of the tree, by its words."""
    for word, command in found.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*name, word))
        else:
            yield " ".join((*name, word)), command


TREE = dict(commands(get_command(cli.app)))


@pytest.mark.parametrize("name", sorted(TREE))
def test_every_command_prints_json_or_is_listed_with_the_reason_why_not(name: str) -> None:
    options = {word for option in TREE[name].params for word in option.opts}
    assert ("--json" in options) is (name not in WITHOUT_JSON)


def test_what_is_listed_is_a_command() -> None:
    assert set(WITHOUT_JSON) <= set(TREE)


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tre … --json` as somebody; give what it printed, and nothing else was printed."""

    def run_one(who: str, *words: object) -> Any:
        home = str(demo.tre.config.home)
        status = cli.main(["--home", home, "--as", who, *map(str, words), "--json"])
        told = capsys.readouterr()
        assert (status, told.err) in {(0, ""), (1, "")}, told.err
        return json.loads(told.out)

    return run_one


def test_ingress_is_read_refused_and_withdrawn(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "model.py"
    script.write_text("x = 1\n")
    said = ("--purpose", "The models", "--source", "Ours")
    run("ada", "ingress", "bring", STUDY, script, *said)
    read = run("cora", "ingress", "read", "1", "1")
    assert read["file"]["name"] == "model.py"
    assert read["parts"][0]["lines"][0]["pieces"][0]["text"] == "x = 1"
    told = run("cora", "ingress", "refuse", "1", "--reason", "No source", "--file", "1")
    assert told == {"ingress": 1, "refused": [1]}
    run("ada", "ingress", "bring", STUDY, script, *said)
    assert run("ada", "ingress", "withdraw", "2") == {"ingress": 2, "withdrawn": True}


def test_the_ledger_is_exported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ada.csv"
    run("ada", "project", "tasks")
    told = run("mia", "ledger", "export", file, "--person", "ada")
    assert told == {"file": str(file), "entries": len(file.read_text().splitlines()) - 1}
    assert told["entries"] > 0


def test_a_wheel_is_removed(run: Run, tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, "notes", "1.0")
    run("mia", "packages", "add", wheel)
    told = run("mia", "packages", "remove", wheel.name)
    assert told == {"file": wheel.name, "offered": False}


def test_a_journey_is_drawn(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "npd.svg"
    told = run("lena", "linkage", "picture", "npd", "-o", file)
    assert (told, file.exists()) == ({"linkage": "npd", "file": str(file)}, True)


def test_a_request_is_returned(run: Run, demo: Demo) -> None:
    request = demo.submitted()
    words = ("--because", "too little context", "--reason", "Which years?")
    told = run("cora", "request", "return", request, *words)
    assert told == {"request": request, "returned": "too little context"}


def test_a_project_is_suspended_and_resumed(run: Run) -> None:
    for verb, done in (("suspend", "suspended"), ("resume", "resumed")):
        told = run("mia", "project", verb, STUDY, "--reason", "An inquiry.")
        assert told == {"project": STUDY, "done": done}


def test_an_application_goes_its_way(run: Run, demo: Demo) -> None:
    way.with_deciders(demo.tre)
    project = way.a_draft(demo.tre)
    assert run("ada", "project", "submit", project)["done"] == "handed in"
    told = run("sol", "project", "advise", project, "--text", "Plainer words.")
    assert told == {"project": project, "done": "advised"}
    told = run("ada", "project", "answer", project, "--text", "Done.")
    assert told == {"project": project, "done": "advice answered"}
    words = ("--dataset", "cris", "--choice", "refuse", "--reasons", "Too much.")
    assert run("uma", "project", "decide", project, *words)["done"] == "decided: refuse"


def test_an_application_is_withdrawn(run: Run, demo: Demo) -> None:
    project = way.a_draft(demo.tre)
    told = run("ada", "project", "withdraw", project)
    assert told == {"project": project, "done": "withdrawn"}
