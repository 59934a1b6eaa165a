"""`tre ledger …`: checkpoints kept elsewhere, searches, files, and how each of them ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo import Demo
from tests.store.test_checkpoints import rewrite_all_that_the_machine_holds
from tre import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `tre ledger …` on the little world; give its exit status, output and errors."""
    demo.submitted()
    home = str(demo.tre.config.home)

    def run_one(*words: object) -> tuple[int, str, str]:
        status = cli.main(["--home", home, "ledger", *map(str, words)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_one


def test_a_checkpoint_is_written_and_held_against(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "then.json"
    status, said, _ = run("checkpoint", "-o", file)
    assert (status, file.exists()) == (0, True)
    key = said.split("signed by ")[1].split(";")[0]
    assert len(key) == 64
    status, said, _ = run("verify", "--against", file, "--key", key)
    assert status == 0
    assert "the ledger goes on from it" in said
    assert key in said
    assert run("checkpoint", "-o", file)[0] == 3  # never written over


def test_a_rewritten_past_ends_with_2_and_says_from_where(
    run: Run, demo: Demo, tmp_path: Path
) -> None:
    run("checkpoint", "-o", tmp_path / "then.json")
    rewrite_all_that_the_machine_holds(demo.tre, 4)
    assert run("verify")[0] == 0
    status, said, _ = run("verify", "--against", tmp_path / "then.json")
    assert status == 2
    assert "DOES NOT HOLD" in said
    assert "entries up to 3 are the same, and one of 4 to 4 is another" in said
    status, told, _ = run("verify", "--against", tmp_path / "then.json", "--json")
    (one,) = json.loads(told)["against"]
    assert (status, one["holds"], one["agrees_to"], one["differs_by"]) == (2, False, 3, 4)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_text("no key")])
def test_without_the_ledgers_key_what_needs_none_is_verified(
    run: Run, demo: Demo, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    file = tmp_path / "then.json"
    run("checkpoint", "-o", file)
    demo.tre.close()
    spoil(demo.tre.folders.keys / "ledger.key")
    status, said, errors = run("verify", "--against", file)
    assert (status, errors) == (2, "")
    assert "every hash fits, but keys/ledger.key cannot be used (gone, damaged" in said
    assert "Bring it back from a backup" in said
    assert "holds: " in said
    assert "the ledger goes on from it" in said
    told = json.loads(run("verify", "--against", file, "--json")[1])
    assert (told["whole"], told["broken_at"], told["against"][0]["holds"]) == (False, None, True)
    # nothing is written without it, and no new key takes its place
    status, _, errors = run("checkpoint")
    assert (status, "ledger.key" in errors) == (3, True)


def test_without_the_ledgers_key_a_rewritten_past_is_found_all_the_same(
    run: Run, demo: Demo, tmp_path: Path
) -> None:
    run("checkpoint", "-o", tmp_path / "then.json")
    rewrite_all_that_the_machine_holds(demo.tre, 4)
    demo.tre.close()
    (demo.tre.folders.keys / "ledger.key").unlink()
    status, said, _ = run("verify", "--against", tmp_path / "then.json")
    assert status == 2
    assert "DOES NOT HOLD" in said
    assert "one of 4 to 4 is another" in said


def test_what_is_no_checkpoint_ends_with_3(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    status, said, errors = run("verify", "--against", tmp_path / "x.json")
    assert (status, said) == (3, "")
    assert "it is no checkpoint of a ledger" in errors
    assert run("verify", "--against", tmp_path / "no.json")[0] == 3
    assert run("verify", "--against", tmp_path / "x.json", "--key", "short")[0] == 3


def test_only_managers_and_auditors_take_checkpoints(run: Run, tmp_path: Path) -> None:
    status, _, errors = run("checkpoint", "-o", tmp_path / "x.json", "--as", "ada")
    assert (status, (tmp_path / "x.json").exists()) == (3, False)
    assert "refused" in errors


def test_a_search_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run("export", tmp_path / "all.csv", "--tag", "outputs:")[0] == 0
    lines = (tmp_path / "all.csv").read_text().splitlines()
    assert lines[0].startswith("number,at,actor,tag,outcome")
    assert all(",outputs:" in line for line in lines[1:])
    assert run("export", tmp_path / "all.jsonl", "--person", "ada", "--until", "2026-03-02")[0] == 0
    first = json.loads((tmp_path / "all.jsonl").read_text().splitlines()[0])
    assert "ada" in {first["actor"], first["person"]}
    status, _, errors = run("export", tmp_path / "all.xlsx")
    assert (status, "must end in .csv or .jsonl" in errors) == (3, True)


def test_a_search_that_is_not_understood_says_what_would_be(run: Run, tmp_path: Path) -> None:
    status, _, errors = run("show", "--outcome", "maybe", "--since", "monday")
    assert status == 3
    assert "the outcome is done or refused, not 'maybe'" in errors
    assert "the first day is YYYY-MM-DD, not 'monday'" in errors
