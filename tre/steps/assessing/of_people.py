"""Is everybody who has an account who they say, apart from others, and in order?"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from tre.safe_people.account import has_second_factor
from tre.safe_people.person import Person
from tre.safe_people.roles import are_compatible
from tre.steps.assessing.check import Check, check
from tre.steps.passwords import is_slow_to_guess
from tre.steps.sessions_to_end import sessions_to_end
from tre.steps.tre import Tre
from tre.store.people import read_people
from tre.store.people_tables import identities, mail
from tre.store.tables import credentials
from tre.vocabulary import PersonId

TEMPORARY_DAYS = 7
"""So long a password that somebody else has chosen may wait to be replaced."""


def second_factors(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Accounts older than a day without a second factor, here or at an identity provider."""
    _ = actor
    now = tre.now()
    with tre.store.reading() as connection:
        everybody = read_people(connection).values()
        elsewhere = set(connection.execute(select(identities.c.person)).scalars())
    for person in everybody:
        late = now >= person.account_since and not has_second_factor(person, now).allowed
        if late and person.id not in elsewhere:
            yield (
                f"{person.id} has had an account since {person.account_since:%Y-%m-%d} and no "
                "second factor: have it switched on, or take the account away"
            )


def one_account_each(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Accounts that share a second factor, an address, or a name in one organisation."""
    _ = actor
    with tre.store.reading() as connection:
        everybody = list(read_people(connection).values())
        rows = connection.execute(
            select(credentials.c.person, credentials.c.totp_secret).where(
                credentials.c.totp_secret != ""
            )
        ).all()
    yield from _shared("the second factor", ((row.totp_secret, row.person) for row in rows))
    addressed = ((person.email.lower(), person.id) for person in everybody if person.email)
    yield from _shared("the e-mail address", addressed)
    yield from _shared("name and organisation", ((_named(one), one.id) for one in everybody))


def _named(person: Person) -> str:
    return f"{person.name} {person.organisation}".casefold()


def _shared(what: str, pairs: Iterable[tuple[str, PersonId]]) -> Iterable[str]:
    """The value itself is never told."""
    holders: defaultdict[str, list[PersonId]] = defaultdict(list)
    for value, person in pairs:
        holders[value].append(person)
    for people in holders.values():
        if len(people) > 1:
            yield f"{' and '.join(sorted(people))} share {what}: an account is one person's"


def roles_apart(tre: Tre, actor: PersonId) -> Iterable[str]:
    """People with two roles of which one keeps watch on the other."""
    _ = actor
    with tre.store.reading() as connection:
        everybody = read_people(connection).values()
    for person in everybody:
        for reason in are_compatible(person.roles).reasons:
            yield f"{person.id}: {reason.sentence}"


def own_passwords(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Temporary passwords that wait for more than a week."""
    _ = actor
    with tre.store.reading() as connection:
        everybody = read_people(connection).values()
    for person in everybody:
        age = tre.now() - person.account_since
        if person.temporary_password and age > timedelta(days=TEMPORARY_DAYS):
            yield (
                f"{person.id} has had a temporary password for {age.days} days: somebody else "
                "knows it; give the account back anew or take it away"
            )


def passwords_hashed(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Passwords that are kept in a way that is quicker to guess than today's."""
    _ = actor
    with tre.store.reading() as connection:
        rows = connection.execute(select(credentials.c.person, credentials.c.password_hash)).all()
    for row in rows:
        if row.password_hash and not is_slow_to_guess(row.password_hash):
            yield f"the password of {row.person} is not kept by argon2id: give the account back"


def sessions_in_order(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Open sessions whose owners may not be in them."""
    _ = actor
    for each in sessions_to_end(tre):
        rules = ", ".join(reason.rule for reason in each.decision.reasons)
        yield f"{each.person} has a session open in {each.project} and may not ({rules})"


def mail_goes_out(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Letters that were given up: somebody was not reminded."""
    _ = actor
    given_up = (mail.c.sent_at.is_(None)) & (mail.c.next_try_at.is_(None))
    with tre.store.reading() as connection:
        rows = connection.execute(select(mail.c.id, mail.c.person).where(given_up)).all()
    for row in rows:
        yield f"letter {row.id} to {row.person} could not be sent and was given up"


CHECKS: tuple[Check, ...] = (
    check("second-factors", "Every account older than a day has a second factor.", second_factors),
    check(
        "one-account-each", "No two accounts are one person's, or share a factor.", one_account_each
    ),
    check("roles-apart", "Nobody has roles of which one keeps watch on the other.", roles_apart),
    check("own-passwords", "No temporary password is older than a week.", own_passwords),
    check(
        "passwords-hashed",
        "Every password is kept by argon2id with today's costs.",
        passwords_hashed,
    ),
    check("sessions-in-order", "Everybody in a session may be in it now.", sessions_in_order),
    check("mail-goes-out", "No letter of the environment was given up.", mail_goes_out),
)
