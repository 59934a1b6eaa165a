"""The ledger on both databases: it grows at its end, and every other change is found."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from tests.clock import MONDAY
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.steps.tre import Tre, open_tre
from tre.store.guards import GUARDS
from tre.store.kept_head import read_kept
from tre.store.ledger import LedgerVerdict, Line, append, hash_of
from tre.store.migrations.versions import v0002_guard_the_ledger as guards
from tre.store.tables import ledger
from tre.store.verify import verify


def write(tre: Tre, entries: int = 5) -> None:
    for number in range(entries):
        with tre.store.writing() as change:
            change.record(
                Line(at=MONDAY, actor="ada", tag="settings:session:start", details={"n": number})
            )


def lower_the_guards(connection: Connection) -> None:
    """Do what somebody with the database's own rights could."""
    if connection.dialect.name == "sqlite":
        for guard in GUARDS:
            connection.exec_driver_sql(f"DROP TRIGGER {guard}")
    else:
        connection.exec_driver_sql("ALTER TABLE ledger DISABLE TRIGGER USER")


def raise_the_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _guard_on_sqlite(connection)
    else:
        connection.exec_driver_sql("ALTER TABLE ledger ENABLE TRIGGER USER")


def _guard_on_sqlite(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        guards.upgrade()


def verdict_after(tre: Tre, *statements: str) -> LedgerVerdict:
    """Change the ledger going round its guards, verify it, and take the change back."""
    key = tre.store._ledger_key
    kept = read_kept(tre.folders.ledger_head, key)
    with tre.store.writing() as change:
        lower_the_guards(change.connection)
        for statement in statements:
            change.connection.exec_driver_sql(statement)
        raise_the_guards(change.connection)
        verdict = verify(change.connection, key, kept)
        change.connection.rollback()
    return verdict


def test_an_untouched_ledger_is_whole(any_tre: Tre) -> None:
    write(any_tre)
    verdict = any_tre.store.verify_ledger()
    assert (verdict.whole, verdict.entries, verdict.broken_at) == (True, 5, None)


def test_an_empty_ledger_is_whole(any_tre: Tre) -> None:
    assert any_tre.store.verify_ledger().whole


COLUMNS = "at, actor, tag, outcome, person, project, request, details"

REFUSED = [
    "UPDATE ledger SET actor = 'eve' WHERE number = 2",
    "DELETE FROM ledger WHERE number = 2",
    "DELETE FROM ledger",
    # a number left out; a hash that does not follow
    f"INSERT INTO ledger SELECT 9, {COLUMNS}, hash, 'x', seal FROM ledger WHERE number = 5",
    f"INSERT INTO ledger SELECT 6, {COLUMNS}, 'y', 'x', seal FROM ledger WHERE number = 5",
]


def test_the_database_refuses_every_change_but_a_fitting_entry_at_the_end(any_tre: Tre) -> None:
    write(any_tre)
    for statement in REFUSED:
        with pytest.raises(DatabaseError, match="ledger"), any_tre.store.writing() as change:
            change.connection.exec_driver_sql(statement)
    assert any_tre.store.verify_ledger().whole


def test_sqlite_refuses_to_replace_an_entry(tre: Tre) -> None:
    write(tre)
    with pytest.raises(DatabaseError, match="only grows"), tre.store.writing() as change:
        change.connection.execute(
            text("INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE number = 2")
        )


@pytest.mark.postgresql
def test_postgresql_refuses_to_empty_the_ledger(postgresql_url: str, tmp_path: Path) -> None:
    opened = open_tre(Config(home=tmp_path, database_url=postgresql_url))
    write(opened)
    with pytest.raises(DatabaseError, match="never"), opened.store.writing() as change:
        change.connection.execute(text("TRUNCATE ledger"))
    opened.close()


TAMPERING: list[tuple[list[str], int]] = [
    # one byte of a past entry, in any column
    (["UPDATE ledger SET actor = 'adb' WHERE number = 3"], 3),
    (["UPDATE ledger SET details = '{\"n\":9}' WHERE number = 3"], 3),
    (["UPDATE ledger SET at = replace(at, '09', '08') WHERE number = 1"], 1),
    (["UPDATE ledger SET outcome = 'refused' WHERE number = 5"], 5),
    (["UPDATE ledger SET project = 'x' WHERE number = 4"], 4),
    (["UPDATE ledger SET person = 'x' WHERE number = 4"], 4),
    (["UPDATE ledger SET request = 1 WHERE number = 4"], 4),
    (["UPDATE ledger SET tag = 'a:b:c' WHERE number = 4"], 4),
    (["UPDATE ledger SET hash = 'f' || substr(hash, 2, 62) || 'x' WHERE number = 4"], 4),
    (["UPDATE ledger SET previous_hash = 'f' WHERE number = 4"], 4),
    (["UPDATE ledger SET seal = 'f' || substr(seal, 2, 62) || 'x' WHERE number = 2"], 2),
    # an entry gone from the middle, from the start, from the end
    (["DELETE FROM ledger WHERE number = 2"], 2),
    (["DELETE FROM ledger WHERE number = 1"], 1),
    (["DELETE FROM ledger WHERE number = 5"], 5),
    (["DELETE FROM ledger WHERE number >= 3"], 3),
    (["DELETE FROM ledger"], 1),
    # two entries in each other's place
    (
        [
            "UPDATE ledger SET number = 99 WHERE number = 2",
            "UPDATE ledger SET number = 2 WHERE number = 3",
            "UPDATE ledger SET number = 3 WHERE number = 99",
        ],
        2,
    ),
]


def test_what_was_changed_going_round_the_guards_is_named(any_tre: Tre) -> None:
    write(any_tre)
    for statements, broken_at in TAMPERING:
        verdict = verdict_after(any_tre, *statements)
        assert (verdict.whole, verdict.broken_at) == (False, broken_at), statements
        assert str(broken_at) in verdict.message
    assert any_tre.store.verify_ledger().whole


def rewrite_from(connection: Connection, number: int, change: Callable[[dict], None]) -> None:
    """Rewrite an entry and make every hash after it fit again; the key of the seals is unknown."""
    previous = None
    rows = connection.execute(ledger.select().order_by(ledger.c.number)).mappings().all()
    for row in rows[number - 1 :]:
        entry = dict(row)
        if previous is None:
            change(entry)
        else:
            entry["previous_hash"] = previous
        previous = entry["hash"] = hash_of(entry)
        connection.execute(ledger.update().where(ledger.c.number == entry["number"]).values(entry))


def test_a_chain_rewritten_from_some_entry_on_is_named(any_tre: Tre) -> None:
    write(any_tre)
    with any_tre.store.writing() as change:
        lower_the_guards(change.connection)
        rewrite_from(change.connection, 3, lambda entry: entry.update(actor="eve"))
    verdict = any_tre.store.verify_ledger()
    assert (verdict.whole, verdict.broken_at) == (False, 3)
    assert "seal" in verdict.message


def test_a_forged_entry_at_the_end_is_named(any_tre: Tre) -> None:
    write(any_tre)
    with any_tre.store.writing() as change:
        append(change.connection, b"a guess", [Line(at=MONDAY, actor="eve", tag="a:b:c")])
    assert any_tre.store.verify_ledger().broken_at == 6


def test_a_cut_tail_stays_found_when_the_ledger_goes_on(any_tre: Tre) -> None:
    write(any_tre, 5)
    with any_tre.store.writing() as change:
        lower_the_guards(change.connection)
        change.connection.exec_driver_sql("DELETE FROM ledger WHERE number >= 4")
        raise_the_guards(change.connection)
    write(any_tre, 4)  # entries 4 to 7: longer than before
    verdict = any_tre.store.verify_ledger()
    assert (verdict.whole, verdict.broken_at) == (False, 5)  # number 5 was another entry


def test_a_lost_kept_head_is_reported(tre: Tre) -> None:
    write(tre)
    tre.folders.ledger_head.unlink()
    write(tre, 1)
    verdict = tre.store.verify_ledger()
    assert not verdict.whole
    assert "ledger.head is missing" in verdict.message


def test_a_changed_kept_head_is_reported(tre: Tre) -> None:
    write(tre)
    kept = tre.folders.ledger_head
    kept.write_text(kept.read_text().replace('"count": 5', '"count": 4'))
    assert "was changed" in tre.store.verify_ledger().message


def test_a_kept_head_that_is_no_json_is_reported(tre: Tre) -> None:
    write(tre)
    tre.folders.ledger_head.write_bytes(b"\xff")
    assert "was changed" in tre.store.verify_ledger().message


def test_a_missing_guard_is_reported(any_tre: Tre) -> None:
    write(any_tre)
    with any_tre.store.writing() as change:
        if change.connection.dialect.name == "sqlite":
            change.connection.execute(text("DROP TRIGGER ledger_is_never_cut"))
        else:
            change.connection.execute(text("DROP TRIGGER ledger_is_never_cut ON ledger"))
    verdict = any_tre.store.verify_ledger()
    assert not verdict.whole
    assert "ledger_is_never_cut" in verdict.message


def test_one_byte_changed_in_the_file_itself_is_named(tre: Tre, tmp_path: Path) -> None:
    write(tre)
    tre.close()  # the write-ahead log goes into the file
    file = tmp_path / "home" / "tre.sqlite"
    raw = file.read_bytes()
    assert raw.count(b'{"n":2}') == 1
    file.write_bytes(raw.replace(b'{"n":2}', b'{"n":\xff}'))
    assert tre.store.verify_ledger().broken_at == 3


def test_a_lost_key_is_not_quietly_replaced(tre: Tre) -> None:
    write(tre)
    tre.close()
    (tre.folders.keys / "ledger.key").unlink()
    with pytest.raises(UnusableRequestError, match="bring it back"):
        open_tre(tre.config)


def test_many_writers_at_once_make_one_chain(any_tre: Tre) -> None:
    other = open_tre(any_tre.config, now=any_tre.now)
    threads = [threading.Thread(target=write, args=(each, 10)) for each in (any_tre, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = any_tre.store.verify_ledger()
    other.close()
    assert (verdict.whole, verdict.entries) == (True, 40)


def test_a_failed_step_leaves_no_line(any_tre: Tre) -> None:
    def fail() -> None:
        with any_tre.store.writing() as change:
            change.record(Line(at=MONDAY, actor="ada", tag="a:b:c"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert any_tre.store.verify_ledger().entries == 0
