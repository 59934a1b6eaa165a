"""Passwords: how long, how they are kept, and whether one is right, slowly on purpose."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tre.decision import UnusableRequestError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256

_HASHER = PasswordHasher()
_DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$"
    "kLFpqeEGzIFBkmUdS5BGpHq8aCkMpOb4p2i3hQWDP1M"
)
"""Verified for names that are nobody's, so that these take as long as the others."""


def hash_of_password(password: str) -> str:
    """Hash a password so that it is slow to guess (argon2id)."""
    return _HASHER.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Compare a password with its hash, outside any transaction: it takes a tenth of a second.

    kept: None for a name that is nobody's, which takes as long.
    """
    try:
        _HASHER.verify(kept or _DECOY, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(password) <= LONGEST_PASSWORD


def is_slow_to_guess(kept: str) -> bool:
    """Whether a password was hashed as today's are, and not by a weaker way."""
    try:
        return not _HASHER.check_needs_rehash(kept)
    except InvalidHashError:
        return False


def usable_password(password: str, *, person: str) -> str:
    """Give a password that will do. Raises UnusableRequestError for another.

    Long is what counts (NCSC): no rules about kinds of characters.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        raise UnusableRequestError(message)
    if len(set(password)) < 5 or (len(person) > 3 and person in password.lower()):
        message = "a password has at least five different characters, and not your sign-in name"
        raise UnusableRequestError(message)
    return password
