"""Bans on a person or on the whole of an organisation."""

from datetime import date

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_people.person import Person, Sanction
from tre.vocabulary import Safe

SANCTIONS = Rule(
    name="sanctions",
    safe=Safe.PEOPLE,
    sentence="No sanction is in force on the person or on their organisation.",
    source="ONS, sanctions for breaches",
)


def is_free_of_sanctions(person: Person, on: date) -> Decision:
    """Refuse once for every sanction that is in force on the day, both named days included."""
    decision = ALLOWED
    for sanction in person.sanctions:
        if is_in_force(sanction, on):
            decision = decision.also(SANCTIONS.refuses(_sentence(person, sanction)))
    return decision


def is_in_force(sanction: Sanction, on: date) -> bool:
    """Whether the day lies in the sanction's time; without an end it lasts until lifted."""
    return sanction.since <= on and (sanction.until is None or on <= sanction.until)


def _sentence(person: Person, sanction: Sanction) -> str:
    """Say who is banned and until when; why an organisation is banned is not its people's."""
    until = f"until {sanction.until:%d %B %Y}" if sanction.until else "until it is lifted"
    if sanction.on_organisation:
        return (
            f"your organisation, {person.organisation}, is barred {until}. Ask your "
            "organisation's contact for the TRE what it must do."
        )
    return (
        f"you are barred {until} ({sanction.reason}). The TRE manager can tell you what must "
        "happen before it is lifted."
    )
