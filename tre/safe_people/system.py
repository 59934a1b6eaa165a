"""The environment itself as an actor: it releases what people have approved, and nothing more."""

from datetime import UTC, datetime

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person
from tre.vocabulary import Safe

SYSTEM_ID = ":system"
"""Not a possible sign-in name, so nobody can register as the system."""

SYSTEM = Person(
    id=SYSTEM_ID,
    name="the environment",
    organisation="",
    roles=frozenset(),
    account_since=datetime(2000, 1, 1, tzinfo=UTC),
    second_factor_since=datetime(2000, 1, 1, tzinfo=UTC),
)

SYSTEM_ALONE = Rule(
    name="system alone",
    safe=Safe.PEOPLE,
    sentence="Only the environment itself does this, after people have decided.",
    source="release review",
)


def is_system(person: Person) -> Decision:
    """Refuse every person: some acts follow from decisions and are nobody's to press."""
    if person.id == SYSTEM_ID:
        return ALLOWED
    return SYSTEM_ALONE.refuses(
        "the environment itself runs code again, and releases results once two output checkers "
        "have approved them. Approve the request instead."
    )
