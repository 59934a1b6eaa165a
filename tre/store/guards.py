"""The triggers that let the ledger only grow: whether they are there, and are what they were."""

from sqlalchemy import Connection, text

from tre.store.migrations.versions.v0002_guard_the_ledger import (
    FUNCTIONS_ON_POSTGRESQL,
    ON_POSTGRESQL,
    ON_SQLITE,
)

GUARDS = frozenset(ON_SQLITE)
"""Their names, on both databases."""

_FROM_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
_FROM_POSTGRESQL = """
    SELECT t.tgname, pg_get_triggerdef(t.oid) || p.prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = 'ledger'::regclass AND t.tgenabled = 'O' AND NOT t.tgisinternal
"""


def unguarded(connection: Connection) -> tuple[str, ...]:
    """Say of every guard that is gone or is another than it was made, and of every stranger.

    A trigger of the same name may do nothing, and a further one may swallow what is written.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    found = connection.execute(text(_FROM_SQLITE if on_sqlite else _FROM_POSTGRESQL))
    there = {name: _plain(made) for name, made in found}
    wanted = {name: _plain(ON_SQLITE[name] if on_sqlite else _whole(name)) for name in GUARDS}
    return (
        *(f"no trigger {name}" for name in sorted(GUARDS - set(there))),
        *(
            f"the trigger {name} was changed"
            for name in sorted(GUARDS & set(there))
            if there[name] != wanted[name]
        ),
        *(
            f"a trigger {name[:60]!r} that is none of its own"
            for name in sorted(set(there) - GUARDS)
        ),
    )


def _whole(name: str) -> str:
    """Put a guard and the function that it calls together, as the query does."""
    made = ON_POSTGRESQL[name]
    function = made.rsplit("EXECUTE FUNCTION ", 1)[1].split("(")[0]
    return made + FUNCTIONS_ON_POSTGRESQL[function]


def _plain(made: str) -> str:
    """Leave out spaces, and the schema that PostgreSQL adds to the table's name."""
    return "".join(made.split()).replace("ONpublic.ledger", "ONledger")
