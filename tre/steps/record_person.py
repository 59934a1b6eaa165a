"""Record a person: what the environment knows about them, and how they sign in."""

import re

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Person
from tre.safe_people.roles import are_compatible
from tre.steps.acting import acting
from tre.steps.passwords import hash_of_password, usable_password
from tre.steps.second_factor import new_secret
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, write_credentials
from tre.store.people import write_person
from tre.vocabulary import Action, PersonId

_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,189}")


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
    refuse_unusable(person)
    kept = None
    if password is not None:
        kept = Credentials(
            password_hash=hash_of_password(usable_password(password, person=person.id)),
            totp_secret=totp_secret or new_secret(),
        )
    with acting(tre, actor, Action.RECORD_PERSON) as act:
        act.require(Subject(person=person.id), are_compatible(person.roles))
        write_person(act.connection, person)
        if kept is not None:
            write_credentials(act.connection, person.id, kept)
        roles = sorted(str(role) for role in person.roles)
        act.record({"roles": roles, "credentials": kept is not None}, person=person.id)


def refuse_unusable(person: Person) -> None:
    """Raise UnusableRequestError for a sign-in name or an e-mail address that will not do."""
    if not _NAME.fullmatch(person.id):
        message = f"the sign-in name {person.id[:40]!r} must be 2 to 40 of a-z, 0-9 and -"
        raise UnusableRequestError(message)
    if person.email and not _ADDRESS.fullmatch(person.email):
        message = f"{person.email[:60]!r} is no e-mail address like ada@example.org"
        raise UnusableRequestError(message)
