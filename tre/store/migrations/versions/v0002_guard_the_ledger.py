"""Let the database itself refuse every change of the ledger but a new entry at its end."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _guard_on_sqlite() -> None:
    # REPLACE deletes a row without telling the DELETE trigger; the INSERT trigger stops it.
    op.execute("""
        CREATE TRIGGER ledger_grows_at_its_end BEFORE INSERT ON ledger
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger)
          OR NEW.previous_hash <> coalesce(
               (SELECT hash FROM ledger ORDER BY number DESC LIMIT 1), printf('%064d', 0))
        BEGIN SELECT raise(ABORT, 'the ledger only grows at its end'); END
    """)
    op.execute("""
        CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
        BEGIN SELECT raise(ABORT, 'an entry of the ledger is never changed'); END
    """)
    op.execute("""
        CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
        BEGIN SELECT raise(ABORT, 'an entry of the ledger is never deleted'); END
    """)


def _guard_on_postgresql() -> None:
    op.execute("""
        CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'an entry of the ledger is never changed or deleted'; END $$
    """)
    op.execute("""
        CREATE FUNCTION ledger_at_end() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger)
               OR NEW.previous_hash <> coalesce(
                    (SELECT hash FROM ledger ORDER BY number DESC LIMIT 1), repeat('0', 64))
            THEN RAISE EXCEPTION 'the ledger only grows at its end'; END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER ledger_grows_at_its_end BEFORE INSERT ON ledger
        FOR EACH ROW EXECUTE FUNCTION ledger_at_end()
    """)
    op.execute("""
        CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
        FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
    """)
    op.execute("""
        CREATE TRIGGER ledger_is_never_cut BEFORE DELETE OR TRUNCATE ON ledger
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
    """)
