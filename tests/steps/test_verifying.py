"""`verify_ledger` holds the past against all that is kept of it on this machine as well."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.clock import FakeClock
from tests.store.test_checkpoints import rewrite
from tests.store.test_ledger import lower_the_guards, raise_the_guards, write
from tre.config import Config
from tre.safe_people.system import SYSTEM_ID
from tre.steps.checkpoint_ledger import checkpoint_ledger, keep_checkpoint
from tre.steps.tre import Tre, open_tre
from tre.steps.verify_ledger import verify_ledger
from tre.store.kept_head import _text
from tre.store.ledger import FIRST, Head, hash_of, seal_of
from tre.store.tables import ledger

Rewrite = Callable[[Connection, bytes], Head]


def with_every_key(tre: Tre, change_the_past: Rewrite) -> None:
    """Change the past, and make hashes, seals, guards and the kept head fit again."""
    key = tre.store._ledger_key
    with tre.store.writing() as change:
        lower_the_guards(change.connection)
        head = change_the_past(change.connection, key)
        raise_the_guards(change.connection)
    tre.folders.ledger_head.write_bytes(_text(key, head))


def another_actor(connection: Connection, key: bytes) -> Head:
    return rewrite(connection, key, 3, lambda entry: entry.update(actor="eve"))


def one_entry_less(connection: Connection, key: bytes) -> Head:
    """Take the third entry out and number, chain and seal the others anew."""
    rows = [dict(row) for row in connection.execute(ledger.select()).mappings()]
    rows = [row for row in sorted(rows, key=lambda row: row["number"]) if row["number"] != 3]
    connection.execute(ledger.delete())
    previous = FIRST
    for number, row in enumerate(rows, start=1):
        row |= {"number": number, "previous_hash": previous}
        previous = row["hash"] = hash_of(row)
        connection.execute(ledger.insert().values({**row, "seal": seal_of(key, previous)}))
    return Head(len(rows), previous)


@pytest.mark.parametrize("change_the_past", [another_actor, one_entry_less])
def test_a_past_that_fits_by_itself_is_held_against_the_checkpoints_kept_here(
    any_tre: Tre, change_the_past: Rewrite
) -> None:
    write(any_tre, 5)
    kept = checkpoint_ledger(any_tre, SYSTEM_ID)
    assert verify_ledger(any_tre).whole
    with_every_key(any_tre, change_the_past)
    assert any_tre.store.verify_ledger().whole
    verdict = verify_ledger(any_tre)
    assert not verdict.whole
    assert f"checkpoint {kept.file.name}: the past was rewritten" in verdict.message


def test_the_copies_in_the_checkpoint_folder_are_asked_too(
    tmp_path: Path, clock: FakeClock
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    tre = open_tre(Config(home=tmp_path / "home", checkpoint_folder=str(elsewhere)), now=clock)
    write(tre, 5)
    kept = keep_checkpoint(tre)
    assert kept is not None
    kept.file.unlink()
    assert verify_ledger(tre).remarks == ()  # it is still there, elsewhere
    with_every_key(tre, another_actor)
    assert kept.file.name in verify_ledger(tre).message
    tre.close()


def test_a_damaged_checkpoint_is_said_and_stops_nothing(tre: Tre) -> None:
    write(tre, 5)
    kept = checkpoint_ledger(tre, SYSTEM_ID)
    kept.file.chmod(0o600)
    kept.file.write_text("{")
    verdict = verify_ledger(tre)
    assert (verdict.whole, verdict.entries) == (False, 6)
    assert "it is no checkpoint of a ledger" in verdict.message


def test_a_checkpoint_that_is_gone_is_for_a_person_to_look_at(tre: Tre, tmp_path: Path) -> None:
    write(tre, 5)
    checkpoint_ledger(tre, SYSTEM_ID, tmp_path / "elsewhere.json").file.unlink()
    assert verify_ledger(tre).remarks == ()  # what was taken away is nobody's here
    kept = checkpoint_ledger(tre, SYSTEM_ID)
    kept.file.unlink()
    verdict = verify_ledger(tre)
    gone = f"checkpoint {kept.file.name}, of which entry 7 tells, is gone"
    assert (verdict.whole, verdict.remarks) == (True, (gone,))
    assert verdict.message == f"whole: 7 entries; look at this: {gone}"


@pytest.mark.parametrize(("minutes", "told"), [(0, 0), (59, 0), (60, 0), (61, 1)])
def test_a_clock_that_was_turned_back_is_said(
    any_tre: Tre, clock: FakeClock, minutes: int, told: int
) -> None:
    write(any_tre, 1)
    clock.move(days=2)
    checkpoint_ledger(any_tre, SYSTEM_ID)
    clock.move(minutes=-minutes)
    checkpoint_ledger(any_tre, SYSTEM_ID)
    verdict = verify_ledger(any_tre)
    assert verdict.whole
    assert len(verdict.remarks) == told
    assert all("the clock went back at entry 3" in remark for remark in verdict.remarks)


def test_of_many_problems_some_are_said_and_the_rest_counted(tre: Tre, clock: FakeClock) -> None:
    write(tre, 1)
    for _ in range(7):
        clock.move(days=1)
        checkpoint_ledger(tre, SYSTEM_ID).file.unlink()
    assert len(verify_ledger(tre).remarks) == 6
    assert verify_ledger(tre).remarks[-1] == "and 2 more"


def test_a_checkpoint_of_a_time_to_come_keeps_none_from_being_made(
    tre: Tre, clock: FakeClock
) -> None:
    write(tre, 1)
    clock.move(days=4_000)  # a clock that went wrong, and was put right
    assert keep_checkpoint(tre) is not None
    clock.move(days=-4_000)
    assert keep_checkpoint(tre) is not None
    clock.move(hours=23)
    assert keep_checkpoint(tre) is None


def test_a_forged_checkpoint_of_today_keeps_none_from_being_made(
    tre: Tre, clock: FakeClock
) -> None:
    write(tre, 1)
    kept = checkpoint_ledger(tre, SYSTEM_ID)
    clock.move(days=1)
    later = (kept.at + timedelta(days=1)).isoformat()
    kept.file.chmod(0o600)
    kept.file.write_text(kept.file.read_text().replace(kept.at.isoformat(), later))
    assert keep_checkpoint(tre) is not None
