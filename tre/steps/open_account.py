"""Open an account for somebody new, or give somebody theirs back: with a temporary password."""

import secrets
from dataclasses import dataclass, replace

from tre.decision import UnusableRequestError
from tre.five_safes import Subject
from tre.safe_people.person import Person
from tre.safe_people.roles import are_compatible
from tre.steps.acting import acting, known_person
from tre.steps.passwords import hash_of_password, usable_password
from tre.steps.record_person import refuse_unusable
from tre.steps.telling import News, tell
from tre.steps.texts import usable_line
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, replace_recovery_codes, write_credentials
from tre.store.people import read_person, write_person
from tre.vocabulary import Action, PersonId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Who gets an account, and for what. email: "" where nobody may write."""

    id: PersonId
    name: str
    organisation: str
    roles: frozenset[Role]
    email: str = ""


def open_account(tre: Tre, actor: PersonId, new: NewAccount, password: str | None = None) -> str:
    """Open an account with a temporary password, and give the password.

    password: the temporary one; drawn where none is given. It lets its owner in to choose their
    own and to switch on a second factor, within a day; until then nothing else is open to them.
    Raises UnusableRequestError where the name is taken or will not do.
    """
    temporary = password or new_password()
    person = Person(
        id=new.id,
        name=usable_line(new.name, what="name"),
        organisation=usable_line(new.organisation, what="organisation"),
        roles=new.roles,
        account_since=tre.now(),
        second_factor_since=None,
        temporary_password=True,
        email=new.email.strip(),
    )
    refuse_unusable(person)
    hashed = hash_of_password(usable_password(temporary, person=person.id))
    with acting(tre, actor, Action.RECORD_PERSON) as act:
        act.require(Subject(person=person.id), are_compatible(person.roles))
        if read_person(act.connection, person.id) is not None:
            message = f"{person.id!r} is somebody's sign-in name already; choose another"
            raise UnusableRequestError(message)
        write_person(act.connection, person)
        write_credentials(
            act.connection, person.id, Credentials(password_hash=hashed, totp_secret="")
        )
        roles = sorted(str(role) for role in person.roles)
        act.record({"roles": roles, "credentials": True}, person=person.id)
    return temporary


def recover_account(tre: Tre, actor: PersonId, person: PersonId) -> str:
    """Give somebody their account back who lost password or app; give the temporary password.

    Their second factor and recovery codes count no more, a lock ends, and the day for switching a
    second factor on begins anew. Whoever does this has seen who they are.
    """
    temporary = new_password()
    hashed = hash_of_password(temporary)
    with acting(tre, actor, Action.RECOVER_ACCOUNT) as act:
        act.require(Subject(person=person))
        found = known_person(act.connection, person)
        begun = replace(
            found, account_since=act.at, second_factor_since=None, temporary_password=True
        )
        write_person(act.connection, begun)
        write_credentials(act.connection, person, Credentials(password_hash=hashed, totp_secret=""))
        replace_recovery_codes(act.connection, person, ())
        act.record(person=person)
        tell(act.tre, act.connection, person, _NEWS)
    return temporary


_NEWS = News(
    title="Your account was given back",
    text="The TRE manager gave your account a temporary password and took its second factor away. "
    "Sign in, choose your own password, and scan a new code within a day. If you did not ask for "
    "this, tell the TRE manager at once.",
    path="/me",
)


def new_password() -> str:
    """Draw a temporary password: 80 bits, easy to read aloud."""
    letters = "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))
