"""Change one's own password."""

from dataclasses import replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.steps.acting import acting
from tre.steps.passwords import hash_of_password, usable_password
from tre.steps.proving import prove_again
from tre.steps.telling import News, tell
from tre.steps.tre import Tre
from tre.store.credentials import read_credentials, write_credentials
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId

TAG = "people:account:password"


def change_password(tre: Tre, actor: PersonId, *, password: str, code: str, new: str) -> None:
    """Choose another password; a temporary one is over then, and so is every other sign-in.

    password, code: as for signing in. Raises UnusableRequestError where they are not right, or
    for a new password that will not do.
    """
    if usable_password(new, person=actor) == password:
        message = "the new password is the old one; choose another"
        raise UnusableRequestError(message)
    prove_again(tre, actor, password, code)
    hashed = hash_of_password(new)
    with acting(tre, actor, Action.KEEP_ACCOUNT) as act:
        act.require(Subject(person=actor))
        kept = read_credentials(act.connection, actor)
        if kept is None:
            message = "there is no account to sign in with under this name"
            raise UnusableRequestError(message)
        write_credentials(
            act.connection, actor, replace(kept, password_hash=hashed, changed_at=act.at)
        )
        if act.actor.temporary_password:
            write_person(act.connection, replace(act.actor, temporary_password=False))
        act.record({"was_temporary": act.actor.temporary_password}, tag=TAG)
        tell(act.tre, act.connection, actor, _NEWS)


_NEWS = News(
    title="Your password was changed",
    text="Whatever else was signed in under your name ends within a minute. If that was not you, "
    "tell the TRE manager at once.",
    path="/me",
)
