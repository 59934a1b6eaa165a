"""The database and the data home: made once, shared by processes, refused where unfit."""

import multiprocessing
import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.clock import MONDAY
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import FINAL
from tre.steps.tre import Tre, open_tre
from tre.store.engine import make_engine
from tre.store.files import FrozenFileError, freeze, sha256_of, thaw, write_whole
from tre.store.keys import secret, signing_key
from tre.store.ledger import Line
from tre.store.migrate import HEAD, revision
from tre.store.migrations import versions
from tre.store.tables import OPEN_STATES, metadata


def test_the_migrations_make_the_tables_that_the_code_knows(any_tre: Tre) -> None:
    with any_tre.store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert revision(connection) == HEAD


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    found = Path(versions.__file__).parent.glob("v*.py")
    assert max(file.name[1:5] for file in found) == HEAD


def test_the_index_of_open_requests_knows_the_states_that_are_open() -> None:
    closed = FINAL | {State.RELEASED}
    assert set(OPEN_STATES) == {str(state) for state in State if state not in closed}


def test_opening_again_changes_nothing(any_tre: Tre) -> None:
    write(any_tre.config, 3)
    again = open_tre(any_tre.config)
    assert again.store.verify_ledger().entries == 3
    again.close()


def test_a_store_of_a_newer_version_is_left_alone(any_tre: Tre) -> None:
    with any_tre.store.writing() as change:
        change.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnusableRequestError, match="newer version"):
        open_tre(any_tre.config)


def test_sqlite_keeps_foreign_keys_and_a_write_ahead_log(tre: Tre) -> None:
    with tre.store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_row_that_points_nowhere_is_refused(any_tre: Tre) -> None:
    statement = "INSERT INTO person_roles (person, role) VALUES ('nobody', 'auditor')"
    with pytest.raises(IntegrityError), any_tre.store.writing() as change:
        change.connection.execute(text(statement))


def write(config: Config, entries: int) -> None:
    opened = open_tre(config)
    for _ in range(entries):
        with opened.store.writing() as change:
            change.record(Line(at=MONDAY, actor="ada", tag="a:b:c"))
    opened.close()


def test_processes_that_open_a_new_store_at_once_all_write_to_it(
    tmp_path: Path,
) -> None:
    config = Config(home=tmp_path / "home")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write, args=(config, 10)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    opened = open_tre(config)
    verdict = opened.store.verify_ledger()
    opened.close()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert (verdict.whole, verdict.entries) == (True, 30)


def test_a_reader_sees_one_moment_while_somebody_writes(any_tre: Tre) -> None:
    count = text("SELECT count(*) FROM ledger")
    with any_tre.store.reading() as connection:
        assert connection.execute(count).scalar() == 0
        with any_tre.store.writing() as change:
            change.record(Line(at=MONDAY, actor="ada", tag="a:b:c"))
        assert connection.execute(count).scalar() == 0
    with any_tre.store.reading() as connection:
        assert connection.execute(count).scalar() == 1


@pytest.mark.parametrize(
    ("address", "problem"),
    [("mysql://x/y", "not on mysql"), ("not an address", "cannot be read"), ("", "cannot be read")],
)
def test_addresses_of_no_database_here_are_refused(address: str, problem: str) -> None:
    with pytest.raises(UnusableRequestError, match=problem):
        make_engine(address)


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(
    tmp_path: Path,
) -> None:
    url = f"postgresql://tre:s3cret@/tre?host={tmp_path}"
    with pytest.raises(UnusableRequestError, match="could not do it") as refusal:
        open_tre(Config(home=tmp_path, database_url=url))
    assert "s3cret" not in str(refusal.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tre.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(UnusableRequestError):
        open_tre(Config(home=tmp_path))


def test_a_full_database_loses_the_step_and_nothing_else(tre: Tre) -> None:
    def write_too_much() -> None:
        with tre.store.writing() as change:
            change.connection.exec_driver_sql("PRAGMA max_page_count = 1")
            for number in range(2000):
                details = {"words": "x" * 1000, "n": number}
                change.record(Line(at=MONDAY, actor="ada", tag="a:b:c", details=details))

    with pytest.raises(UnusableRequestError, match="full"):
        write_too_much()
    tre.close()
    opened = open_tre(tre.config)
    assert opened.store.verify_ledger().entries == 0
    opened.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UnusableRequestError, match="cannot be used"):
        open_tre(Config(home=tmp_path / "home"))


def test_a_data_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(UnusableRequestError, match="cannot be used"):
        open_tre(Config(home=tmp_path / "home"))


def test_a_place_that_is_no_access_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableRequestError, match="'place' must be one of"):
        open_tre(Config(home=tmp_path, place="beach"))


# Files and keys


def test_secrets_are_for_the_account_alone(tre: Tre) -> None:
    signing_key(tre.folders.keys)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tre.folders.keys.iterdir()}
    assert modes["ledger.key"] == modes["release-signing.pem"] == 0o600
    assert tre.folders.keys.stat().st_mode & 0o777 == 0o700


def test_a_key_is_the_same_every_time(tre: Tre) -> None:
    assert secret(tre.folders.keys, "a.key") == secret(tre.folders.keys, "a.key")
    first, second = signing_key(tre.folders.keys), signing_key(tre.folders.keys)
    assert first.public_key() == second.public_key()


def test_a_key_that_others_can_read_or_that_is_damaged_is_refused(tre: Tre) -> None:
    secret(tre.folders.keys, "a.key")
    file = tre.folders.keys / "a.key"
    file.chmod(0o644)
    with pytest.raises(UnusableRequestError, match="chmod 600"):
        secret(tre.folders.keys, "a.key")
    file.chmod(0o600)
    file.write_bytes(b"not hexadecimal")
    with pytest.raises(UnusableRequestError, match="damaged"):
        secret(tre.folders.keys, "a.key")
    signing_key(tre.folders.keys)
    (tre.folders.keys / "release-signing.pem").write_bytes(b"no key")
    with pytest.raises(UnusableRequestError, match="damaged"):
        signing_key(tre.folders.keys)


def test_frozen_bytes_are_read_only_and_named_by_their_hash(tmp_path: Path) -> None:
    hash_ = freeze(tmp_path / "1", b"bytes")
    assert hash_ == freeze(tmp_path / "1", b"bytes") == sha256_of(b"bytes")
    assert (tmp_path / "1" / hash_).stat().st_mode & 0o777 == 0o400
    assert thaw(tmp_path / "1", hash_) == b"bytes"
    assert [file.name for file in (tmp_path / "1").iterdir()] == [hash_]


def test_what_is_not_there_is_not_thawed(tmp_path: Path) -> None:
    with pytest.raises(FrozenFileError, match="cannot be read"):
        thaw(tmp_path, "0" * 64)


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    write_whole(file, b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnusableRequestError, match="nothing was changed"):
        write_whole(file, b"after")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]
