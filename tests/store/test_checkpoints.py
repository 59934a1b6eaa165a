"""A checkpoint kept elsewhere shows a rewritten past, even by who has every key there is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from tests.clock import MONDAY, FakeClock
from tests.store.test_ledger import lower_the_guards, raise_the_guards, write
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.safe_people.system import SYSTEM_ID
from tre.steps.checkpoint_ledger import checkpoint_ledger, keep_checkpoint, verify_against
from tre.steps.tre import Tre, open_tre
from tre.store.checkpoints import compare, computed, read_checkpoint, sign, take
from tre.store.kept_head import _text
from tre.store.keys import signing_key
from tre.store.ledger import Head, hash_of, seal_of
from tre.store.tables import ledger

Change = Callable[[dict[str, Any]], None]


def rewrite(connection: Connection, key: bytes, number: int, change: Change) -> Head:
    """Change an entry and make every hash and every seal after it fit, with the real key."""
    rows = connection.execute(ledger.select().order_by(ledger.c.number)).mappings().all()
    previous = rows[number - 1]["previous_hash"]
    for row in rows[number - 1 :]:
        entry = {**row, "previous_hash": previous}
        if entry["number"] == number:
            change(entry)
        previous = entry["hash"] = hash_of(entry)
        entry["seal"] = seal_of(key, previous)
        connection.execute(ledger.update().where(ledger.c.number == entry["number"]).values(entry))
    return Head(len(rows), previous)


def rewrite_all_that_the_machine_holds(tre: Tre, number: int) -> None:
    """What an owner of the machine can do: database, seals, kept head, checkpoints, all again."""
    key = tre.store._ledger_key
    with tre.store.writing() as change:
        lower_the_guards(change.connection)
        head = rewrite(change.connection, key, number, lambda row: row.update(actor="eve"))
        raise_the_guards(change.connection)
        for kept in tre.folders.checkpoints.iterdir():
            kept.unlink()
            said = take(computed(change.connection), MONDAY)
            kept.write_bytes(sign(said, signing_key(tre.folders.keys)))
    tre.folders.ledger_head.write_bytes(_text(key, head))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_a_ledger_that_goes_on_is_held_to_do_so(any_tre: Tre, elsewhere: Path) -> None:
    write(any_tre, 5)
    kept = checkpoint_ledger(any_tre, SYSTEM_ID, elsewhere / "then.json")
    write(any_tre, 2)
    (held,) = verify_against(any_tre, [kept.file])
    assert (held.holds, held.entries, held.agrees_to, held.differs_by) == (True, 5, 5, None)
    assert held.same_key
    assert "3 were added since" in held.message  # two, and the line about the checkpoint


def test_an_owner_who_rewrites_everything_on_the_machine_is_seen_from_elsewhere(
    any_tre: Tre, elsewhere: Path
) -> None:
    write(any_tre, 5)
    kept = checkpoint_ledger(any_tre, SYSTEM_ID, elsewhere / "then.json")
    checkpoint_ledger(any_tre, SYSTEM_ID)
    write(any_tre, 2)
    rewrite_all_that_the_machine_holds(any_tre, 3)
    assert any_tre.store.verify_ledger().whole  # by itself the machine has nothing to say
    assert verify_against(any_tre, [any_tre.folders.checkpoints])[0].holds
    (held,) = verify_against(any_tre, [kept.file])
    assert (held.holds, held.agrees_to, held.differs_by) == (False, 2, 3)
    assert "one of 3 to 3 is another than it was" in held.message


def test_where_it_was_rewritten_is_said_to_a_sixty_fourth(tre: Tre, elsewhere: Path) -> None:
    write(tre, 640)
    kept = checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "then.json")
    rewrite_all_that_the_machine_holds(tre, 333)
    (held,) = verify_against(tre, [kept.file])
    assert (held.agrees_to, held.differs_by) == (330, 340)  # marks are 640 / 64 = 10 apart


def test_a_change_of_contents_under_the_old_hash_is_seen(any_tre: Tre, elsewhere: Path) -> None:
    write(any_tre, 5)
    kept = checkpoint_ledger(any_tre, SYSTEM_ID, elsewhere / "then.json")
    with any_tre.store.writing() as change:
        lower_the_guards(change.connection)
        change.connection.exec_driver_sql("UPDATE ledger SET actor = 'eve' WHERE number = 2")
    assert verify_against(any_tre, [kept.file])[0].differs_by == 2


@pytest.mark.parametrize(("left", "message"), [(3, "it was cut"), (0, "it was cut")])
def test_a_cut_ledger_is_seen(tre: Tre, elsewhere: Path, left: int, message: str) -> None:
    write(tre, 5)
    kept = checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "then.json")
    with tre.store.writing() as change:
        lower_the_guards(change.connection)
        change.connection.exec_driver_sql(f"DELETE FROM ledger WHERE number > {left}")
    (held,) = verify_against(tre, [kept.file])
    assert (held.holds, held.agrees_to) == (False, left)
    assert message in held.message


def test_the_checkpoint_of_another_environment_is_named_as_such(
    tre: Tre, elsewhere: Path, tmp_path: Path
) -> None:
    other = open_tre(Config(home=tmp_path / "other"), now=FakeClock())
    with other.store.writing() as change:
        change.connection.exec_driver_sql("SELECT 1")
    write(other, 4)
    write(tre, 5)
    rewrite_all_that_the_machine_holds(other, 1)
    kept = checkpoint_ledger(other, SYSTEM_ID, elsewhere / "other.json")
    other.close()
    (held,) = verify_against(tre, [kept.file])
    assert not held.holds
    assert "of another environment" in held.message
    checkpoint_ledger(tre, SYSTEM_ID)
    assert verify_against(tre, [kept.file])[0].same_key is False


CHANGED: list[tuple[str, Change]] = [
    ("a hash", lambda said: said["marks"].update({"5": "0" * 64})),
    ("the last hash", lambda said: said.update(hash="0" * 64)),
    ("the time", lambda said: said.update(at="2020-01-01T00:00:00+00:00")),
    ("something more", lambda said: said.update(remark="")),
    ("the signature", lambda said: said.update(signature="A" * 86 + "==")),
]


@pytest.mark.parametrize(("what", "change"), CHANGED, ids=[what for what, _ in CHANGED])
def test_a_changed_checkpoint_is_not_believed(
    tre: Tre, elsewhere: Path, what: str, change: Change
) -> None:
    write(tre, 5)
    kept = checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "then.json")
    said = json.loads(kept.file.read_bytes())
    change(said)
    other = elsewhere / "changed.json"
    other.write_text(json.dumps(said))
    (held,) = verify_against(tre, [other])
    assert not held.holds
    assert "its signature does not fit" in held.message


def test_a_forger_with_a_key_of_their_own_is_found_by_who_knows_the_real_one(
    tre: Tre, elsewhere: Path
) -> None:
    write(tre, 5)
    real = checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "then.json")
    forged = elsewhere / "forged.json"
    with tre.store.reading() as connection:
        forged.write_bytes(sign(take(computed(connection), MONDAY), Ed25519PrivateKey.generate()))
    (trusted,) = verify_against(tre, [forged])
    assert (trusted.holds, trusted.same_key) == (True, False)  # first use: only the key shows it
    (held,) = verify_against(tre, [forged], key=real.signed_by[:16])
    assert not held.holds
    assert "another key" in held.message


def test_a_new_key_is_seen_and_older_checkpoints_hold_all_the_same(
    tre: Tre, elsewhere: Path
) -> None:
    write(tre, 5)
    checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "ledger-1.json")
    (tre.folders.keys / "release-signing.pem").unlink()
    checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "ledger-2.json")
    before, after = verify_against(tre, [elsewhere])
    assert (before.holds, after.holds) == (True, True)
    assert (before.same_key, after.same_key) == (False, True)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\xff", b"{}", b"[]", b"null", b"1", b'{"signature": 1}', b"[" * 60_000),
        *(b"{" + b" " * 70_000 + b"}", b'{"signature": "AA==", "format": "x"}'),
    ],
)
def test_what_is_no_checkpoint_is_said_to_be_none(
    tre: Tre, elsewhere: Path, content: bytes
) -> None:
    write(tre, 1)
    (elsewhere / "x.json").write_bytes(content)
    with pytest.raises(UnusableRequestError, match=r"x\.json: it is no checkpoint"):
        verify_against(tre, [elsewhere / "x.json"])


def test_files_that_are_not_there_and_keys_that_are_none_are_refused(
    tre: Tre, elsewhere: Path
) -> None:
    write(tre, 1)
    with pytest.raises(UnusableRequestError, match="cannot be read"):
        verify_against(tre, [elsewhere / "no-such.json"])
    with pytest.raises(UnusableRequestError, match="holds no checkpoint"):
        verify_against(tre, [elsewhere])
    checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "ledger-1.json")
    for key in ("", "abc", "x" * 64, "a" * 65):
        with pytest.raises(UnusableRequestError, match="hexadecimal"):
            verify_against(tre, [elsewhere], key=key)


def test_a_checkpoint_is_never_written_over(tre: Tre, elsewhere: Path) -> None:
    write(tre, 1)
    file = elsewhere / "then.json"
    file.write_text("mine")
    with pytest.raises(UnusableRequestError, match="there already"):
        checkpoint_ledger(tre, SYSTEM_ID, file)
    with pytest.raises(UnusableRequestError, match="no folder"):
        checkpoint_ledger(tre, SYSTEM_ID, elsewhere / "no" / "then.json")
    assert file.read_text() == "mine"
    assert tre.store.verify_ledger().entries == 1  # and no line says that there was one


def test_the_environment_keeps_one_a_day(tre: Tre, clock: FakeClock) -> None:
    assert keep_checkpoint(tre) is None  # of nothing there is nothing to keep
    write(tre, 3)
    kept = keep_checkpoint(tre)
    assert kept is not None
    assert kept.file.name == "ledger-2026-03-02T090000Z-3.json"
    assert oct(kept.file.stat().st_mode & 0o777) == "0o444"
    clock.move(hours=23)
    assert keep_checkpoint(tre) is None
    clock.move(hours=1)
    assert keep_checkpoint(tre) is not None
    assert [held.holds for held in verify_against(tre, [tre.folders.checkpoints])] == [True] * 2


def test_checkpoints_are_copied_elsewhere_and_nothing_there_is_written_over(
    tmp_path: Path, elsewhere: Path, clock: FakeClock
) -> None:
    config = Config(home=tmp_path / "home", checkpoint_folder=str(elsewhere))
    tre = open_tre(config, now=clock)
    write(tre, 3)
    first = keep_checkpoint(tre)
    assert first is not None
    kept = (elsewhere / first.file.name).read_bytes()
    rewrite_all_that_the_machine_holds(tre, 2)
    clock.move(days=1)
    keep_checkpoint(tre)
    assert (elsewhere / first.file.name).read_bytes() == kept
    assert [held.holds for held in verify_against(tre, [elsewhere])] == [False, True]
    elsewhere.rename(tmp_path / "unmounted")
    with pytest.raises(UnusableRequestError, match="mount it"):
        keep_checkpoint(tre)
    tre.close()


def test_a_checkpoint_is_a_value_of_its_bytes(tre: Tre) -> None:
    write(tre, 2)
    with tre.store.reading() as connection:
        content = sign(take(computed(connection), MONDAY), signing_key(tre.folders.keys))
        hashes = computed(connection)
    read = read_checkpoint(content)
    assert (read.count, read.at, set(read.marks), read.genuine) == (2, MONDAY, {1, 2}, True)
    assert compare(read, hashes).holds
