"""Sign in: a password and a one-time code, each of which is refused in the same words."""

from datetime import datetime

from tre.decision import Decision
from tre.five_safes import Subject, decide
from tre.safe_people.person import Person
from tre.steps.lockout import LOCKED_MINUTES, MOST_FAILURES
from tre.steps.passwords import is_right
from tre.steps.proving import Proof, judge
from tre.steps.tre import Tre
from tre.store.credentials import read_credentials
from tre.store.ledger import Line
from tre.store.people import read_person
from tre.store.store import Change
from tre.vocabulary import Action, PersonId

NOT_RIGHT = (
    "The name, the password or the code is not right. A code works once, for half a minute; a "
    f"recovery code may take its place. After {MOST_FAILURES} failures an account is locked for "
    f"{LOCKED_MINUTES} minutes, and longer each further time."
)

NOBODY: PersonId = ":unknown"
"""Stands in the ledger for a name that is nobody's: what was typed might be a password."""


class SignInRefusedError(Exception):
    """Somebody may not come in; the message may be shown to whoever asked."""


def sign_in(tre: Tre, person: PersonId, password: str, code: str) -> Person:
    """Let somebody in, if name, password and one-time code are right and the rules allow it.

    code: of the app, or a recovery code; "" for somebody who has no second factor yet.
    Raises SignInRefusedError: in the same words whatever was wrong, but for a person who has
    proved who they are and may not come in, who is told why.
    """
    with tre.store.reading() as connection:
        known = read_credentials(connection, person)
    right = is_right(password, known.password_hash if known else None)
    refusal: str | None = None
    with tre.store.writing() as change:
        found = read_person(change.connection, person)
        proof = judge(tre, change, person, password_is_right=right, code=code) if found else None
        if found is None or proof is None:
            refusal = NOT_RIGHT
            _record(change, tre.now(), person if known and found else NOBODY, ["credentials"])
        else:
            decision = decide(found, Action.SIGN_IN, Subject(), on=tre.now())
            refusal = None if decision.allowed else decision_in_words(decision)
            _record(change, tre.now(), person, [r.rule for r in decision.reasons], proof)
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


def _record(
    change: Change, at: datetime, person: PersonId, rules: list[str], proof: Proof | None = None
) -> None:
    outcome = "refused" if rules else "done"
    details = {
        **({"rules": rules} if rules else {}),
        **({"with": str(proof)} if proof not in {None, Proof.CODE} else {}),
    }
    change.record(
        Line(at=at, actor=person, tag=str(Action.SIGN_IN), outcome=outcome, details=details)
    )
