"""Recovery codes: ten, shown once, each for one sign-in without the app."""

from tre.five_safes import Subject
from tre.steps.acting import Act, acting
from tre.steps.proving import prove_again
from tre.steps.recovery import hash_of, new_code
from tre.steps.tre import Tre
from tre.store.credentials import recovery_codes_left, replace_recovery_codes
from tre.vocabulary import Action, PersonId

HOW_MANY = 10
TAG = "people:account:recovery-codes"


def new_recovery_codes(tre: Tre, actor: PersonId, *, password: str, code: str) -> tuple[str, ...]:
    """Draw a new set, which takes the place of the old; they are shown now and never again.

    password, code: as for signing in. Raises UnusableRequestError where they are not right.
    """
    prove_again(tre, actor, password, code)
    with acting(tre, actor, Action.KEEP_ACCOUNT) as act:
        act.require(Subject(person=actor))
        return draw_codes(act)


def draw_codes(act: Act) -> tuple[str, ...]:
    """Draw a set within a step, and write to the ledger that there is a new one."""
    codes = tuple(new_code() for _ in range(HOW_MANY))
    hashes = [hash_of(act.actor.id, code) for code in codes]
    replace_recovery_codes(act.connection, act.actor.id, hashes)
    act.record({"codes": len(codes)}, tag=TAG)
    return codes


def codes_left(tre: Tre, actor: PersonId) -> int:
    """Count one's own codes that were not used."""
    with tre.store.reading() as connection:
        return recovery_codes_left(connection, actor)
