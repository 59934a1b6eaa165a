"""Record a person: what the environment knows about them, and how they sign in."""

import re

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Person
from tre.steps.acting import acting
from tre.steps.second_factor import new_secret
from tre.steps.sign_in import LONGEST_PASSWORD, hash_of_password
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, write_credentials
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId

SHORTEST_PASSWORD = 12
_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")


def record_person(
    tre: Tre,
    actor: PersonId,
    person: Person,
    password: str | None = None,
    totp_secret: str | None = None,
) -> None:
    """Record a person, or put the new record in the place of the old.

    password: also gives them an account, with this password and one-time code secret (a new one
    where none is given); without it an account they have is left alone. Sanctions in the value
    are not recorded: see `impose_sanction`.
    Raises UnusableRequestError for a name or password that will not do.
    """
    _refuse_unusable(person, password)
    kept = None
    if password is not None:
        kept = Credentials(
            password_hash=hash_of_password(password),
            totp_secret=totp_secret or new_secret(),
            last_step=0,
            failures=0,
            locked_until=None,
        )
    with acting(tre, actor, Action.RECORD_PERSON) as act:
        act.require(Subject(person=person.id))
        write_person(act.connection, person)
        if kept is not None:
            write_credentials(act.connection, person.id, kept)
        roles = sorted(str(role) for role in person.roles)
        act.record({"roles": roles, "credentials": kept is not None}, person=person.id)


def _refuse_unusable(person: Person, password: str | None) -> None:
    if not _NAME.fullmatch(person.id):
        message = f"the sign-in name {person.id[:40]!r} must be 2 to 40 of a-z, 0-9 and -"
        raise UnusableRequestError(message)
    if password is not None and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        raise UnusableRequestError(message)
