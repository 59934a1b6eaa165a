"""The store: one database and one data home, read and written in transactions."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError, OperationalError

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.store import kept_head
from tre.store.checkpoints import computed
from tre.store.engine import make_engine, reader, writer
from tre.store.files import write_once
from tre.store.folders import Folders
from tre.store.keys import LEDGER_KEY, new_secret, secret
from tre.store.ledger import Head, LedgerVerdict, Line, append, head
from tre.store.migrate import migrate, one_at_a_time
from tre.store.tables import ledger
from tre.store.turns import StoreUnavailableError, Turns
from tre.store.verify import verify


@dataclass(frozen=True, slots=True)
class Change:
    """A transaction that writes; what is recorded goes to the ledger together with it."""

    connection: Connection
    lines: list[Line] = field(default_factory=list)

    def record(self, line: Line) -> None:
        """Have a line written to the ledger when the transaction ends well."""
        self.lines.append(line)


class Store:
    """Give out transactions. Threads may share a store; each transaction is one thread's."""

    def __init__(self, engine: Engine, folders: Folders, ledger_key: bytes | None):
        self.folders = folders
        self._engine = engine
        self._key = ledger_key
        self._turns = Turns(folders.turns if engine.dialect.name == "sqlite" else None)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """One moment of the store; nothing can be changed in it on PostgreSQL."""
        with _reported(), reader(self._engine.connect()) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Generator[Change]:
        """The only writer, until the end: all of it is kept, with its ledger lines, or nothing."""
        new, key = None, self._ledger_key
        with (
            self._turns.taken(),
            _reported(),
            writer(self._engine.connect()) as connection,
            connection.begin(),
        ):
            change = Change(connection)
            yield change
            if change.lines:
                new = append(connection, key, change.lines)
        if new is not None:
            self._keep_head(new)

    @contextmanager
    def looking(self) -> Generator[Change]:
        """One moment of the store, to read; what is recorded is written once that is over.

        Who looks waits for no writer before they have looked, and keeps none waiting meanwhile.
        """
        with self.reading() as connection:
            change = Change(connection)
            yield change
        if change.lines:
            with self.writing() as after:
                after.lines.extend(change.lines)

    def verify_ledger(self) -> LedgerVerdict:
        """Read the whole ledger again and say whether anything in it was changed."""
        file, key = self.folders.ledger_head, self._key
        kept = None if key is None else kept_head.read_kept(file, key)
        with self.reading() as connection:
            return verify(connection, key, kept)

    def ledger_hashes(self) -> list[str]:
        """Work out every entry's hash again, from its contents and without any key."""
        with self.reading() as connection:
            return computed(connection)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @property
    def _ledger_key(self) -> bytes:
        if self._key is None:
            raise UnusableRequestError(_KEY_IS_GONE)
        return self._key

    def _keep_head(self, new: Head) -> None:
        kept_head.keep(self.folders.ledger_head, self._ledger_key, new, self._look_at)

    def _look_at(self, number: int) -> tuple[str | None, Head]:
        with self.reading() as connection:
            query = select(ledger.c.hash).where(ledger.c.number == number)
            return connection.execute(query).scalar_one_or_none(), head(connection)


def open_store(config: Config, *, to_verify: bool = False) -> Store:
    """Open the store of an installation; its folders, tables and keys are made where missing.

    to_verify: also where the ledger's key is gone or damaged; then nothing can be written, and
    what needs no key can be verified. Raises UnusableRequestError where the database cannot be
    reached, was changed by a newer version, or has a ledger whose key is gone.
    """
    folders = Folders(config.home)
    folders.make()
    engine = make_engine(config.database)
    try:
        migrate(engine, folders.lock)
        return Store(engine, folders, _ledger_key(engine, folders, to_verify=to_verify))
    except DatabaseError as error:  # a file that is no database is one, besides no answer
        engine.dispose()
        raise _unavailable(error) from error
    except BaseException:
        engine.dispose()
        raise


_KEY_IS_GONE = f"keys/{LEDGER_KEY} is gone, which seals the ledger: bring it back"


def _ledger_key(engine: Engine, folders: Folders, *, to_verify: bool) -> bytes | None:
    try:
        return _known_key(engine, folders)
    except UnusableRequestError:
        if to_verify:
            return None
        raise


def _known_key(engine: Engine, folders: Folders) -> bytes:
    file = folders.keys / LEDGER_KEY
    if not file.exists():
        with one_at_a_time(folders.lock):
            if not file.exists():
                _start_ledger(engine, folders)
    return secret(folders.keys, LEDGER_KEY)


def _start_ledger(engine: Engine, folders: Folders) -> None:
    with reader(engine.connect()) as connection, connection.begin():
        if head(connection).count:
            raise UnusableRequestError(_KEY_IS_GONE)
    made = new_secret()
    kept_head.start(folders.ledger_head, bytes.fromhex(made.decode()))
    write_once(folders.keys / LEDGER_KEY, made, mode=0o600)


@contextmanager
def _reported() -> Generator[None]:
    """Say in one sentence that the database failed, without its address or anybody's data."""
    try:
        yield
    except OperationalError as error:
        raise _unavailable(error) from error


def _unavailable(error: DatabaseError) -> StoreUnavailableError:
    cause = str(error.orig).strip().splitlines()[0] if error.orig else "no connection"
    return StoreUnavailableError(f"the database could not do it ({cause}); nothing was changed")
