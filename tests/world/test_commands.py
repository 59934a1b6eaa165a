"""The commands that work on data, on the built world."""

import fcntl
import json

import pytest

from tre import cli
from tre.steps.extracts import extract_of
from tre.steps.read_ledger import read_ledger
from tre.steps.tre import Tre
from tre.training.demo import STUDY

pytestmark = pytest.mark.xdist_group("world")


def run(tre: Tre, *words: str) -> int:
    return cli.main(["--home", str(tre.config.home), *words])


def test_a_complete_world_is_not_built_again(world: Tre, capsys: pytest.CaptureFixture[str]):
    assert run(world, "build", "--no-practice") == 0
    assert "was complete already" in capsys.readouterr().out


def test_a_linkage_is_run_again_and_reported(world: Tre, capsys: pytest.CaptureFixture[str]):
    assert run(world, "linkage", "run", "npd", "--json") == 0
    assert json.loads(capsys.readouterr().out)["version"] == "2"
    assert run(world, "linkage", "report", "npd") == 0
    assert "recall" in capsys.readouterr().out
    assert run(world, "transfers", "--json") == 0
    # six for each run of the linkage, two for each of two extracts that were made between them
    moved = json.loads(capsys.readouterr().out)
    assert len([each for each in moved if each["linkage"] == "npd"]) == 6 + 2 * 2 + 6


def test_a_linkage_is_run_under_its_earlier_agreement(
    world: Tre, capsys: pytest.CaptureFixture[str]
):
    assert run(world, "linkage", "run", "npd", "--period", "2013") == 3
    assert "has no period '2013'; known are: historic" in capsys.readouterr().err
    assert run(world, "linkage", "run", "npd", "--period", "historic", "--json") == 0
    then = json.loads(capsys.readouterr().out)
    assert then["period"] == "historic"
    assert then["separation"]["holds"] is True
    assert run(world, "linkage", "report", "npd") == 0
    assert "historic linkage 2008-2013" in capsys.readouterr().out


def test_masking_of_notes_is_reported_against_what_was_planted(
    world: Tre, capsys: pytest.CaptureFixture[str]
):
    assert run(world, "linkage", "notes", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    planted = {each["kind"]: each for each in told["planted"]}
    assert told["looked_at"] == told["notes"] > 0
    assert planted["nhs number"]["recall"] == 1
    assert 0.9 < planted["name"]["recall"] < 1  # CRIS is wrong about some
    assert 0.9 < told["precision"] <= 1
    assert told["recall"] == pytest.approx(
        sum(each["masked"] for each in planted.values())
        / sum(each["planted"] for each in planted.values())
    )
    assert run(world, "linkage", "notes", "--most", "5") == 0
    shown = capsys.readouterr().out
    assert f"5 of {told['notes']:,} notes: " in shown
    assert "of what identifies is masked" in shown
    entries = read_ledger(world, "mia", limit=5)
    seen = [(each.actor, each.details) for each in entries if each.tag == "data:linkage:view"]
    assert seen[0] == ("lena", {"notes": 5})  # the newest first


def test_a_world_whose_notes_are_gone_says_so(world: Tre, capsys: pytest.CaptureFixture[str]):
    (world.folders.parties / "slam" / "cris_notes.parquet").unlink()
    assert run(world, "linkage", "notes", "--json") == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "cris_notes.parquet" in told.err


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        (f"extracts/.{STUDY}.lock", ["project", "extract", STUDY]),
        ("parties/dfe/.npd.lock", ["linkage", "run", "npd"]),
    ],
)
def test_what_is_being_done_already_is_said_in_a_sentence(
    world: Tre, capsys: pytest.CaptureFixture[str], lock: str, words: list[str]
):
    with (world.config.home / lock).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert run(world, *words) == 3
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("tre: ")
    assert last.endswith("already; wait until it is done")


def test_an_extract_is_made_again(world: Tre, capsys: pytest.CaptureFixture[str]):
    before = extract_of(world, STUDY)
    assert run(world, "project", "extract", STUDY) == 0
    assert "Sessions started from now on see it" in capsys.readouterr().out
    assert extract_of(world, STUDY) != before
