"""How the store talks to its database: SQLite by default, PostgreSQL by its address."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from tre.decision import UnusableRequestError

WRITES = "tre_writes"
"""The execution option that says that a transaction is going to write."""

BUSY_SECONDS = 30
"""How long one process waits for another's transaction before it gives up."""

_WRITE_LOCK = 7_316_820_260
"""PostgreSQL's advisory lock that stands for the store's one writer."""


def make_engine(address: str) -> Engine:
    """An engine for one store; no connection is made yet.

    Writers come one after another on both databases (BEGIN IMMEDIATE; an advisory lock): every
    step adds to one chain of ledger entries anyhow, and so no two of them can deadlock.
    Raises UnusableRequestError for an address that is no SQLite or PostgreSQL address.
    """
    try:
        url = make_url(address)
    except ArgumentError as error:
        message = "the database's address cannot be read; write sqlite:///… or postgresql://…"
        raise UnusableRequestError(message) from error
    if url.get_backend_name() == "sqlite":
        return _sqlite(create_engine(url, connect_args={"timeout": BUSY_SECONDS}))
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        return _postgresql(create_engine(url, pool_pre_ping=True))
    message = f"the store runs on SQLite or PostgreSQL, not on {url.get_backend_name()}"
    raise UnusableRequestError(message)


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: Any) -> None:
        # The driver's own, half-hearted transactions are switched off: BEGIN is said below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(engine: Engine) -> Engine:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES, False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

    return engine


def reader(connection: Connection) -> Connection:
    """Make the connection's next transaction see one moment of the store and change nothing."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return connection


def writer(connection: Connection) -> Connection:
    """Make the connection's next transaction the store's only writer, from its first moment."""
    return connection.execution_options(**{WRITES: True})
