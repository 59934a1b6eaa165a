"""Let the database itself refuse every change of the ledger but a new entry at its end."""

from alembic import op

revision = "0002"
down_revision = "0001"


# REPLACE deletes a row without telling the DELETE trigger; the INSERT trigger stops it.
ON_SQLITE = {
    "ledger_grows_at_its_end": """
        CREATE TRIGGER ledger_grows_at_its_end BEFORE INSERT ON ledger
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger)
          OR NEW.previous_hash <> coalesce(
               (SELECT hash FROM ledger ORDER BY number DESC LIMIT 1), printf('%064d', 0))
        BEGIN SELECT raise(ABORT, 'the ledger only grows at its end'); END
    """,
    "ledger_is_never_changed": """
        CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
        BEGIN SELECT raise(ABORT, 'an entry of the ledger is never changed'); END
    """,
    "ledger_is_never_cut": """
        CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
        BEGIN SELECT raise(ABORT, 'an entry of the ledger is never deleted'); END
    """,
}
FUNCTIONS_ON_POSTGRESQL = {
    "ledger_refuse": """
        BEGIN RAISE EXCEPTION 'an entry of the ledger is never changed or deleted'; END
    """,
    "ledger_at_end": """
        BEGIN
            IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger)
               OR NEW.previous_hash <> coalesce(
                    (SELECT hash FROM ledger ORDER BY number DESC LIMIT 1), repeat('0', 64))
            THEN RAISE EXCEPTION 'the ledger only grows at its end'; END IF;
            RETURN NEW;
        END
    """,
}
ON_POSTGRESQL = {
    "ledger_grows_at_its_end": """
        CREATE TRIGGER ledger_grows_at_its_end BEFORE INSERT ON ledger
        FOR EACH ROW EXECUTE FUNCTION ledger_at_end()
    """,
    "ledger_is_never_changed": """
        CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
        FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
    """,
    "ledger_is_never_cut": """
        CREATE TRIGGER ledger_is_never_cut BEFORE DELETE OR TRUNCATE ON ledger
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
    """,
}
"""What each guard is, which `verify` holds against what the database has."""


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ON_SQLITE.values():
            op.execute(trigger)
        return
    for name, body in FUNCTIONS_ON_POSTGRESQL.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    for trigger in ON_POSTGRESQL.values():
        op.execute(trigger)
