"""Every command from the outside: what it prints, how it ends, and never with a traceback."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from tests.demo import Demo
from tre import cli
from tre.steps.download_release import download_release

Run = Callable[..., tuple[int, str, str]]

LISTINGS = [
    ["linkage", "list"],
    ["linkage", "separation"],
    ["transfers"],
    ["catalogue"],
    ["project", "list"],
    ["project", "show", "early-onset-psychosis"],
    ["person", "list"],
    ["person", "show", "bola"],
    ["person", "code", "ada"],
    ["person", "applications"],
    ["person", "sanctions"],
    ["request", "list"],
    ["request", "queue"],
    ["request", "figures"],
    ["request", "show", "1"],
    ["request", "reproduce"],
    ["ingress", "list"],
    ["packages", "list"],
    ["ledger", "show"],
    ["ledger", "verify"],
]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `tre …`; give its exit status, output and errors."""
    for name in ("TRE_HOME", "TRE_PEOPLE", "TRE_SEED", "TRE_PORT"):
        monkeypatch.delenv(name, raising=False)

    def run_one(*words: str | Path) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


@pytest.fixture
def home(demo: Demo) -> Path:
    """A little world with one request, of a protected table, that waits for review."""
    demo.submitted()
    return demo.tre.config.home


def commands(found: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every command of a group with its help text."""
    for word, command in found.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*name, word))
        else:
            yield " ".join((*name, word)), command.help or ""


@pytest.mark.parametrize(("command", "text"), list(commands(get_command(cli.app))))
def test_every_commands_help_has_an_example_of_itself(command: str, text: str):
    assert f"Example: tre {command}" in text.replace("\n", " ")


@pytest.mark.parametrize("words", LISTINGS, ids=" ".join)
def test_a_listing_can_be_read_by_people_and_by_programs(run: Run, home: Path, words: list[str]):
    status, shown, _ = run("--home", home, *words)
    assert (status, bool(shown.strip())) == (0, True)
    status, told, errors = run("--home", home, *words, "--json")
    assert (status, errors) == (0, "")
    json.loads(told)


def test_home_and_person_may_stand_anywhere(run: Run, home: Path):
    assert run("person", "list", "--home", home)[0] == 0
    assert run("person", "list", f"--home={home}", "--as", "omar")[0] == 0
    assert run("person", "--as=ada", "list", "--home", home)[0] == 3


def test_an_option_without_its_value_is_said(run: Run):
    status, _, errors = run("person", "list", "--home")
    assert status == 3
    assert "--home" in errors


def test_a_listing_shows_what_there_is(run: Run, home: Path):
    assert "Ada Mensah" in run("--home", home, "person", "list")[1]
    assert "Diagnosis by sex" in run("--home", home, "request", "list")[1]
    (row,) = json.loads(run("--home", home, "request", "list", "--json")[1])
    assert (row["id"], row["state"], row["worst_verdict"]) == (1, "submitted", "pass")


def test_a_request_is_shown_with_its_files(run: Run, home: Path):
    _, shown, _ = run("--home", home, "--as", "cora", "request", "show", "1")
    assert "table.csv" in shown
    assert "recomputed" in shown


def test_the_ledger_can_be_narrowed(run: Run, home: Path):
    entries = json.loads(run("--home", home, "ledger", "show", "--person", "ada", "--json")[1])
    assert entries
    assert {entry["actor"] for entry in entries} <= {"ada", ":system"}


def test_a_refusal_lists_every_reason_and_ends_with_3(run: Run, home: Path):
    status, shown, errors = run("--home", home, "--as", "ada", "person", "list")
    assert (status, shown) == (3, "")
    assert errors.startswith("tre: refused:\n  - Safe People: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["person", "show", "nobody"], "there is nobody called 'nobody'"),
        (["--as", "nobody", "person", "list"], "there is nobody called 'nobody'"),
        (["project", "show", "no-such"], "there is no project 'no-such'"),
        (["request", "show", "99"], "there is no request 99"),
        (["linkage", "run", "no-such"], "known are: npd"),
        (["linkage", "separation", "no-such"], "known are: npd"),
        (["linkage", "audit", "no-such"], "known are: npd"),
        (["linkage", "picture", "npd", "-o", "npd.png"], "must end in .svg"),
        (["linkage", "picture", "npd", "-o", "/no/such/npd.svg"], "/no/such/npd.svg"),
        (["project", "end", "early-onset-psychosis", "--reason", " "], "say why"),
        (["request", "verify", "/no/such.zip"], "there is no file /no/such.zip"),
        (["request", "show", "one"], "tre --help"),
        (["request", "show", "0"], "tre --help"),
        (["request", "show", "99999999999999999999"], "tre --help"),
        (["ledger", "show", "--request", "99999999999999999999"], "tre --help"),
        (["ledger", "show", "--limit", "99999999999999999999"], "tre --help"),
        (["build", "--people", "many"], "tre --help"),
        (["up", "--people", "12"], "from 1,000 to 3,000,000"),
        (["up", "--seed", "-1"], "'seed' must be from 0"),
        (["no-such-command"], "tre --help"),
        (["person", "list", "--no-such-option"], "tre --help"),
        (["build", "--people", "5"], "from 1,000 to 3,000,000"),
        (["up", "--port", "99999"], "'port' must be from 1 to 65,534"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_sentence_and_ends_with_3(
    run: Run, home: Path, words: list[str], says: str
):
    status, _, errors = run("--home", home, *words)
    assert status == 3
    assert says in errors
    assert errors.startswith("tre: ")
    assert errors.count("\n") == 1
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", ["up", "build"])
@pytest.mark.parametrize(
    ("people", "says"),
    [
        ("abc", "setting 'people' must be a whole number, not 'abc'"),
        ("12", "setting 'people' must be from 1,000 to 3,000,000, not 12"),
        ("2e4", "setting 'people' must be a whole number, not '2e4'"),
    ],
)
def test_a_size_that_make_passes_on_and_is_none_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, people: str, says: str
):
    monkeypatch.setenv("TRE_PEOPLE", people)
    assert run("--home", tmp_path / "new", command) == (3, "", f"tre: {says}\n")
    assert not (tmp_path / "new").exists()


NEED_A_WORLD = [
    *(words for words in LISTINGS if words not in (["linkage", "list"], ["catalogue"])),
    ["linkage", "run", "npd"],
    ["linkage", "report", "npd"],
    ["linkage", "audit", "npd"],
    ["linkage", "picture", "npd", "-o", "npd.svg"],
    ["linkage", "notes"],
    ["project", "extract", "early-onset-psychosis"],
    ["project", "end", "early-onset-psychosis", "--reason", "done"],
]


@pytest.mark.parametrize("words", NEED_A_WORLD, ids=" ".join)
def test_where_there_is_no_world_nothing_is_made_and_that_is_said(
    run: Run, tmp_path: Path, words: list[str]
):
    home = tmp_path / "mistyped"
    status, shown, errors = run("--home", home, *words)
    assert (status, shown) == (3, "")
    assert errors == (
        f"tre: there is no world in {home}; make one with tre build, or name another with --home\n"
    )
    assert not home.exists()


def test_a_mistake_of_the_program_is_one_sentence_and_never_status_1(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_: object, **__: object) -> None:
        message = "Ada's date of birth"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("tre.commands.people.everybody", breaks)
    monkeypatch.delenv("TRE_DEBUG", raising=False)
    status, _, errors = run("--home", home, "person", "list")
    assert (status, errors.count("\n")) == (3, 1)
    assert "a mistake in the program (ZeroDivisionError); TRE_DEBUG=1 shows where" in errors
    assert "birth" not in errors
    monkeypatch.setenv("TRE_DEBUG", "1")
    status, _, errors = run("--home", home, "person", "list")
    assert status == 3
    assert "Traceback" in errors


def test_a_home_that_cannot_be_made_is_said(run: Run, tmp_path: Path):
    (tmp_path / "file").write_text("")
    status, _, errors = run("--home", tmp_path / "file" / "home", "build")
    assert status == 3
    assert "cannot be used" in errors


def test_a_code_is_six_digits(run: Run, home: Path):
    _, code, _ = run("--home", home, "person", "code", "ada")
    assert len(code.strip()) == 6
    assert code.strip().isdigit()


def test_a_person_is_added_with_a_password_that_is_asked_for(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "a-long-enough-password")
    words = ["--name", "Gus Grey", "--organisation", "King's College London", "--accredited"]
    status, shown, _ = run("--home", home, "person", "add", "gus", *words)
    assert status == 0
    assert "tre person code gus" in shown
    told = json.loads(run("--home", home, "person", "show", "gus", "--json")[1])
    assert told["accreditation"]["level"] == "full"


def test_an_unknown_role_names_the_known(run: Run, home: Path):
    words = ["--name", "Gus", "--organisation", "ONS", "--role", "king"]
    status, _, errors = run("--home", home, "person", "add", "gus", *words)
    assert status == 3
    assert "output checker" in errors


def test_a_project_ends_and_says_so(run: Run, home: Path):
    words = ["project", "end", "early-onset-psychosis", "--reason", "Done"]
    assert run("--home", home, *words)[0] == 0
    told = json.loads(run("--home", home, "project", "list", "--json")[1])
    states = {project["id"]: project["state"] for project in told}
    assert states["early-onset-psychosis"] == "ended"


def test_a_ledger_changed_by_one_byte_ends_with_2_and_says_where(run: Run, home: Path):
    database = sqlite3.connect(home / "tre.sqlite")
    triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        database.execute(f'DROP TRIGGER "{name}"')
    database.execute("UPDATE ledger SET actor = 'mja' WHERE number = 5")
    database.commit()
    database.close()
    status, shown, _ = run("--home", home, "ledger", "verify")
    assert status == 2
    assert "5" in shown


def test_a_bundle_is_verified_and_a_changed_one_ends_with_2(run: Run, demo: Demo, tmp_path: Path):
    bundle = download_release(demo.tre, "ada", demo.released())
    status, shown, _ = run("request", "verify", bundle)
    assert status == 0
    assert shown.startswith("Whole:")
    changed = bytearray(bundle.read_bytes())
    changed[len(changed) // 2] ^= 1
    copy = tmp_path / "changed.zip"
    copy.write_bytes(changed)
    status, shown, _ = run("request", "verify", copy)
    assert status == 2
    assert "Not whole" in shown


def test_a_key_that_is_none_is_said(run: Run, tmp_path: Path):
    key = tmp_path / "key.pem"
    key.write_text("no key")
    status, _, errors = run("request", "verify", key, "--key", key)
    assert status == 3
    assert "not a public key" in errors
