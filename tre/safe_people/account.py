"""The account itself: a person's own, with a second factor within a day."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person
from tre.vocabulary import PersonId, Safe

HOURS_WITHOUT_SECOND_FACTOR = 24

SECOND_FACTOR = Rule(
    name="second factor",
    safe=Safe.PEOPLE,
    sentence="The account has begun, and its second factor was switched on within "
    f"{HOURS_WITHOUT_SECOND_FACTOR} hours.",
    source="ONS; SATRE 3.2",
)
OWN_PASSWORD = Rule(
    name="own password",
    safe=Safe.PEOPLE,
    sentence="The password is one that the person has chosen, and nobody else has known.",
    source="ONS, accounts are never shared; SATRE",
)
NOT_ONES_OWN = Rule(
    name="not one's own",
    safe=Safe.PEOPLE,
    sentence="Nobody decides about themselves: not their accreditation, documents, roles, "
    "sanctions or account.",
    source="separation of duties",
)
OWN_RECORD = Rule(
    name="own record",
    safe=Safe.PEOPLE,
    sentence="Everybody may read what is kept about themselves; about others only the TRE manager "
    "and the auditor may.",
    source="UK GDPR, right of access; SATRE",
)


def has_second_factor(person: Person, on: datetime) -> Decision:
    """Ask for a second factor that is switched on; a new account has a day for it."""
    if on < person.account_since:
        return SECOND_FACTOR.refuses(
            f"your account begins on {person.account_since:%d %B %Y}. Come back then."
        )
    if person.second_factor_since is not None and person.second_factor_since <= on:
        return ALLOWED
    if on - person.account_since <= timedelta(hours=HOURS_WITHOUT_SECOND_FACTOR):
        return ALLOWED
    return SECOND_FACTOR.refuses(
        "your account has no second factor, and the "
        f"{HOURS_WITHOUT_SECOND_FACTOR} hours for switching it on are over. Ask the TRE manager "
        "to have it reset, then add a one-time code app."
    )


def has_providers_second_factor(*, amr: Collection[str], acr: str, wanted: str) -> Decision:
    """Ask an identity provider's claims for the word that means a second factor.

    amr: the methods it used (RFC 8176); acr: the class of it all; wanted: the word of the settings.
    """
    if wanted and (wanted in amr or wanted == acr):
        return ALLOWED
    return SECOND_FACTOR.refuses(
        "your organisation let you in without a second factor. Sign in there with one, and come "
        "back."
    )


def has_own_password(person: Person) -> Decision:
    """Refuse whoever still has the password that somebody else chose for them."""
    if not person.temporary_password:
        return ALLOWED
    return OWN_PASSWORD.refuses(
        "your password is temporary, since somebody else chose it. Choose your own on your page "
        "at the desk."
    )


def is_about_another(person: Person, about: PersonId | None) -> Decision:
    """Refuse a decision about oneself; about nobody in particular it is refused as well."""
    if about is None:
        return NOT_ONES_OWN.refuses("it is not known whom this is about. Choose a person.")
    if about != person.id:
        return ALLOWED
    return NOT_ONES_OWN.refuses(
        "this is about yourself, and nobody decides about themselves. Ask another TRE manager."
    )


def may_read_record(person: Person, about: PersonId | None, *, by_role: object) -> Decision:
    """Let everybody read their own record, and staff whose role it is everybody's.

    by_role: true where the person's role lets them; about: None asks for everybody's.
    """
    if by_role or about == person.id:
        return ALLOWED
    return OWN_RECORD.refuses(
        "you may read what is kept about yourself, not about others. Ask for your own, or ask the "
        "TRE manager or the auditor."
    )
