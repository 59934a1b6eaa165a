"""What a recovery code looks like and how it is kept: only its hash."""

import hashlib
import re
import secrets

from tre.vocabulary import PersonId

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 that are hard to mistake for each other: no l, o, 0 and 1."""

_LENGTH = 16
"""Five bits a letter: 80 bits, which nobody guesses, and which need no slow hash."""


def new_code() -> str:
    """Draw a code, written in groups of four."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def hash_of(person: PersonId, code: str) -> str:
    """Hash somebody's code as it was typed: capitals, spaces and hyphens do not matter."""
    return hashlib.sha256(f"{person}:{_letters(code)}".encode()).hexdigest()


def looks_like_one(code: str) -> bool:
    """Whether what was typed could be a recovery code and not one of an app."""
    letters = _letters(code)
    return len(letters) == _LENGTH and all(letter in _LETTERS for letter in letters)


def _letters(code: str) -> str:
    return re.sub(r"[\s-]", "", code[:100]).lower()
