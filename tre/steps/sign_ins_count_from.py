"""From when on a sign-in counts: what was open before an account changed is over."""

from datetime import datetime

from tre.steps.acting import known_person
from tre.steps.tre import Tre
from tre.store.credentials import read_credentials
from tre.vocabulary import PersonId


def sign_ins_count_from(tre: Tre, person: PersonId) -> datetime:
    """Give the later of the account's beginning and the last change of password or second factor.

    Raises NotThereError where nobody has that name.
    """
    with tre.store.reading() as connection:
        began = known_person(connection, person).account_since
        kept = read_credentials(connection, person)
    changed = kept.changed_at if kept else None
    return max(began, changed) if changed else began
