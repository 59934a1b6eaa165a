"""Bring a database to the tables of this version, once, whoever comes first."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from tre.decision import UnusableRequestError
from tre.store.engine import writer

HEAD = "0010"
"""The newest migration; a test compares it with the folder."""

_FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine, lock: Path) -> None:
    """Run the migrations that are missing; `lock` is a file that processes take turns on.

    Raises UnusableRequestError for a store that a newer version of the software has changed.
    """
    with engine.connect() as connection:
        if revision(connection) == HEAD:
            return
    with one_at_a_time(lock):
        if engine.dialect.name == "sqlite":
            _switch_to_wal(engine)
        with writer(engine.connect()) as connection, connection.begin():
            _refuse_newer(revision(connection))
            _upgrade(connection)


def revision(connection: Connection) -> str | None:
    """The migration that a database has reached, or None for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # Imported here: Alembic takes a moment to load and an ordinary start needs none of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(reached: str | None) -> None:
    known = {file.name[1:5] for file in (_FOLDER / "versions").glob("v*.py")}
    if reached is not None and reached not in known:
        message = (
            f"this store was changed by a newer version of the software (migration {reached}; "
            f"this one knows up to {HEAD}); use that version"
        )
        raise UnusableRequestError(message)


def _switch_to_wal(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


@contextmanager
def one_at_a_time(lock: Path) -> Generator[None]:
    """Let one process in at a time."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
