"""The environment's own secrets: made on first use, readable by its account alone."""

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tre.decision import UnusableRequestError
from tre.store.files import write_once

LEDGER_KEY = "ledger.key"
"""Seals the ledger's entries and its head."""

SIGNING_KEY = "release-signing.pem"
"""Signs release bundles (Ed25519)."""


def secret(folder: Path, name: str) -> bytes:
    """Give 32 random bytes that are the same for ever; several processes may come at once.

    Raises UnusableRequestError where the file can be read by others, or is damaged.
    """
    content = _kept(folder / name, new_secret)
    try:
        return bytes.fromhex(content.decode())
    except ValueError as error:
        message = f"keys/{name} is damaged: bring it back from a backup"
        raise UnusableRequestError(message) from error


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """Give the key that signs releases; see `secret`."""
    pem = _kept(folder / SIGNING_KEY, _new_signing_key)
    try:
        key = load_pem_private_key(pem, password=None)
    except ValueError as error:
        message = f"keys/{SIGNING_KEY} is damaged: bring it back from a backup"
        raise UnusableRequestError(message) from error
    if not isinstance(key, Ed25519PrivateKey):
        message = f"keys/{SIGNING_KEY} must be an Ed25519 key"
        raise UnusableRequestError(message)
    return key


def new_secret() -> bytes:
    """Make 32 random bytes, written in hexadecimal."""
    return secrets.token_hex(32).encode()


def _new_signing_key() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _kept(file: Path, make: Callable[[], bytes]) -> bytes:
    if not file.exists():
        write_once(file, make(), mode=0o600)
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as opened:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            message = f"keys/{file.name} can be read by others: chmod 600 it"
            raise UnusableRequestError(message)
        return opened.read()
