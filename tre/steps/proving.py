"""Prove who one is: a password with a one-time code or a recovery code; failures are counted."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from tre.decision import UnusableRequestError
from tre.steps.lockout import Attempts
from tre.steps.passwords import is_right
from tre.steps.recovery import hash_of, looks_like_one
from tre.steps.second_factor import step_of
from tre.steps.telling import News, tell
from tre.steps.tre import Tre
from tre.store.credentials import (
    Credentials,
    read_credentials,
    recovery_codes_left,
    use_recovery_code,
    write_credentials,
)
from tre.store.ledger import Line
from tre.store.store import Change
from tre.vocabulary import Action, PersonId

LOCKED = "people:account:lock"
RECOVERED = "people:account:recovery-code"


class Proof(StrEnum):
    """With what somebody has proved who they are, besides the password."""

    CODE = "one-time code"
    RECOVERY_CODE = "recovery code"
    NO_SECOND_FACTOR = "no second factor yet"


def prove_again(tre: Tre, person: PersonId, password: str, code: str) -> Proof:
    """Have somebody who is signed in prove it once more, before they change how they sign in.

    Failures count as those at the door do. Raises UnusableRequestError where it is not right.
    """
    with tre.store.reading() as connection:
        known = read_credentials(connection, person)
    right = is_right(password, known.password_hash if known else None)
    with tre.store.writing() as change:
        proof = judge(tre, change, person, password_is_right=right, code=code)
        if proof is None:
            details = {"rules": ["credentials"]}
            tag = str(Action.KEEP_ACCOUNT)
            change.record(
                Line(at=tre.now(), actor=person, tag=tag, outcome="refused", details=details)
            )
    if proof is None:
        message = (
            "the password or the code is not right; a code works once, so wait for the next one. "
            "Failures count as those at the sign-in do"
        )
        raise UnusableRequestError(message)
    return proof


def judge(
    tre: Tre, change: Change, person: PersonId, *, password_is_right: bool, code: str
) -> Proof | None:
    """Judge an attempt and count it, against what others have counted in the meantime.

    None where it fails, in whatever way. Whoever has no second factor yet needs no code: whether
    they still may, the Five Safes decide.
    """
    connection, now = change.connection, tre.now()
    kept = read_credentials(connection, person)
    if kept is None:
        return None
    attempts = Attempts(
        failures=kept.failures, locked_until=kept.locked_until, lockouts=kept.lockouts
    )
    if attempts.is_locked(now):
        return None
    proof, step = _proof(connection, person, kept, code, now) if password_is_right else (None, 0)
    if proof is None:
        _count(tre, change, person, kept, attempts.after_failure(now))
        return None
    cleared = replace(kept, last_step=step, failures=0, locked_until=None, lockouts=0)
    write_credentials(connection, person, cleared)
    if proof is Proof.RECOVERY_CODE:
        _tell_recovery(tre, change, person)
    return proof


def _proof(
    connection: Connection, person: PersonId, kept: Credentials, code: str, now: datetime
) -> tuple[Proof | None, int]:
    """What the code proves, and the last time step that is used up then."""
    if not kept.totp_secret:
        return Proof.NO_SECOND_FACTOR, kept.last_step
    step = step_of(kept.totp_secret, code, now)
    if step is not None and step > kept.last_step:
        return Proof.CODE, step
    if looks_like_one(code) and use_recovery_code(connection, person, hash_of(person, code), now):
        return Proof.RECOVERY_CODE, kept.last_step
    return None, kept.last_step


def _count(tre: Tre, change: Change, person: PersonId, kept: Credentials, after: Attempts) -> None:
    counted = replace(
        kept, failures=after.failures, locked_until=after.locked_until, lockouts=after.lockouts
    )
    write_credentials(change.connection, person, counted)
    if after.locked_until is None:
        return
    minutes = round((after.locked_until - tre.now()).total_seconds() / 60)
    details = {"minutes": minutes, "lockouts": after.lockouts}
    change.record(Line(at=tre.now(), actor=person, tag=LOCKED, details=details))
    news = News(
        title="Your account was locked",
        text=f"Somebody failed to sign in as you {after.failures} times, so the account is locked "
        f"for {minutes} minutes. If that was not you, tell the TRE manager: your password may be "
        "known to others.",
        path="/me",
    )
    tell(tre, change.connection, person, news)


def _tell_recovery(tre: Tre, change: Change, person: PersonId) -> None:
    left = recovery_codes_left(change.connection, person)
    change.record(Line(at=tre.now(), actor=person, tag=RECOVERED, details={"left": left}))
    news = News(
        title="A recovery code of yours was used",
        text=f"A recovery code was used in the place of your app's code; {left} are left. If that "
        "was not you, tell the TRE manager at once.",
        path="/me/second-factor",
    )
    tell(tre, change.connection, person, news)
