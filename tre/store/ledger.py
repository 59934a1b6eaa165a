"""The ledger: what was done, when, by whom; only ever added to, each entry sealing the last.

An entry's hash is the SHA-256 of its own fields and of the hash before it; its seal is an HMAC of
that hash under a key that lies outside the database. Who rewrites the past in the database can
make the hashes fit again, but not the seals.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from tre.store.tables import ledger
from tre.vocabulary import PersonId, ProjectId, RequestId

FIRST = "0" * 64
"""The hash that stands before the first entry."""

FIELDS = (
    "number",
    "at",
    "actor",
    "tag",
    "outcome",
    "person",
    "project",
    "request",
    "details",
    "previous_hash",
)
"""The columns that an entry's hash covers: all of them but the hash and the seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One thing that was done or refused.

    tag: safe:subject:action. outcome: "done" or "refused". person: whom it was done to, where
    that is not the actor. details: plain values; ids only, never anybody's data.
    """

    number: int
    at: datetime
    actor: PersonId
    tag: str
    outcome: str
    person: PersonId | None
    project: ProjectId | None
    request: RequestId | None
    details: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerVerdict:
    """Whether the ledger is whole; broken_at: the number of the first entry that does not fit.

    remarks: what a person should look at though every entry fits; the message holds them too.
    """

    whole: bool
    entries: int
    broken_at: int | None
    message: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a step wants written; the ledger adds number, hashes and seal."""

    at: datetime
    actor: PersonId
    tag: str
    outcome: str = "done"
    person: PersonId | None = None
    project: ProjectId | None = None
    request: RequestId | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """How far the ledger reaches: the number of entries and the last one's hash."""

    count: int
    hash: str


NOTHING = Head(0, FIRST)


def canonical(value: object) -> str:
    """JSON with one spelling only: sorted keys, no spaces, no escapes that are not needed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(entry: Mapping[str, Any]) -> str:
    """The hash that an entry should have, by what stands in it."""
    covered = canonical({name: entry[name] for name in FIELDS})
    return hashlib.sha256(covered.encode()).hexdigest()


def seal_of(key: bytes, hash_: str) -> str:
    """The seal that only a holder of the key can make."""
    return hmac.new(key, hash_.encode(), "sha256").hexdigest()


def head(connection: Connection) -> Head:
    """The last entry's number and hash, as the database has them now."""
    query = select(ledger.c.number, ledger.c.hash).order_by(ledger.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return NOTHING if row is None else Head(row.number, row.hash)


def append(connection: Connection, key: bytes, lines: Iterable[Line]) -> Head:
    """Write lines at the end, in order, within the caller's transaction; the new head.

    The caller holds the store's one write lock, so that no other head can come between.
    """
    last = head(connection)
    for line in lines:
        entry = _entry(line, last)
        entry["hash"] = hash_of(entry)
        entry["seal"] = seal_of(key, entry["hash"])
        connection.execute(insert(ledger).values(entry))
        last = Head(entry["number"], entry["hash"])
    return last


def _entry(line: Line, last: Head) -> dict[str, Any]:
    return {
        "number": last.count + 1,
        "at": line.at.isoformat(),
        "actor": line.actor,
        "tag": line.tag,
        "outcome": line.outcome,
        "person": line.person,
        "project": line.project,
        "request": line.request,
        "details": canonical(dict(line.details or {})),
        "previous_hash": last.hash,
    }


def read_entry(row: RowMapping) -> LedgerEntry:
    """An entry as a value."""
    return LedgerEntry(
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        actor=row["actor"],
        tag=row["tag"],
        outcome=row["outcome"],
        person=row["person"],
        project=row["project"],
        request=row["request"],
        details=json.loads(row["details"]),
        hash=row["hash"],
    )
