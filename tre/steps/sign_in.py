"""Sign in: a password and a one-time code, each of which is refused in the same words."""

from dataclasses import replace
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tre.decision import Decision
from tre.five_safes import Subject, decide
from tre.safe_people.person import Person
from tre.steps.lockout import LOCKED_MINUTES, MOST_FAILURES, Attempts
from tre.steps.second_factor import step_of
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, read_credentials, write_credentials
from tre.store.ledger import Line
from tre.store.people import read_person
from tre.store.store import Change
from tre.vocabulary import Action, PersonId

NOT_RIGHT = (
    "The name, the password or the code is not right. A code works once, for half a minute. "
    f"After {MOST_FAILURES} failures an account is locked for {LOCKED_MINUTES} minutes."
)

NOBODY: PersonId = ":unknown"
"""Stands in the ledger for a name that is nobody's: what was typed might be a password."""

LONGEST_PASSWORD = 256

_HASHER = PasswordHasher()
_DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$"
    "kLFpqeEGzIFBkmUdS5BGpHq8aCkMpOb4p2i3hQWDP1M"
)
"""Verified for names that are nobody's, so that these take as long as the others."""


class SignInRefusedError(Exception):
    """Somebody may not come in; the message may be shown to whoever asked."""


def sign_in(tre: Tre, person: PersonId, password: str, code: str) -> Person:
    """Let somebody in, if name, password and one-time code are right and the rules allow it.

    Raises SignInRefusedError: in the same words whatever was wrong, but for a person who has
    proved who they are and may not come in, who is told why.
    """
    with tre.store.reading() as connection:
        known = read_credentials(connection, person)
    is_right = _is_right(password, known)
    refusal: str | None = None
    with tre.store.writing() as change:
        found = read_person(change.connection, person)
        if found is None or not _passes(tre, change, person, code if is_right else ""):
            refusal = NOT_RIGHT
            _record(change, tre.now(), person if known and found else NOBODY, ["credentials"])
        else:
            decision = decide(found, Action.SIGN_IN, Subject(), on=tre.now())
            refusal = None if decision.allowed else str(decision_in_words(decision))
            _record(change, tre.now(), person, [r.rule for r in decision.reasons])
    if refusal is not None or found is None:
        raise SignInRefusedError(refusal)
    return found


def may_sign_in(tre: Tre, person: PersonId) -> bool:
    """Whether somebody who is signed in still may be; nobody is asked for a password again."""
    with tre.store.reading() as connection:
        found = read_person(connection, person)
    return found is not None and decide(found, Action.SIGN_IN, Subject(), on=tre.now()).allowed


def decision_in_words(decision: Decision) -> str:
    """Every reason, one a line."""
    return "\n".join(str(reason) for reason in decision.reasons)


def hash_of_password(password: str) -> str:
    """Hash a password so that it is slow to guess (argon2id)."""
    return _HASHER.hash(password)


def _is_right(password: str, known: Credentials | None) -> bool:
    """Compare, outside any transaction: it takes a tenth of a second on purpose."""
    try:
        _HASHER.verify(known.password_hash if known else _DECOY, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return known is not None and len(password) <= LONGEST_PASSWORD


def _passes(tre: Tre, change: Change, person: PersonId, code: str) -> bool:
    """Judge an attempt and count it, against what others have counted in the meantime.

    code: "" where the password was wrong.
    """
    kept = read_credentials(change.connection, person)
    if kept is None:
        return False
    now = tre.now()
    attempts = Attempts(failures=kept.failures, locked_until=kept.locked_until)
    if attempts.is_locked(now):
        return False
    step = step_of(kept.totp_secret, code, now)
    if step is not None and step > kept.last_step:
        kept = replace(kept, last_step=step, failures=0, locked_until=None)
        write_credentials(change.connection, person, kept)
        return True
    after = attempts.after_failure(now)
    kept = replace(kept, failures=after.failures, locked_until=after.locked_until)
    write_credentials(change.connection, person, kept)
    return False


def _record(change: Change, at: datetime, person: PersonId, rules: list[str]) -> None:
    outcome = "refused" if rules else "done"
    details = {"rules": rules} if rules else None
    change.record(
        Line(at=at, actor=person, tag=str(Action.SIGN_IN), outcome=outcome, details=details)
    )
