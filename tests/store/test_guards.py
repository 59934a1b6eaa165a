"""A guard of the right name that does nothing is none, and a stranger beside them is found."""

from pathlib import Path

import pytest

from tests.store.test_ledger import write
from tre.config import Config
from tre.steps.tre import Tre, open_tre
from tre.store.guards import GUARDS, unguarded

NOTHING_ON_SQLITE = "CREATE TRIGGER {} BEFORE UPDATE ON ledger WHEN 0 BEGIN SELECT 1; END"
NOTHING_ON_POSTGRESQL = (
    "CREATE TRIGGER {} BEFORE UPDATE ON ledger FOR EACH ROW WHEN (false) "
    "EXECUTE FUNCTION ledger_refuse()"
)


def do(tre: Tre, *statements: str) -> None:
    with tre.store.writing() as change:
        for statement in statements:
            change.connection.exec_driver_sql(statement)


def nothing(tre: Tre, name: str) -> str:
    with tre.store.reading() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
    return (NOTHING_ON_SQLITE if on_sqlite else NOTHING_ON_POSTGRESQL).format(name)


def drop(tre: Tre, name: str) -> str:
    with tre.store.reading() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
    return f"DROP TRIGGER {name}" + ("" if on_sqlite else " ON ledger")


def test_a_new_ledger_is_guarded(any_tre: Tre) -> None:
    with any_tre.store.reading() as connection:
        assert unguarded(connection) == ()


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_a_guard_of_the_same_name_that_does_nothing_is_found(any_tre: Tre, name: str) -> None:
    write(any_tre)
    do(any_tre, drop(any_tre, name), nothing(any_tre, name))
    verdict = any_tre.store.verify_ledger()
    assert not verdict.whole
    assert f"the trigger {name} was changed" in verdict.message


def test_a_trigger_that_is_none_of_the_ledgers_own_is_found(any_tre: Tre) -> None:
    write(any_tre)
    do(any_tre, nothing(any_tre, "stranger"))
    verdict = any_tre.store.verify_ledger()
    assert not verdict.whole
    assert "'stranger'" in verdict.message


@pytest.mark.postgresql
def test_a_function_of_the_guards_that_does_nothing_is_found(
    postgresql_url: str, tmp_path: Path
) -> None:
    opened = open_tre(Config(home=tmp_path, database_url=postgresql_url))
    emptied = "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    do(opened, emptied + "$$ BEGIN RETURN NEW; END $$")
    assert "ledger_is_never_cut was changed" in opened.store.verify_ledger().message
    opened.close()
