"""Keyed pseudonyms: HMAC-SHA256, so that nobody without the key can make or compare them."""

import hmac
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError

SHORTEST_KEY = 16


def keyed(values: pl.Series, key: bytes, purpose: str) -> pl.Series:
    """A pseudonym (32 hexadecimal digits, 128 bits) for each value; null stays null.

    purpose: named in what is hashed, so that the same key makes other pseudonyms for another
    purpose. Raises UnusableRequestError for a key of fewer than 16 bytes.
    """
    if len(key) < SHORTEST_KEY:
        message = f"a pseudonym key has at least {SHORTEST_KEY} bytes, not {len(key)}"
        raise UnusableRequestError(message)
    start = purpose.encode() + b"\0"
    made = [
        None if value is None else hmac.digest(key, start + value.encode(), "sha256").hex()[:32]
        for value in values
    ]
    return pl.Series(values.name, made, dtype=pl.String)


def read_key(file: Path) -> bytes:
    """The key that a party keeps in its folder, written as hexadecimal digits.

    Raises UnusableRequestError where it is not there.
    """
    try:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        message = f"the key {file.name} is missing or damaged; build the world again"
        raise UnusableRequestError(message) from error
