"""Signed checkpoints of the ledger: whoever keeps one elsewhere sees the past being rewritten.

A checkpoint says which hash the ledger had at some of its entries. Hashes are worked out again
from what stands in the ledger now, so that no key of the environment is needed to compare: an
owner of the machine who has them all can still not make another past give the same hashes.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from tre.decision import UnusableRequestError
from tre.store.ledger import FIRST, canonical, hash_of
from tre.store.verify import any_bytes, rows_of

FORMAT = "tre-ledger-checkpoint/1"
MARKS = 64
"""Into so many parts a checkpoint divides the ledger, to say in which of them it was changed."""

LARGEST_BYTES = 64_000
"""No checkpoint is larger than this; what is, is none."""

_WHAT_DAMAGE_RAISES = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class NoCheckpointError(UnusableRequestError):
    """A file is no checkpoint, or was damaged on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the ledger was at a moment.

    count: entries that it had. marks: the hash at some of their numbers, the last one's too.
    public_key: the signer's, 32 bytes. genuine: whether the signature is of that key and fits.
    """

    count: int
    at: datetime
    marks: Mapping[int, str]
    public_key: bytes
    genuine: bool

    @property
    def signed_by(self) -> str:
        """The SHA-256 of the signer's public key, hexadecimal, for comparing by eye."""
        return hashlib.sha256(self.public_key).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """Whether today's ledger goes on from a checkpoint.

    agrees_to: the last entry that is known to be the same. differs_by: the first that is known
    not to be, so that the change begins after the one and not after the other; None where all
    agree, or where the checkpoint itself cannot be believed.
    """

    holds: bool
    agrees_to: int
    differs_by: int | None
    message: str


def take(hashes: list[str], at: datetime) -> dict[str, Any]:
    """Say what the ledger is, by every entry's hash; plain values that can be signed.

    hashes: as `computed` gives them. Raises UnusableRequestError where there is no entry yet.
    """
    if not hashes:
        message = "the ledger has no entry yet: there is nothing to keep a checkpoint of"
        raise UnusableRequestError(message)
    count = len(hashes)
    marked = sorted({1, count} | {part * count // MARKS for part in range(1, MARKS)} - {0})
    return {
        "format": FORMAT,
        "count": count,
        "hash": hashes[-1],
        "at": at.isoformat(),
        "marks": {str(number): hashes[number - 1] for number in marked},
    }


def sign(said: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """Write a checkpoint: what is said, the public key, and the signature over both."""
    public = _text(key.public_key().public_bytes_raw())
    signed = {**said, "algorithm": "Ed25519", "public_key": public}
    whole = {**signed, "signature": _text(key.sign(canonical(signed).encode()))}
    return json.dumps(whole, indent=1, sort_keys=True).encode() + b"\n"


def read_checkpoint(content: bytes) -> Checkpoint:
    """Read a checkpoint; whether it is genuine stands in it. Raises NoCheckpointError."""
    if len(content) > LARGEST_BYTES:
        message = "it is no checkpoint of a ledger: it is too large"
        raise NoCheckpointError(message)
    try:
        return _read(json.loads(content))
    except _WHAT_DAMAGE_RAISES as error:
        message = (
            "it is no checkpoint of a ledger, or it was damaged on its way; a checkpoint is "
            "written by tre ledger checkpoint"
        )
        raise NoCheckpointError(message) from error


def _read(whole: dict[str, Any]) -> Checkpoint:
    signature = base64.b64decode(whole["signature"], validate=True)
    signed = {name: value for name, value in whole.items() if name != "signature"}
    if signed["format"] != FORMAT or signed["algorithm"] != "Ed25519":
        raise ValueError(signed["format"])
    marks = {int(number): str(hash_) for number, hash_ in signed["marks"].items()}
    count, at = int(signed["count"]), datetime.fromisoformat(signed["at"])
    if at.tzinfo is None or min(marks) < 1 or max(marks) != count:
        raise ValueError(count)
    public_key = base64.b64decode(signed["public_key"], validate=True)
    return Checkpoint(
        count=count,
        at=at,
        marks=marks,
        public_key=public_key,
        genuine=_fits(public_key, signature, signed) and marks[count] == signed["hash"],
    )


def _fits(public_key: bytes, signature: bytes, signed: Mapping[str, Any]) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(signature, canonical(signed).encode())
    except InvalidSignature:
        return False
    return True


def computed(connection: Connection) -> list[str]:
    """Work out every entry's hash again, each from its contents and the one before it.

    An entry that no hash can be made of has one that nothing else has. Ends before the first
    entry that the database cannot read.
    """
    hashes: list[str] = []
    previous = FIRST
    with any_bytes(connection), closing(rows_of(connection)) as rows:
        while True:
            try:
                row = next(rows, None)
            except (DatabaseError, ValueError):
                return hashes
            if row is None:
                return hashes
            previous = _hash(row, previous)
            hashes.append(previous)


def _hash(row: Mapping[str, Any], previous: str) -> str:
    try:
        return hash_of({**row, "previous_hash": previous})
    except (TypeError, UnicodeEncodeError):  # bytes that no entry was ever written with
        return hashlib.sha256(f"{previous} unreadable".encode()).hexdigest()


def compare(checkpoint: Checkpoint, hashes: list[str]) -> Continuity:
    """Say whether a ledger with these hashes goes on from a checkpoint, and if not, from where.

    hashes: every entry's, as `computed` gives them.
    """
    if not checkpoint.genuine:
        message = (
            "its signature does not fit: it was changed after it was signed, or forged. "
            "Nothing follows from it; take another copy"
        )
        return Continuity(holds=False, agrees_to=0, differs_by=None, message=message)
    agrees_to, differs_by = _where(checkpoint.marks.items(), hashes)
    since = len(hashes) - checkpoint.count
    if differs_by is None:
        message = f"the ledger goes on from it: entry {checkpoint.count:,} is the same, "
        message += f"and {since:,} {'was' if since == 1 else 'were'} added since"
        return Continuity(holds=True, agrees_to=agrees_to, differs_by=None, message=message)
    message = _what_differs(checkpoint, agrees_to, differs_by, len(hashes))
    return Continuity(holds=False, agrees_to=agrees_to, differs_by=differs_by, message=message)


def _where(marks: Iterable[tuple[int, str]], hashes: list[str]) -> tuple[int, int | None]:
    agrees_to = 0
    for number, hash_ in sorted(marks):
        if number > len(hashes) or hashes[number - 1] != hash_:
            return agrees_to, number
        agrees_to = number
    return agrees_to, None


def _what_differs(checkpoint: Checkpoint, agrees_to: int, differs_by: int, entries: int) -> str:
    if differs_by > entries >= agrees_to:
        lost = f"the ledger has {entries:,} entries, and {checkpoint.count:,} were written: "
        return lost + f"it was cut, or rewritten after entry {agrees_to:,}"
    if agrees_to == 0:
        return (
            "not even entry 1 is the same: the checkpoint is of another environment, or all of "
            "the ledger was written again"
        )
    return (
        f"the past was rewritten: entries up to {agrees_to:,} are the same, and one of "
        f"{agrees_to + 1:,} to {differs_by:,} is another than it was"
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
