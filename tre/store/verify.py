"""Read the whole ledger again and say whether anything in it was changed since it was written."""

import hmac
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from tre.store.guards import unguarded
from tre.store.kept_head import KeptHead
from tre.store.ledger import FIRST, LedgerVerdict, hash_of, seal_of
from tre.store.tables import ledger


def verify(connection: Connection, key: bytes | None, kept: KeptHead | None) -> LedgerVerdict:
    """Check every entry, then the end against the head that is kept elsewhere, then the guards.

    key: None where it is lost: hashes and chain are checked all the same, and it is not whole.
    kept must have been read before the transaction began: entries may be added in between.
    """
    with any_bytes(connection):
        entries, problem = _walk(connection, key, kept)
    problem = problem or _no_key(key) or _end(entries, kept) or _unguarded(connection)
    if problem is None:
        return LedgerVerdict(
            whole=True, entries=entries, broken_at=None, message=f"whole: {entries:,} entries"
        )
    return LedgerVerdict(
        whole=False, entries=entries, broken_at=problem[0] or None, message=problem[1]
    )


Problem = tuple[int, str]


def _no_key(key: bytes | None) -> Problem | None:
    if key is not None:
        return None
    return (
        0,
        "every hash fits, but keys/ledger.key cannot be used (gone, damaged, or open to others): "
        "nobody can say whether the entries were sealed by this environment, or whether the last "
        "were cut. Bring it back from a backup",
    )


def _walk(
    connection: Connection, key: bytes | None, kept: KeptHead | None
) -> tuple[int, Problem | None]:
    """Count the entries that fit, up to the first that does not."""
    with closing(rows_of(connection)) as rows:
        return _first_misfit(rows, key, kept)


def _first_misfit(
    rows: Iterator[Mapping[str, Any]], key: bytes | None, kept: KeptHead | None
) -> tuple[int, Problem | None]:
    fitting, previous = 0, FIRST
    while True:
        try:
            row = next(rows, None)
        except (DatabaseError, ValueError) as error:
            cause = type(error).__name__
            return fitting, (fitting + 1, f"entry {fitting + 1} cannot be read ({cause})")
        if row is None:
            return fitting, None
        if wrong := _misfit(row, fitting + 1, previous, key) or _against(row, kept):
            return fitting, (fitting + 1, f"broken at entry {fitting + 1}: {wrong}")
        fitting, previous = fitting + 1, row["hash"]


def rows_of(connection: Connection) -> Generator[Mapping[str, Any]]:
    """Read every entry as it is stored, the oldest first, a few at a time."""
    query = select(ledger).order_by(ledger.c.number).execution_options(yield_per=500)
    with connection.execute(query) as found:
        yield from found.mappings()


def _misfit(row: Mapping[str, Any], number: int, previous: str, key: bytes | None) -> str | None:
    """Say what is wrong with an entry that should be the `number`-th, or None."""
    if row["number"] != number:
        return f"it is missing; entry {row['number']} comes next"
    if row["previous_hash"] != previous:
        return "it does not follow from the entry before it"
    if row["hash"] != _hash(row):
        return "its contents are not those that were written"
    if key and not hmac.compare_digest(str(row["seal"]).encode(errors="replace"), _seal(key, row)):
        return "it was not written by this environment (its seal is wrong)"
    return None


def _hash(row: Mapping[str, Any]) -> str | None:
    try:
        return hash_of(row)
    except (TypeError, UnicodeEncodeError):  # bytes that no entry was ever written with
        return None


def _seal(key: bytes, row: Mapping[str, Any]) -> bytes:
    return seal_of(key, row["hash"]).encode()


def _against(row: Mapping[str, Any], kept: KeptHead | None) -> str | None:
    if kept and kept.genuine and row["number"] == kept.head.count != 0:
        same = row["hash"] == kept.head.hash
        return None if same else "it is not the entry whose hash is kept in keys/ledger.head"
    return None


def _end(entries: int, kept: KeptHead | None) -> Problem | None:
    if kept is None:
        return (0, "keys/ledger.head is missing: nobody can say whether the ledger was cut")
    if not kept.genuine:
        return (0, "keys/ledger.head was changed: nobody can say whether the ledger was cut")
    if entries < kept.head.count:
        missing, should = entries + 1, kept.head.count
        return (missing, f"broken at entry {missing}: it is missing; {should} were written")
    return None


def _unguarded(connection: Connection) -> Problem | None:
    wrong = unguarded(connection)
    if not wrong:
        return None
    return (0, f"every entry fits, but the ledger is unguarded: {', '.join(wrong)}")


@contextmanager
def any_bytes(connection: Connection) -> Generator[None]:
    """Let SQLite hand out text that is no UTF-8: it is to be found, not to be stumbled over."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.text_factory = lambda read: read.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = str
